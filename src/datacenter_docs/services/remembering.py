"""The estate as it was known at one time, for services that otherwise speak of now."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.relations import Relation
from datacenter_docs.domain.surveys import Coverage
from datacenter_docs.ports.estate import EstateReader, ResourceFilter
from datacenter_docs.ports.pages import Page


class Known(Protocol):
    """What the sections of documents need to know. `EstateReader` is one of these, of now."""

    async def coverage(self) -> Sequence[Coverage]: ...

    async def get_all(self, resource_ids: Sequence[str]) -> Mapping[str, ObservedResource]: ...

    async def find(
        self, wanted: ResourceFilter, cursor: str | None, limit: int
    ) -> Page[ObservedResource]: ...

    def walk(self, wanted: ResourceFilter) -> AsyncIterator[Sequence[ObservedResource]]: ...

    def walk_relations(self, *, rules: Sequence[str]) -> AsyncIterator[Sequence[Relation]]: ...


class AsOf:
    """`Known` at a time."""

    def __init__(self, estate: EstateReader, at: datetime) -> None:
        self._estate = estate
        self._at = at

    async def coverage(self) -> Sequence[Coverage]:
        """The newest readings then."""
        return await self._estate.coverage(self._at)

    async def get_all(self, resource_ids: Sequence[str]) -> Mapping[str, ObservedResource]:
        """Several resources as they were then."""
        return await self._estate.get_all(resource_ids, self._at)

    async def find(
        self, wanted: ResourceFilter, cursor: str | None, limit: int
    ) -> Page[ObservedResource]:
        """Resources that were there then."""
        return await self._estate.find(wanted, cursor, limit, self._at)

    def walk(self, wanted: ResourceFilter) -> AsyncIterator[Sequence[ObservedResource]]:
        """All of them, of one moment."""
        return self._estate.walk(wanted, self._at)

    def walk_relations(self, *, rules: Sequence[str]) -> AsyncIterator[Sequence[Relation]]:
        """Relations by these rules as they were then."""
        return self._estate.walk_relations(self._at, rules)
