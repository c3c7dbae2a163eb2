"""Documents for whoever reads them: the stored ones, those that are made on request, any of them as of a past time, and how
fresh each is.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from datacenter_docs.domain.capacities import Fullness
from datacenter_docs.domain.contradiction_rules import COMPARED
from datacenter_docs.domain.documents import Document, Page
from datacenter_docs.domain.errors import Invalid, NotFound
from datacenter_docs.domain.freshness import Freshness, freshness
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.surveys import Coverage
from datacenter_docs.domain.tally import Tally
from datacenter_docs.domain.web import Web
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.deeds import Deeds
from datacenter_docs.ports.documents import DocumentStore
from datacenter_docs.ports.estate import EstateReader, ResourceFilter
from datacenter_docs.ports.platforms import PlatformReader
from datacenter_docs.ports.writing import Writer
from datacenter_docs.services.composing import (
    changing,
    contradicting,
    covering,
    depending,
    growing,
    overviews,
    platforms,
    risking,
)
from datacenter_docs.services.composing.platforms import SECTIONS, TITLES
from datacenter_docs.services.describing import Describing
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

RESOURCE = "resource/"
"""What the id of a resource's page begins with; the resource's own id follows."""
DEFAULT = "default"
"""The promise of the sections that have none of their own."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A document and how fresh it is. `age` None: a part of it was never read completely."""

    document: Document
    freshness: Freshness
    age: timedelta | None


class Presenting:
    """Shows documents. `promises`: how old a section may be, by its id."""

    def __init__(
        self,
        estate: EstateReader,
        store: DocumentStore,
        writer: Writer,
        reader: PlatformReader,
        clock: Clock,
        deeds: Deeds,
        *,
        promises: Mapping[str, timedelta],
    ) -> None:
        self._estate = estate
        self._store = store
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._promises = promises
        self._deeds = deeds

    async def contents(self) -> Sequence[Shown]:
        """All documents but the pages of resources, those of long tables too, in the order of ids."""
        stored = list(await self._store.all())
        stored.append(await self._covering(self._estate, await self._store.survey()))
        contested = await self._contested(None)
        ordered = sorted(stored, key=lambda document: document.id)
        return [await self._shown(document, None, contested) for document in ordered]

    async def show(self, document_id: str, at: datetime | None = None) -> Shown:
        """One document, as it is or as it was. Raises `NotFound`, and `Invalid` for a time to come."""
        if at is not None and at > self._clock.now():
            raise Invalid("Nobody knows yet what will be: ask for a time in the past.")
        document = await self._found(document_id, at)
        return await self._shown(document, at, await self._contested(at, document))

    async def _found(self, document_id: str, at: datetime | None) -> Document:
        if document_id.startswith(RESOURCE):
            return await self._resource(document_id, at)
        if at is not None:
            return await self._past(document_id, at)
        if document_id == COVERAGE:
            return await self._covering(self._estate, await self._store.survey())
        return await self._store.get(document_id)

    async def _resource(self, document_id: str, at: datetime | None) -> Document:
        resource_id = document_id.removeprefix(RESOURCE)
        page = await Describing(self._estate, self._deeds).resource(resource_id, at)
        platform = ResourceId.parse(resource_id).platform
        return self._written(document_id, page.name.text, (platform,), page, 0)

    async def _past(self, document_id: str, at: datetime) -> Document:
        """A section as it would have been written then. Pages of long tables are not made again."""
        known = AsOf(self._estate, at)
        if document_id == COVERAGE:
            return await self._covering(known, 0)
        tally, fullness = await told(known)
        there = tuple(platform for platform in SECTIONS if tally.has(platform))
        if document_id == OVERVIEW:
            page = overviews.compose(tally, contents(tally))
            return self._written(document_id, "Overview", there, page, 0)
        if document_id in ABOUT_ALL:
            about = await self._about_all(document_id, known, tally, fullness, at)
            return self._written(document_id, ABOUT_ALL[document_id], there, about, 0)
        platform = next((p for p in there if SECTIONS[p] == document_id), None)
        if platform is None:
            raise NotFound(f"There was no document {document_id} at that time.")
        section = await platforms.section(known, tally, platform)
        return self._written(document_id, TITLES[platform], (platform,), section, 0)

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

    async def _contested(self, at: datetime | None, document: Document | None = None) -> Set[str]:
        """The ids of the things about which sources disagree, as far as `document` (None: any) needs to know."""
        if at is None:
            kept = await self._store.all(CONTRADICTIONS)
            return {member for one in kept for member in one.members}
        if document is not None and document.id.startswith(RESOURCE):
            related = await self._estate.related([_of(document)], COMPARED, at)
            broken = await contradicting.found_between(self._estate, related, at)
        else:
            broken = await contradicting.found_everywhere(self._estate, at)
        return set(contradicting.members(broken))

    async def _covering(self, known: Known, survey: int) -> Document:
        page = await covering.compose(known)
        every = tuple(sorted({coverage.platform for coverage in await known.coverage()}))
        return self._written(COVERAGE, "Coverage", every, page, survey)

    def _written(
        self, document_id: str, title: str, sources: tuple[str, ...], page: Page, survey: int
    ) -> Document:
        return Document(document_id, title, sources, self._writer.markdown(page), survey)

    async def _shown(self, document: Document, at: datetime | None, contested: Set[str]) -> Shown:
        now = at or self._clock.now()
        found = freshness(
            _sources(document, await self._estate.coverage(at)),
            configured={info.name for info in self._reader.connections()},
            promised=self._promised(document.id),
            contradictions=_contradictions(document, contested),
            now=now,
        )
        return Shown(document, found, found.age(now))

    def _promised(self, document_id: str) -> timedelta:
        section = document_id.partition("/")[0]
        return self._promises.get(section, self._promises[DEFAULT])


async def told(known: Known) -> tuple[Tally, Fullness]:
    """The numbers of the whole estate, from nothing."""
    tally, fullness = Tally(), Fullness()
    async for bunch in known.walk(ResourceFilter()):
        for resource in bunch:
            tally.tell(resource)
            fullness.tell(resource)
    return tally, fullness


def _contradictions(document: Document, contested: Set[str]) -> int:
    """Of how many things that a document shows the sources disagree: its own resource, its rows, or those of its platform.

    The sections that only count and sum up do not show what is contested.
    """
    if document.id.startswith(RESOURCE):
        return int(_of(document) in contested)
    if document.id == CONTRADICTIONS:
        return len(contested)
    if document.members:
        return sum(member in contested for member in document.members)
    if document.id not in SECTIONS.values():
        return 0
    return sum(one.partition(":")[0] in document.platforms for one in contested)


def _of(document: Document) -> str:
    """The id of the resource that a page is about."""
    return document.id.removeprefix(RESOURCE)


def _sources(document: Document, every: Sequence[Coverage]) -> Sequence[Coverage]:
    """The readings that a document stands on: for a resource that of its connection, else those of its platforms."""
    if document.id.startswith(RESOURCE):
        connection = ResourceId.parse(_of(document)).connection
        return [coverage for coverage in every if coverage.connection == connection]
    return [coverage for coverage in every if coverage.platform in document.platforms]
