"""By words: tickets that are like another one or like a text, the category they speak for, and what runbooks say."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from datacenter_docs.bootstrap import House
from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.retrieval.answers import MISSING_CATEGORY, Alike, wording
from datacenter_docs.domain.retrieval.pages import FoundSection
from datacenter_docs.domain.tickets import Category, Text
from datacenter_docs.entrypoints.api.access import Guarded, needs
from datacenter_docs.entrypoints.api.dependencies import Name, TheHouse

router = APIRouter(tags=["tickets"], route_class=Guarded)
Most = Annotated[int, Query(ge=1, le=100, description="The largest number of tickets.")]
MostSections = Annotated[int, Query(ge=1, le=50, description="The largest number of sections.")]


class SimilarShown(BaseModel):
    """A ticket that is like the one in question. `score`, 0..1: higher is more alike; no probability. `words`: what decided."""

    ticket_id: str
    score: float = Field(ge=0, le=1)
    words: list[str]
    title: str
    status: str
    resolution: str | None
    url: str


class SimilarFound(BaseModel):
    """The most similar tickets, the best first. There is no next page: what comes later is not like it."""

    items: list[SimilarShown]


class CategoryShown(BaseModel):
    """The category of a ticket. `suggested`: another one that its words speak for, for a person to look at; null: none is worth a look."""

    ticket_id: str
    category: str
    suggested: str | None
    probability: float | None


class SectionShown(BaseModel):
    """A section of a runbook or a page. `score`: higher fits better; comparable within one answer only."""

    page: str
    title: str
    heading: str
    text: str
    score: float


class SectionsFound(BaseModel):
    """The sections that fit best, the best first."""

    items: list[SectionShown]

    @classmethod
    def of(cls, found: Sequence[FoundSection]) -> "SectionsFound":
        """Draw it from what was found."""
        return cls(
            items=[
                SectionShown(
                    page=one.section.page,
                    title=one.section.title,
                    heading=one.section.heading,
                    text=one.section.text,
                    score=one.score,
                )
                for one in found
            ]
        )


@router.get("/tickets/{ticket_id}/similar")
@needs(Permission.READ)
async def similar_tickets(ticket_id: Name, house: TheHouse, limit: Most = 20) -> SimilarFound:
    """The tickets that are most like this one, the best first."""
    return SimilarFound(items=await _shown(house, await house.resembling.like(ticket_id, limit)))


@router.get("/similar")
@needs(Permission.READ)
async def similar_to_text(
    house: TheHouse,
    text: Annotated[
        Text,
        Query(min_length=1, max_length=10_000, description="Its first line counts as a title."),
    ],
    category: Annotated[
        Category, Query(description="Tickets of this category come first among equals.")
    ] = MISSING_CATEGORY,
    limit: Most = 20,
) -> SimilarFound:
    """The tickets that are most like a text, the best first."""
    found = await house.resembling.like_text(text, category, limit)
    return SimilarFound(items=await _shown(house, found))


@router.get("/tickets/{ticket_id}/category")
@needs(Permission.READ)
async def ticket_category(ticket_id: Name, house: TheHouse) -> CategoryShown:
    """A ticket's category, and another one where the words speak strongly for it. Nothing is changed by that."""
    given, suggested = await house.resembling.category_of(ticket_id)
    return CategoryShown(
        ticket_id=ticket_id,
        category=given,
        suggested=suggested.category if suggested else None,
        probability=round(suggested.probability, 4) if suggested else None,
    )


@router.get("/tickets/{ticket_id}/runbooks")
@needs(Permission.READ)
async def ticket_runbooks(
    ticket_id: Name, house: TheHouse, limit: MostSections = 5
) -> SectionsFound:
    """The sections of runbooks and of your own pages that fit this ticket best, the best first."""
    told = wording((await house.cases.get(ticket_id)).ticket)
    return SectionsFound.of(house.runbook_pages.find(told.title, told.body, limit))


@router.get("/runbooks")
@needs(Permission.READ)
async def runbooks_for_text(
    house: TheHouse,
    text: Annotated[
        Text,
        Query(
            min_length=1, max_length=10_000, description="The name of an alert, or what is wrong."
        ),
    ],
    limit: MostSections = 5,
) -> SectionsFound:
    """The sections of runbooks and of your own pages that fit a text best, the best first."""
    title, _, body = text.strip().partition("\n")
    return SectionsFound.of(house.runbook_pages.find(title, body, limit))


async def _shown(house: House, found: Sequence[Alike]) -> list[SimilarShown]:
    shown = []
    for alike in found:
        ticket = (await house.cases.get(alike.ticket_id)).ticket
        shown.append(
            SimilarShown(
                ticket_id=alike.ticket_id,
                score=alike.score,
                words=list(alike.words),
                title=ticket.request.title,
                status=ticket.state,
                resolution=ticket.resolution,
                url=f"/api/v1/tickets/{quote(alike.ticket_id, safe=':@')}",
            )
        )
    return shown
