"""Documents for whoever reads them: the stored ones, those that are made on request, any of them as of a past time, and how
fresh each is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from datacenter_docs.domain.documents import Document, DocumentHead, Page
from datacenter_docs.domain.errors import Invalid, NotFound
from datacenter_docs.domain.freshness import Freshness, freshness
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.surveys import Coverage
from datacenter_docs.domain.tally import Tally
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.documents import DocumentStore
from datacenter_docs.ports.estate import EstateReader, ResourceFilter
from datacenter_docs.ports.platforms import PlatformReader
from datacenter_docs.ports.writing import Writer
from datacenter_docs.services.composing import covering, drawing, overviews, platforms, risking
from datacenter_docs.services.composing.platforms import SECTIONS, TITLES
from datacenter_docs.services.describing import Describing
from datacenter_docs.services.documenting import COVERAGE, OVERVIEW, RISKS, contents
from datacenter_docs.services.remembering import AsOf, Known

RESOURCE = "resource/"
"""What the id of a resource's page begins with; the resource's own id follows."""
DEFAULT = "default"
"""The promise of the sections that have none of their own."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A document without its text, and how fresh it is, also as a sentence. `age` None: a part of it was never read completely."""

    head: DocumentHead
    freshness: Freshness
    age: timedelta | None
    says: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A document and how fresh it is."""

    document: Document
    listed: Listed


class Presenting:
    """Shows documents. `promises`: how old a section may be, by its id."""

    def __init__(
        self,
        estate: EstateReader,
        store: DocumentStore,
        writer: Writer,
        reader: PlatformReader,
        clock: Clock,
        *,
        promises: Mapping[str, timedelta],
    ) -> None:
        self._estate = estate
        self._store = store
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._promises = promises

    async def contents(self) -> Sequence[Listed]:
        """All documents but the pages of resources, those of long tables too, in the order of ids."""
        coverage = await self._estate.coverage()
        every = tuple(sorted({one.platform for one in coverage}))
        heads = [*await self._store.heads(), DocumentHead(COVERAGE, "Coverage", every, 0)]
        return [self._listed(head, coverage, self._clock.now()) for head in sorted(heads)]

    async def connections(self) -> Mapping[str, Freshness]:
        """How fresh the pages of resources are, by the connection that they were read over."""
        return {
            coverage.connection: self._fresh(RESOURCE, [coverage], self._clock.now())
            for coverage in await self._estate.coverage()
        }

    async def show(self, document_id: str, at: datetime | None = None) -> Shown:
        """One document, as it is or as it was. Raises `NotFound`, and `Invalid` for a time to come."""
        if at is not None and at > self._clock.now():
            raise Invalid("Nobody knows yet what will be: ask for a time in the past.")
        if document_id.startswith(RESOURCE):
            return await self._shown(await self._resource(document_id, at), at)
        if at is not None:
            return await self._shown(await self._past(document_id, at), at)
        if document_id == COVERAGE:
            return await self._shown(await self._covering(self._estate))
        return await self._shown(await self._store.get(document_id))

    async def _resource(self, document_id: str, at: datetime | None) -> Document:
        resource_id = document_id.removeprefix(RESOURCE)
        page = await Describing(self._estate).resource(resource_id, at)
        platform = ResourceId.parse(resource_id).platform
        return self._written(document_id, page.name.text, (platform,), page)

    async def _past(self, document_id: str, at: datetime) -> Document:
        """A section as it would have been written then. Pages of long tables are not made again."""
        known = AsOf(self._estate, at)
        if document_id == COVERAGE:
            return await self._covering(known)
        tally = await tallied(known)
        there = tuple(platform for platform in SECTIONS if tally.has(platform))
        page: Page
        if document_id == OVERVIEW:
            drawn = await drawing.topology(known, drawing.FEW)
            page = overviews.compose(tally, contents(tally), drawn)
            return self._written(document_id, "Overview", there, page)
        if document_id == RISKS:
            page = await risking.compose(known, tally)
            return self._written(document_id, "Health and risks", there, page)
        platform = next((p for p in there if SECTIONS[p] == document_id), None)
        if platform is None:
            raise NotFound(f"There was no document {document_id} at that time.")
        page = await platforms.section(known, tally, platform)
        return self._written(document_id, TITLES[platform], (platform,), page)

    async def _covering(self, known: Known) -> Document:
        page = await covering.compose(known)
        every = tuple(sorted({coverage.platform for coverage in await known.coverage()}))
        return self._written(COVERAGE, "Coverage", every, page)

    def _written(
        self, document_id: str, title: str, sources: tuple[str, ...], page: Page
    ) -> Document:
        return Document(document_id, title, sources, self._writer.markdown(page), survey=0)

    async def _shown(self, document: Document, at: datetime | None = None) -> Shown:
        coverage = await self._estate.coverage(at)
        return Shown(document, self._listed(document.head, coverage, at or self._clock.now()))

    def _listed(self, head: DocumentHead, coverage: Sequence[Coverage], now: datetime) -> Listed:
        found = self._fresh(head.id, _sources(head, coverage), now)
        return Listed(head, found, found.age(now), found.says(now))

    def _fresh(self, document_id: str, sources: Sequence[Coverage], now: datetime) -> Freshness:
        return freshness(
            sources,
            configured={info.name for info in self._reader.connections()},
            promised=self._promised(document_id),
            contradictions=0,
            now=now,
        )

    def _promised(self, document_id: str) -> timedelta:
        section = document_id.partition("/")[0]
        return self._promises.get(section, self._promises[DEFAULT])


async def tallied(known: Known) -> Tally:
    """The numbers of the whole estate, from nothing."""
    tally = Tally()
    async for bunch in known.walk(ResourceFilter()):
        for resource in bunch:
            tally.tell(resource)
    return tally


def _sources(head: DocumentHead, every: Sequence[Coverage]) -> Sequence[Coverage]:
    """The readings that a document stands on: for a resource that of its connection, else those of its platforms."""
    if head.id.startswith(RESOURCE):
        connection = ResourceId.parse(head.id.removeprefix(RESOURCE)).connection
        return [coverage for coverage in every if coverage.connection == connection]
    return [coverage for coverage in every if coverage.platform in head.platforms]
