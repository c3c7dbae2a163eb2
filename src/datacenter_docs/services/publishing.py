"""The documentation, made into files by presses. Reads what is stored and known; writes nothing itself.

Made for one process beside the server, on the same database: over the API, ten thousand pages would be ten thousand
requests.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from datacenter_docs.domain.changes import Change
from datacenter_docs.domain.derivations import Derivation
from datacenter_docs.domain.errors import NotFound, Refused
from datacenter_docs.domain.freshness import Freshness
from datacenter_docs.domain.observed import FactId, ObservedResource
from datacenter_docs.domain.relations import Relation
from datacenter_docs.domain.surveys import Survey
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.documents import DocumentStore
from datacenter_docs.ports.estate import (
    ChangeFilter,
    EstateReader,
    FactRecord,
    KeptPayload,
    ResourceFilter,
)
from datacenter_docs.ports.publishing import (
    Derived,
    Format,
    Press,
    Pressed,
    Progress,
    ResourceText,
    Section,
)
from datacenter_docs.ports.writing import Writer
from datacenter_docs.services.describing import Describing
from datacenter_docs.services.presenting import Presenting

Item = TypeVar("Item")
BUNCH = 500
"""Resources that are described at once."""
MOST_MEMBERS = 1_000
"""Resources that are listed of those that went into a number; the inventory has them all."""
MOST_CHANGES = 500
"""Changes that are told."""


class Publishing:
    """Publishes the documentation in the formats that there are presses for."""

    def __init__(
        self,
        estate: EstateReader,
        store: DocumentStore,
        presenting: Presenting,
        writer: Writer,
        clock: Clock,
        presses: Mapping[Format, Press],
    ) -> None:
        self._estate = estate
        self._store = store
        self._presenting = presenting
        self._writer = writer
        self._clock = clock
        self._presses = presses

    async def publish(
        self, format: Format, folder: Path, progress: Progress, *, commits: bool = False
    ) -> Pressed:
        """Make one format in a folder. Raises `Refused` when there is nothing to publish yet, and what the press raises."""
        survey = await self._store.survey()
        if not survey:
            raise Refused("There is no documentation yet: survey the estate with `dcdocs survey`.")
        edition = StoredEdition(self._estate, self._store, self._presenting, self._writer, survey, self._clock.now())  # fmt: skip
        return await self._presses[format].press(edition, folder, progress, commits=commits)


class StoredEdition:
    """`Edition` of what is stored."""

    def __init__(
        self,
        estate: EstateReader,
        store: DocumentStore,
        presenting: Presenting,
        writer: Writer,
        survey: int,
        now: datetime,
    ) -> None:
        self._estate = estate
        self._store = store
        self._presenting = presenting
        self._describing = Describing(estate)
        self._writer = writer
        self._survey = survey
        self._now = now

    @property
    def survey(self) -> int:
        return self._survey

    @property
    def now(self) -> datetime:
        return self._now

    async def total(self) -> int:
        return sum((await self._estate.counts()).values())

    async def sections(self) -> Sequence[Section]:
        stored = {document.id: document for document in await self._store.all()}
        found = []
        for listed in await self._presenting.contents():
            document = stored.get(listed.head.id)
            if document is None:
                document = (await self._presenting.show(listed.head.id)).document
            found.append(Section(document, listed.freshness, listed.says))
        return found

    async def connections(self) -> Mapping[str, Freshness]:
        return await self._presenting.connections()

    async def resources(
        self, only: Collection[str] | None = None
    ) -> AsyncIterator[Sequence[ResourceText]]:
        if only is None:
            related = await self._all_relations()
            async for bunch in self._estate.walk(ResourceFilter(vanished=None)):
                for some in _bunches(bunch):
                    yield await self._described(some, related)
            return
        for ids in _bunches(sorted(only)):
            found = await self._estate.get_all(ids)
            relations = {one: await self._estate.relations(one) for one in found}
            yield await self._described(list(found.values()), relations)

    async def observed(self) -> AsyncIterator[Sequence[ObservedResource]]:
        async for bunch in self._estate.walk(ResourceFilter()):
            yield bunch

    async def touched(self, after_survey: int) -> Set[str]:
        touched = await self._estate.touched(after_survey)
        found = set(touched.stated | touched.measured)
        before = (await self._estate.survey(after_survey)).finished_at
        for one in sorted(touched.stated):
            for at in (None, before):
                found.update(await self._neighbours(one, at))
        return found

    async def past(self, fact_ids: Collection[str]) -> Sequence[FactRecord]:
        facts = [FactId.parse(one) for one in sorted(fact_ids)]
        found: list[FactRecord] = []
        for some in _bunches(facts):
            there = await self._estate.get_all(sorted({one.resource_id for one in some}))
            for one in some:
                now = (
                    there[one.resource_id].fact(one.attribute)
                    if one.resource_id in there
                    else None
                )
                if now is None or now.id != str(one):
                    with suppress(NotFound):
                        found.append(await self._estate.fact(one))
        return found

    async def payload(self, sha256: str) -> KeptPayload:
        return await self._estate.payload(sha256)

    async def derived(self, ids: Collection[str]) -> Sequence[Derived]:
        recipes = [Derivation.parse(one) for one in sorted(ids)]
        members: defaultdict[Derivation, list[tuple[ObservedResource, float]]] = defaultdict(list)
        totals: defaultdict[Derivation, float] = defaultdict(float)
        counts: defaultdict[Derivation, int] = defaultdict(int)
        for platform, kind in sorted({(one.platform, one.kind) for one in recipes}):
            about = [one for one in recipes if (one.platform, one.kind) == (platform, kind)]
            async for bunch in self._estate.walk(ResourceFilter(platform=platform, kind=kind)):
                for resource in bunch:
                    for recipe in about:
                        amount = recipe.of(resource)
                        if amount is None:
                            continue
                        totals[recipe] += amount
                        counts[recipe] += 1
                        if len(members[recipe]) < MOST_MEMBERS:
                            members[recipe].append((resource, amount))
        return [
            Derived(
                recipe.id,
                recipe.words,
                recipe.cite(totals[recipe]).text,
                recipe.attribute,
                members[recipe],
                counts[recipe] - len(members[recipe]),
            )
            for recipe in recipes
        ]

    async def changes(self, after_survey: int) -> Sequence[Change]:
        found: list[Change] = []
        cursor: str | None = None
        while len(found) < MOST_CHANGES:
            page = await self._estate.changes(ChangeFilter(), cursor, 100)
            fresh = [change for change in page.items if change.survey > after_survey]
            found += fresh
            cursor = page.next_cursor
            if cursor is None or len(fresh) < len(page.items):
                break
        return found

    async def surveys(self, numbers: Collection[int]) -> Sequence[Survey]:
        found = []
        for number in sorted(numbers):
            with suppress(NotFound):
                found.append(await self._estate.survey(number))
        return found

    async def _described(
        self,
        resources: Sequence[ObservedResource],
        relations: Mapping[str, Sequence[Relation]],
    ) -> Sequence[ResourceText]:
        pages = await self._describing.resources(resources, relations)
        return [
            ResourceText(resource, self._writer.markdown(page))
            for resource, page in zip(resources, pages, strict=True)
        ]

    async def _all_relations(self) -> Mapping[str, Sequence[Relation]]:
        related: defaultdict[str, list[Relation]] = defaultdict(list)
        async for bunch in self._estate.walk_relations():
            for relation in bunch:
                related[relation.left].append(relation)
                related[relation.right].append(relation)
        for relations in related.values():
            relations.sort(key=lambda one: (one.rule, one.left, one.right))
        return related

    async def _neighbours(self, resource_id: str, at: datetime | None) -> Set[str]:
        try:
            relations = await self._estate.relations(resource_id, at)
        except NotFound:  # it was not there yet
            return frozenset()
        return {end for relation in relations for end in (relation.left, relation.right)}


def _bunches(many: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(many), BUNCH):
        yield many[start : start + BUNCH]
