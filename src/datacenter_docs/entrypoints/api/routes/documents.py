"""The documentation: what there is, and each document as it is or as it was."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, BaseModel

from datacenter_docs.domain.freshness import FreshnessState
from datacenter_docs.entrypoints.api.dependencies import TheHouse
from datacenter_docs.services.presenting import Listed, Shown

router = APIRouter(prefix="/documents", tags=["documents"])


class Form(StrEnum):
    """How a document is given out."""

    MARKDOWN = "md"
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
async def list_documents(house: TheHouse) -> Contents:
    """What there is to read, and how fresh it is."""
    return Contents(
        items=[DocumentHead.of(listed) for listed in await house.presenting.contents()]
    )


@router.get(
    "/{document_id:path}",
    response_model=DocumentShown,
    responses={200: {"content": {"text/markdown": {"schema": {"type": "string"}}}}},
)
async def read_document(
    house: TheHouse,
    document_id: Annotated[str, Path(max_length=1_000, description="Its id, slashes and all.")],
    at: Annotated[
        AwareDatetime | None, Query(description="As it was then; none: as it is.")
    ] = None,
    format: Annotated[Form, Query(description="`md`: the text alone.")] = Form.JSON,
) -> DocumentShown | Response:
    """One document. The page of a resource is `resource/<resource id>`."""
    shown = await house.presenting.show(document_id, at)
    if format is Form.JSON:
        return DocumentShown.shown(shown)
    return Response(stamped(shown), media_type="text/markdown")


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
