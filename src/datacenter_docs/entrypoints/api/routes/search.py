"""Search over resources, documents, notes and tickets."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from pydantic import BaseModel

from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.documents import RESOURCE
from datacenter_docs.domain.hits import Hit
from datacenter_docs.domain.ids import Platform
from datacenter_docs.domain.queries import HitKind, SearchFilter
from datacenter_docs.domain.tickets import Text
from datacenter_docs.entrypoints.api.access import Guarded, needs
from datacenter_docs.entrypoints.api.dependencies import Cursor, Limit, TheHouse

router = APIRouter(prefix="/search", tags=["search"], route_class=Guarded)
Named = Annotated[Text | None, Query(max_length=320)]
_PLACES = {
    HitKind.RESOURCE: f"documents/{RESOURCE}",
    HitKind.DOCUMENT: "documents/",
    HitKind.NOTE: "notes/",
    HitKind.TICKET: "tickets/",
}


class HitShown(BaseModel):
    """Something that was found. `url`: where it is read. `state`: of a ticket; `present` or `gone` of a resource.

    `snippet`: a part of what is said in or of it, as it was observed or written by somebody; `marks`: where words stand in it
    that were looked for, as pairs of start and end in characters.
    """

    kind: HitKind
    id: str
    title: str
    state: str | None
    snippet: str
    marks: list[tuple[int, int]]
    url: str

    @classmethod
    def of(cls, hit: Hit) -> "HitShown":
        """Draw it from a hit."""
        return cls(
            kind=hit.kind,
            id=hit.id,
            title=hit.title,
            state=hit.state,
            snippet=hit.snippet.text,
            marks=list(hit.snippet.marks),
            url=f"/api/v1/{_PLACES[hit.kind]}{quote(hit.id, safe='/:@')}",
        )


class Found(BaseModel):
    """What was found, the best first. `understood_as`: the query that was answered instead, since nothing is called by a word of
    the one that was asked. `cut`: more matches than was put in order.
    """

    items: list[HitShown]
    next_cursor: str | None
    understood_as: str | None
    cut: bool


@router.get("")
@needs(Permission.READ)
async def search(
    house: TheHouse,
    q: Annotated[
        Text,
        Query(min_length=1, max_length=10_000, description='Words; "..." keeps some together.'),
    ],
    kind: Annotated[list[HitKind] | None, Query(description="Only these kinds of hits.")] = None,
    platform: Annotated[Platform | None, Query(description="Only of this platform.")] = None,
    connection: Named = None,
    resource_kind: Named = None,
    state: Annotated[
        Text | None,
        Query(max_length=64, description="Of a ticket; `present` or `gone` of a resource."),
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Found:
    """What has all words in its name or in what is said of it; a misspelt name is put right; where nothing has all, what has most."""
    wanted = SearchFilter(frozenset(kind or ()), platform, connection, resource_kind, state)
    found = await house.searching.search(q, wanted, cursor, limit)
    return Found(
        items=[HitShown.of(hit) for hit in found.hits],
        next_cursor=found.next_cursor,
        understood_as=found.understood_as,
        cut=found.cut,
    )


@router.post("/rebuild", status_code=HTTPStatus.NO_CONTENT)
@needs(Permission.REBUILD)
async def rebuild(house: TheHouse) -> None:
    """Forget the index; a worker makes it anew, and until it is done less is found."""
    await house.indexing.rebuild()
    await house.resembling.rebuild()
