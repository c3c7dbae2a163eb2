"""Sections as they would have been written at a time in the past: made anew from what was known then."""

from datetime import datetime
from typing import NamedTuple

from datacenter_docs.domain.capacities import Fullness
from datacenter_docs.domain.documents import Page
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.tally import Tally
from datacenter_docs.domain.web import Web
from datacenter_docs.ports.deeds import Deeds
from datacenter_docs.ports.estate import EstateReader, ResourceFilter
from datacenter_docs.services.composing import (
    changing,
    contradicting,
    covering,
    depending,
    drawing,
    growing,
    overviews,
    platforms,
    risking,
)
from datacenter_docs.services.composing.platforms import SECTIONS, TITLES
from datacenter_docs.services.documenting import (
    ABOUT_ALL,
    CAPACITY,
    CHANGES,
    CONTRADICTIONS,
    COVERAGE,
    DEPENDENCIES,
    OVERVIEW,
    contents,
)
from datacenter_docs.services.remembering import AsOf, Known


class Recalled(NamedTuple):
    """A page with its title, and the platforms that it stands on."""

    title: str
    platforms: tuple[str, ...]
    page: Page


class Recalling:
    """Recalls sections. Pages of long tables are not made again."""

    def __init__(self, estate: EstateReader, deeds: Deeds) -> None:
        self._estate = estate
        self._deeds = deeds

    async def section(self, document_id: str, at: datetime) -> Recalled:
        """The section as of then. Raises `NotFound` where there was none."""
        known = AsOf(self._estate, at)
        if document_id == COVERAGE:
            return await self.coverage(known)
        tally, fullness = await _told(known)
        there = tuple(platform for platform in SECTIONS if tally.has(platform))
        if document_id == OVERVIEW:
            drawn = await drawing.topology(known, drawing.FEW)
            return Recalled("Overview", there, overviews.compose(tally, contents(tally), drawn))
        if document_id in ABOUT_ALL:
            page = await self._about_all(document_id, known, tally, fullness, at)
            return Recalled(ABOUT_ALL[document_id], there, page)
        platform = next((p for p in there if SECTIONS[p] == document_id), None)
        if platform is None:
            raise NotFound(f"There was no document {document_id} at that time.")
        section = await platforms.section(known, tally, platform)
        return Recalled(TITLES[platform], (platform,), section)

    async def coverage(self, known: Known) -> Recalled:
        """How well everything was read."""
        every = {coverage.platform for coverage in await known.coverage()}
        return Recalled("Coverage", tuple(sorted(every)), await covering.compose(known))

    async def _about_all(
        self, document_id: str, known: Known, tally: Tally, fullness: Fullness, at: datetime
    ) -> Page:
        if document_id == CONTRADICTIONS:
            broken = await contradicting.found_everywhere(self._estate, at)
            return await contradicting.compose(self._estate, broken, at)
        if document_id == CAPACITY:
            return await growing.compose(self._estate, tally, fullness, at, at)
        if document_id == CHANGES:
            return await changing.compose(self._estate, self._deeds, at)
        if document_id == DEPENDENCIES:
            web = Web()
            async for relations in self._estate.walk_relations(at):
                web.add(relations)
            return await depending.compose(self._estate, web, at)
        return await risking.compose(known, tally)


async def _told(known: Known) -> tuple[Tally, Fullness]:
    """The numbers of the whole estate, from nothing."""
    tally, fullness = Tally(), Fullness()
    async for bunch in known.walk(ResourceFilter()):
        for resource in bunch:
            tally.tell(resource)
            fullness.tell(resource)
    return tally, fullness
