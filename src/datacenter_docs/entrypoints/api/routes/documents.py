"""The documentation: what there is, and each document as it is or as it was."""

from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, BaseModel

from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.citing import Proof, ProofKind
from datacenter_docs.domain.documents import RESOURCE
from datacenter_docs.domain.freshness import FreshnessState
from datacenter_docs.domain.observed import NAME, FactId
from datacenter_docs.entrypoints.api.access import Guarded, needs
from datacenter_docs.entrypoints.api.dependencies import TheHouse
from datacenter_docs.ports.writing import Sheet
from datacenter_docs.services.documenting import COVERAGE, OVERVIEW
from datacenter_docs.services.presenting import Listed, Shown

router = APIRouter(prefix="/documents", tags=["documents"], route_class=Guarded)


ROOT = "/api/v1"
HOME = Proof(ProofKind.PAGE, OVERVIEW)
LISTINGS = {
    ProofKind.FACT: "facts",
    ProofKind.DERIVED: "derivations",
    ProofKind.PAYLOAD: "payloads",
    ProofKind.TICKET: "tickets",
}
"""Where the API has what proves a value, by the kind of the proof."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Of pages: they load nothing and run nothing. The page itself allows no style but its own."""


class Form(StrEnum):
    """How a document is given out."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


class FreshnessShown(BaseModel):
    """How fresh a document is. `read_at`, `age_seconds`: of the oldest reading that it stands on; null: one never was complete."""

    state: FreshnessState
    promised_seconds: float
    read_at: datetime | None
    age_seconds: float | None
    reasons: list[str]


class DocumentHead(BaseModel):
    """A document without its text."""

    id: str
    title: str
    platforms: list[str]
    freshness: FreshnessShown

    @classmethod
    def of(cls, listed: Listed) -> "DocumentHead":
        """Draw it from what is listed."""
        return cls(**_head(listed))


class DocumentShown(DocumentHead):
    """A document with its text as Markdown, in which every value is a link to what proves it: `fact:<fact id>` and the like."""

    markdown: str

    @classmethod
    def shown(cls, shown: Shown) -> "DocumentShown":
        """Draw it from what is shown."""
        return cls(**_head(shown.listed), markdown=shown.document.markdown)


class Contents(BaseModel):
    """All documents but the pages of resources, which are `resource/<resource id>`."""

    items: list[DocumentHead]


@router.get("")
@needs(Permission.READ)
async def list_documents(house: TheHouse) -> Contents:
    """What there is to read, and how fresh it is."""
    return Contents(
        items=[DocumentHead.of(listed) for listed in await house.presenting.contents()]
    )


@router.get(
    "/{document_id:path}",
    response_model=DocumentShown,
    responses={
        200: {
            "content": {
                name: {"schema": {"type": "string"}} for name in ("text/markdown", "text/html")
            }
        }
    },
)
@needs(Permission.READ)
async def read_document(
    house: TheHouse,
    document_id: Annotated[str, Path(max_length=1_000, description="Its id, slashes and all.")],
    at: Annotated[
        AwareDatetime | None, Query(description="As it was then; none: as it is.")
    ] = None,
    format: Annotated[
        Form, Query(description="`md`: the text alone; `html`: a page to read.")
    ] = Form.JSON,
) -> DocumentShown | Response:
    """One document. The page of a resource is `resource/<resource id>`."""
    shown = await house.presenting.show(document_id, at)
    if format is Form.JSON:
        return DocumentShown.shown(shown)
    if format is Form.HTML:
        document, listed = shown.document, shown.listed
        sheet = Sheet(document.title, document.markdown, listed.freshness.state, listed.says)
        page = house.writer.html(sheet, partial(place, at=at), place(HOME, at=at))
        return Response(page, media_type="text/html", headers={"Content-Security-Policy": POLICY})
    return Response(stamped(shown), media_type="text/markdown")


def place(proof: Proof, *, at: datetime | None) -> str:
    """Where the API has what proves a value; a document of a past time leads to others of that time."""
    then = f"&at={quote(at.isoformat(), safe='')}" if at else ""
    document = _document(proof)
    if document:
        target, hash_sign, anchor = document.partition("#")
        path = quote(target, safe="/:@")
        return f"{ROOT}/documents/{path}?format=html{then}{hash_sign}{quote(anchor)}"
    if proof.kind is ProofKind.CHANGE:
        return f"{ROOT}/resources/{quote(_resource(proof), safe='/:@')}/history"
    if proof.kind is ProofKind.SURVEY:
        return f"{ROOT}/surveys/{quote(proof.id.partition('/')[0])}"
    listing = LISTINGS.get(proof.kind)
    return f"{ROOT}/{listing}/{quote(proof.id, safe='/:@')}" if listing else ""


def _document(proof: Proof) -> str:
    """The document that a proof leads to; empty: it leads to something else. A name leads to the page of what has it."""
    if proof.kind is ProofKind.PAGE:
        return proof.id
    if proof.kind is ProofKind.CONNECTION:
        return COVERAGE
    if proof.kind is ProofKind.FACT:
        fact = FactId.parse(proof.id)
        return f"{RESOURCE}{fact.resource_id}" if fact.attribute == NAME else ""
    return ""


def _resource(proof: Proof) -> str:
    """The resource of a change, whose proof may name the survey before it."""
    survey, slash, resource_id = proof.id.partition("/")
    return resource_id if slash and survey.isdigit() else proof.id


def stamped(shown: Shown) -> str:
    """The Markdown with a first line that says how fresh it is."""
    state = f"*{shown.listed.freshness.state.replace('_', ' ')}*"
    read = (
        f"read {shown.listed.freshness.read_at:%Y-%m-%d %H:%M UTC}"
        if shown.listed.freshness.read_at
        else "never read completely"
    )
    told = " ".join((f"> {state}, {read}.", *shown.listed.freshness.reasons))
    return f"{told}\n\n{shown.document.markdown}"


def _head(listed: Listed) -> dict[str, object]:
    freshness = listed.freshness
    return {
        "id": listed.head.id,
        "title": listed.head.title,
        "platforms": list(listed.head.platforms),
        "freshness": FreshnessShown(
            state=freshness.state,
            promised_seconds=freshness.promised.total_seconds(),
            read_at=freshness.read_at,
            age_seconds=None if listed.age is None else listed.age.total_seconds(),
            reasons=list(freshness.reasons),
        ),
    }
