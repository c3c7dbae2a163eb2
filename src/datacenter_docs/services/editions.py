"""An edition: what there is to publish of the documentation at one moment, read from the stores."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from datacenter_docs.domain.changes import Change
from datacenter_docs.domain.derivations import Derivation
from datacenter_docs.domain.documents import RESOURCE
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.freshness import Freshness
from datacenter_docs.domain.observed import FactId, ObservedResource
from datacenter_docs.domain.reckonings import is_reckoned
from datacenter_docs.domain.relations import Relation
from datacenter_docs.domain.surveys import Survey
from datacenter_docs.ports.documents import DocumentStore
from datacenter_docs.ports.estate import (
    ChangeFilter,
    EstateReader,
    FactRecord,
    KeptPayload,
    ResourceFilter,
)
from datacenter_docs.ports.publishing import Derived, ResourceText, Section
from datacenter_docs.ports.writing import Writer
from datacenter_docs.services.deriving import Deriving
from datacenter_docs.services.describing import Describing
from datacenter_docs.services.noting import Noting
from datacenter_docs.services.presenting import Presenting
from datacenter_docs.services.reaching import Held, Relating
from datacenter_docs.services.touching import touched_pages

Item = TypeVar("Item")

BUNCH = 500
"""Resources that are described at once."""
MOST_MEMBERS = 1_000
"""Resources that are listed of those that went into a number; the inventory has them all."""
MOST_CHANGES = 500
"""Changes that are told."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What an edition is made from."""

    estate: EstateReader
    store: DocumentStore
    presenting: Presenting
    describing: Describing
    deriving: Deriving
    noting: Noting
    writer: Writer


class StoredEdition:
    """`Edition` of what is stored."""

    def __init__(self, sources: Sources, survey: int, now: datetime) -> None:
        self._estate = sources.estate
        self._sources = sources
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
        stored = {document.id: document for document in await self._sources.store.all()}
        noted = await self.noted()
        found = []
        for listed in await self._sources.presenting.contents():
            document = stored.get(listed.head.id)
            if document is None or document.id in noted:
                shown = await self._sources.presenting.show(listed.head.id)
                document = replace(shown.document, survey=listed.head.survey)
            found.append(Section(document, listed.freshness, listed.says))
        return found

    async def connections(self) -> Mapping[str, Freshness]:
        return await self._sources.presenting.connections()

    async def contested(self) -> Mapping[str, Freshness]:
        return await self._sources.presenting.contested()

    async def noted(self) -> Set[str]:
        return await self._sources.noting.subjects()

    async def resources(
        self, only: Collection[str] | None = None
    ) -> AsyncIterator[Sequence[ResourceText]]:
        noted = await self.noted()
        if only is None:
            related = await self._all_relations()
            held = Held(related)
            async for bunch in self._estate.walk(ResourceFilter(vanished=None)):
                for some in _bunches(bunch):
                    yield await self._described(some, related, held, noted)
            return
        for ids in _bunches(sorted(only)):
            found = await self._estate.get_all(ids)
            relations = {one: await self._estate.relations(one) for one in found}
            yield await self._described(list(found.values()), relations, self._estate, noted)

    async def observed(self) -> AsyncIterator[Sequence[ObservedResource]]:
        async for bunch in self._estate.walk(ResourceFilter()):
            yield bunch

    async def touched(self, after_survey: int) -> Set[str]:
        return await touched_pages(self._estate, after_survey)

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
        recipes = [Derivation.parse(one) for one in sorted(ids) if not is_reckoned(one)]
        return [
            *await self._over_kinds(recipes),
            *[await self._reckoned(one) for one in sorted(ids) if is_reckoned(one)],
        ]

    async def _reckoned(self, derived_id: str) -> Derived:
        again = await self._sources.deriving.again(derived_id)
        return Derived(again.id, again.words, again.text, "", facts=again.made_of)

    async def _over_kinds(self, recipes: Sequence[Derivation]) -> Sequence[Derived]:
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
        relating: Relating,
        noted: Set[str],
    ) -> Sequence[ResourceText]:
        pages = await self._sources.describing.resources(resources, relations, relating)
        texts = [self._sources.writer.markdown(page) for page in pages]
        found = []
        for resource, text in zip(resources, texts, strict=True):
            subject = f"{RESOURCE}{resource.id}"
            note = await self._sources.noting.page(subject) if subject in noted else None
            words = f"\n{self._sources.writer.markdown(note)}" if note else ""
            found.append(ResourceText(resource, f"{text}{words}"))
        return found

    async def _all_relations(self) -> Mapping[str, Sequence[Relation]]:
        related: defaultdict[str, list[Relation]] = defaultdict(list)
        async for bunch in self._estate.walk_relations():
            for relation in bunch:
                related[relation.left].append(relation)
                related[relation.right].append(relation)
        for relations in related.values():
            relations.sort(key=lambda one: (one.rule, one.left, one.right))
        return related


def _bunches(many: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(many), BUNCH):
        yield many[start : start + BUNCH]
