"""Documents for whoever reads them: the stored ones, those that are made on request, any of them as of a past time, and how
fresh each is.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from datacenter_docs.domain.contradiction_rules import COMPARED
from datacenter_docs.domain.documents import RESOURCE, Document, DocumentHead
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.freshness import Freshness, freshness
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.surveys import Coverage
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.deeds import Deeds
from datacenter_docs.ports.documents import DocumentStore
from datacenter_docs.ports.estate import EstateReader
from datacenter_docs.ports.platforms import PlatformReader
from datacenter_docs.ports.writing import Writer
from datacenter_docs.services.composing import contradicting
from datacenter_docs.services.composing.platforms import SECTIONS
from datacenter_docs.services.describing import Describing
from datacenter_docs.services.documenting import CONTRADICTIONS, COVERAGE
from datacenter_docs.services.noting import Noting
from datacenter_docs.services.recalling import Recalled, Recalling

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
        deeds: Deeds,
        noting: Noting,
        *,
        promises: Mapping[str, timedelta],
    ) -> None:
        self._estate = estate
        self._store = store
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._deeds = deeds
        self._noting = noting
        self._promises = promises

    async def contents(self) -> Sequence[Listed]:
        """All documents but the pages of resources, those of long tables too, in the order of ids."""
        coverage = await self._estate.coverage()
        every = tuple(sorted({one.platform for one in coverage}))
        heads = [*await self._store.heads(), DocumentHead(COVERAGE, "Coverage", every, 0)]
        contested = await self._contested(None, None)
        now = self._clock.now()
        return [self._listed(head, coverage, contested, now) for head in sorted(heads)]

    async def connections(self) -> Mapping[str, Freshness]:
        """How fresh the pages of resources are, by the connection that they were read over."""
        return {
            coverage.connection: self._fresh(RESOURCE, [coverage], 0, self._clock.now())
            for coverage in await self._estate.coverage()
        }

    async def contested(self) -> Mapping[str, Freshness]:
        """How fresh the pages of those resources are about which sources disagree, by their ids."""
        every, contested = await self._estate.coverage(), await self._contested(None, None)
        now = self._clock.now()
        heads = {one: DocumentHead(f"{RESOURCE}{one}", "", (), 0) for one in contested}
        return {
            one: self._listed(head, every, contested, now).freshness for one, head in heads.items()
        }

    async def show(self, document_id: str, at: datetime | None = None) -> Shown:
        """One document, as it is or as it was; as it is, with what people say about it. Raises `NotFound`, and `Invalid` for a time to come."""
        if at is not None and at > self._clock.now():
            raise Invalid("Nobody knows yet what will be: ask for a time in the past.")
        document = await self._found(document_id, at)
        note = await self._noting.page(document_id) if at is None else None
        if note is not None:
            words = self._writer.markdown(note)
            document = replace(document, markdown=f"{document.markdown}\n{words}")
        coverage = await self._estate.coverage(at)
        contested = await self._contested(at, document_id)
        listed = self._listed(document.head, coverage, contested, at or self._clock.now())
        return Shown(document, listed)

    async def _found(self, document_id: str, at: datetime | None) -> Document:
        if document_id.startswith(RESOURCE):
            resource_id = document_id.removeprefix(RESOURCE)
            page = await Describing(self._estate, self._deeds).resource(resource_id, at)
            platform = ResourceId.parse(resource_id).platform
            return self._written(document_id, Recalled(page.name.text, (platform,), page))
        recalling = Recalling(self._estate, self._deeds)
        if at is not None:
            return self._written(document_id, await recalling.section(document_id, at))
        if document_id == COVERAGE:
            return self._written(document_id, await recalling.coverage(self._estate))
        return await self._store.get(document_id)

    def _written(self, document_id: str, found: Recalled) -> Document:
        markdown = self._writer.markdown(found.page)
        return Document(document_id, found.title, found.platforms, markdown, survey=0)

    async def _contested(self, at: datetime | None, document_id: str | None) -> Set[str]:
        """The ids of the things about which sources disagree, as far as a document (None: any) needs to know."""
        if at is None:
            kept = await self._store.get_all([CONTRADICTIONS])
            return {member for document in kept.values() for member in document.members}
        if document_id is not None and document_id.startswith(RESOURCE):
            resource_id = document_id.removeprefix(RESOURCE)
            related = await self._estate.related([resource_id], COMPARED, at)
            return set(
                contradicting.members(await contradicting.found_between(self._estate, related, at))
            )
        return set(contradicting.members(await contradicting.found_everywhere(self._estate, at)))

    def _listed(
        self,
        head: DocumentHead,
        coverage: Sequence[Coverage],
        contested: Set[str],
        now: datetime,
    ) -> Listed:
        disagreed = sum(_shows(head, resource_id) for resource_id in contested)
        found = self._fresh(head.id, _sources(head, coverage), disagreed, now)
        return Listed(head, found, found.age(now), found.says(now))

    def _fresh(
        self, document_id: str, sources: Sequence[Coverage], contradictions: int, now: datetime
    ) -> Freshness:
        return freshness(
            sources,
            configured={info.name for info in self._reader.connections()},
            promised=self._promised(document_id),
            contradictions=contradictions,
            now=now,
        )

    def _promised(self, document_id: str) -> timedelta:
        section = document_id.partition("/")[0]
        return self._promises.get(section, self._promises[DEFAULT])


def _shows(head: DocumentHead, contested: str) -> bool:
    """Whether a document shows a thing about which sources disagree: its own page, the table of its kind, its section.

    The sections that only count and sum up do not show what is contested.
    """
    if head.id.startswith(RESOURCE):
        return head.id == f"{RESOURCE}{contested}"
    platform, _, kind, _ = contested.split(":", 3)
    section = SECTIONS.get(platform)
    return head.id in (CONTRADICTIONS, section) or head.id.startswith(f"{section}/{kind}/")


def _sources(head: DocumentHead, every: Sequence[Coverage]) -> Sequence[Coverage]:
    """The readings that a document stands on: for a resource that of its connection, else those of its platforms."""
    if head.id.startswith(RESOURCE):
        connection = ResourceId.parse(head.id.removeprefix(RESOURCE)).connection
        return [coverage for coverage in every if coverage.connection == connection]
    return [coverage for coverage in every if coverage.platform in head.platforms]
