"""Keeps the documents true: after a survey, what it touched is written again, and nothing else.

The sections are stored, since they sum up the whole estate. The pages of resources and the coverage are made when somebody
asks (`describing.py`, `composing/covering.py`).
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from datacenter_docs.domain.capacities import Fullness
from datacenter_docs.domain.documents import Document, Page
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.surveys import Survey
from datacenter_docs.domain.tally import Tally
from datacenter_docs.ports.deeds import Deeds
from datacenter_docs.ports.documents import DocumentStore
from datacenter_docs.ports.estate import EstateReader
from datacenter_docs.ports.phrasing import Phraser
from datacenter_docs.ports.writing import Writer
from datacenter_docs.services.composing import (
    changing,
    contradicting,
    depending,
    drawing,
    growing,
    overviews,
    platforms,
    risking,
)
from datacenter_docs.services.composing.platforms import SECTIONS, TITLES
from datacenter_docs.services.composing.summarizing import Summarizing
from datacenter_docs.services.weaving import Weaving

BUNCH = 1_000
"""Resources that are read at once."""
OVERVIEW, RISKS, COVERAGE = "overview", "risks", "coverage"
CAPACITY, CONTRADICTIONS, DEPENDENCIES, CHANGES = (
    "capacity",
    "contradictions",
    "dependencies",
    "changes",
)
ABOUT_ALL = {
    RISKS: "Health and risks",
    CONTRADICTIONS: "Contradictions",
    CAPACITY: "Capacity and growth",
    DEPENDENCIES: "Dependencies",
    CHANGES: "Changes",
}
"""The sections that stand on all platforms, and their titles, in the order of reading."""
Place = tuple[str, str]
"""A platform and a kind."""


class Documenting:
    """Writes the sections. One at a time: a second `refresh` waits for the first."""

    def __init__(
        self,
        estate: EstateReader,
        store: DocumentStore,
        writer: Writer,
        deeds: Deeds,
        phraser: Phraser | None = None,
    ) -> None:
        """`phraser` None: summaries are written by template."""
        self._estate = estate
        self._store = store
        self._writer = writer
        self._deeds = deeds
        self._tally = Tally()
        self._fullness = Fullness()
        self._weaving = Weaving(estate)
        self._summarizing = Summarizing(phraser)
        self._told = 0
        self._turn = asyncio.Lock()

    async def refresh(self) -> Sequence[str]:
        """Write what the surveys since the last time have touched; the ids of the documents that are different now."""
        async with self._turn:
            survey = await self._newest_survey()
            newest = survey.number if survey else 0
            written = await self._store.survey()
            if survey is None or newest == written:
                return []
            moved, changed = await self._tell(min(written, self._told))
            self._told = newest
            if not changed:
                await self._store.put([], [], newest)
                return []
            every = {place for place in changed if written == 0} | moved
            documents = [d async for d in self._sections(survey, changed.keys())]
            documents += [d async for d in self._about_all(survey)]
            documents += [d async for d in self._parts(newest, every, changed)]
            stale = await self._left_over(every, documents)
            kept = await self._store.get_all([document.id for document in documents])
            different = [d for d in documents if d.id not in kept or _text(kept[d.id]) != _text(d)]
            await self._store.put(different, stale, newest)
            return [document.id for document in different]

    async def _newest_survey(self) -> Survey | None:
        page = await self._estate.surveys(None, 1)
        return page.items[0] if page.items else None

    async def _tell(self, after: int) -> tuple[set[Place], Mapping[Place, set[str]]]:
        """Tell the tally and its like. Kinds of which one is new, gone or renamed, and all ids that were touched, by kind."""
        touched = await self._estate.touched(after)
        moved: set[Place] = set()
        changed: defaultdict[Place, set[str]] = defaultdict(set)
        for ids in _bunches(sorted(touched.stated | touched.measured)):
            for resource in (await self._estate.get_all(ids)).values():
                place = (resource.platform, resource.kind)
                changed[place].add(resource.id)
                self._fullness.tell(resource)
                if self._tally.tell(resource):
                    moved.add(place)
        await self._weaving.follow(touched.stated, anew=after == 0)
        return moved, changed

    async def _sections(self, survey: Survey, touched: Iterable[Place]) -> AsyncIterator[Document]:
        """Those of the platforms that were touched."""
        for platform in sorted({platform for platform, _ in touched}):
            page = await platforms.section(self._estate, self._tally, platform)
            section, title = SECTIONS[platform], TITLES[platform]
            yield self._written(section, title, (platform,), page, survey.number)

    async def _about_all(self, survey: Survey) -> AsyncIterator[Document]:
        """Those that stand on all platforms."""
        there = tuple(p for p in SECTIONS if self._tally.has(p))
        broken = self._weaving.contradictions()
        risks = await risking.compose(self._estate, self._tally)
        pages: dict[str, Page] = {
            RISKS: risks,
            CONTRADICTIONS: await contradicting.compose(self._estate, broken),
            CAPACITY: await growing.compose(
                self._estate, self._tally, self._fullness, survey.started_at
            ),
            DEPENDENCIES: await depending.compose(self._estate, self._weaving.web),
            CHANGES: await changing.compose(self._estate, self._deeds),
        }
        for name, page in pages.items():
            members = contradicting.members(broken) if name == CONTRADICTIONS else ()
            yield self._written(name, ABOUT_ALL[name], there, page, survey.number, members)
        drawn = await drawing.topology(self._estate, drawing.FEW)
        overview = overviews.compose(self._tally, contents(self._tally), drawn)
        summary = await self._summarizing.summary(OVERVIEW, overview, risks)
        overview = replace(overview, summary=summary)
        yield self._written(OVERVIEW, "Overview", there, overview, survey.number)

    async def _parts(
        self, survey: int, every: set[Place], changed: Mapping[Place, set[str]]
    ) -> AsyncIterator[Document]:
        """Pages of long tables: all of a kind where rows come or go, else those with a row that changed."""
        for platform, kind in sorted(changed):
            if not platforms.is_long(self._tally, platform, kind):
                continue
            if (platform, kind) in every:
                async for part in platforms.parts(self._estate, platform, kind):
                    yield self._part(part, platform, survey)
                continue
            for document in await self._store.all(f"{SECTIONS[platform]}/{kind}/"):
                if changed[platform, kind].isdisjoint(document.members):
                    continue
                found = await self._resources(document.members)
                number = int(document.id.rpartition("/")[2])
                part = await platforms.part(self._estate, platform, kind, number, found)
                yield self._part(part, platform, survey)

    async def _resources(self, ids: Sequence[str]) -> Sequence[ObservedResource]:
        found = await self._estate.get_all(ids)
        return [found[one] for one in ids if one in found]

    async def _left_over(self, every: set[Place], now: Sequence[Document]) -> Sequence[str]:
        """Pages of tables that have become shorter."""
        there = {document.id for document in now}
        return [
            document.id
            for platform, kind in sorted(every)
            for document in await self._store.all(f"{SECTIONS[platform]}/{kind}/")
            if document.id not in there
        ]

    def _part(self, part: platforms.Part, platform: str, survey: int) -> Document:
        title = f"{TITLES[platform]}: {part.page.kind}"
        return self._written(
            part.document_id, title, (platform,), part.page, survey, tuple(part.members)
        )

    def _written(
        self,
        document_id: str,
        title: str,
        sources: tuple[str, ...],
        page: Page,
        survey: int,
        members: tuple[str, ...] = (),
    ) -> Document:
        return Document(document_id, title, sources, self._writer.markdown(page), survey, members)


def contents(tally: Tally) -> Sequence[tuple[str, str]]:
    """Ids and titles of the sections, but for the overview itself, in the order of reading."""
    found = [
        (SECTIONS[platform], TITLES[platform]) for platform in SECTIONS if tally.has(platform)
    ]
    return [*found, *ABOUT_ALL.items(), (COVERAGE, "Coverage")]


def _text(document: Document) -> object:
    """What a document says, whenever it was written."""
    return document.title, document.markdown, document.members


def _bunches(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    rest = iter(ids)
    while bunch := list(islice(rest, BUNCH)):
        yield bunch
