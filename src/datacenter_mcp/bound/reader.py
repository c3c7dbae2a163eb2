"""Reads the other server and says what it answered in our words."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from datacenter_mcp.bound.binding import Binding, KindBinding, Rule
from datacenter_mcp.bound.expressions import fact, filled, plain, value
from datacenter_mcp.bound.server import Server
from datacenter_mcp.contract.errors import Broken, InvalidRequest, NotFound, RoomError
from datacenter_mcp.contract.reading import (
    Failure,
    Health,
    HealthStatus,
    MetricsReport,
    Resource,
    Source,
)
from datacenter_mcp.ids import Naming
from datacenter_mcp.readings import Reading, facts, metrics
from datacenter_mcp.room import Listing

OK = Health(status=HealthStatus.OK)


class BoundReader:
    """Everything that the binding knows how to read."""

    def __init__(self, naming: Naming, binding: Binding, server: Server) -> None:
        self._naming = naming
        self._binding = binding
        self._server = server

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        """All of a kind, or all there is; a kind that cannot be read is a failure, the others stand."""
        if kind is not None:
            self._kind(kind)
        kinds = list(self._binding.kinds) if kind is None else [kind]
        parts = await asyncio.gather(*(self._list(one) for one in kinds))
        found = [resource for part in parts for resource in part.resources]
        return Listing(
            [one for one in found if parent is None or one.parent == parent],
            [failure for part in parts for failure in part.failures],
        )

    async def item(self, resource_id: str) -> tuple[str, Mapping[str, str], Reading[Any]]:
        """The kind of a resource, the words of its id, and its item, read now. Raises `NotFound`."""
        kind, words = self.words_of(resource_id)
        call = self._binding.kinds[kind].read
        reading = await self._server.read(call, filled(call.arguments, words))
        item = value(call.pick, reading.value)
        if item is None:
            raise NotFound(f"There is no {resource_id}.")
        if words != self._words(kind, item):
            raise Broken(f"The server answered for something else than {resource_id}.")
        return kind, words, reading.holding(item)

    def words_of(self, resource_id: str) -> tuple[str, Mapping[str, str]]:
        """The kind that an id names, and its words by slot. Raises `InvalidRequest` and `NotFound`."""
        name = self._naming.parse(resource_id)
        if name.kind not in self._binding.kinds:
            raise NotFound(f"There is no kind {name.kind!r} here.")
        names, words = list(self._binding.kinds[name.kind].parts), name.native.split("/")
        if len(words) != len(names):
            raise NotFound(f"The id of a {name.kind} has the parts {'/'.join(names)}.")
        return name.kind, dict(zip(names, map(plain, words), strict=True))

    async def describe(self, resource_id: str) -> Resource:
        """One resource, read now. Raises `NotFound`."""
        kind, _, reading = await self.item(resource_id)
        return self._resource(kind, reading.value, reading.source(self._naming.connection))

    async def metrics(self, resource_id: str) -> MetricsReport:
        """The numbers among its facts."""
        found = await self.describe(resource_id)
        return MetricsReport(id=found.id, metrics=metrics(found.facts), source=found.source)

    async def health(self, resource_id: str | None) -> Health:
        """By the binding's rules; of the whole: whether the platform behind the server answers."""
        if resource_id is None:
            return await self._whole()
        kind, _, reading = await self.item(resource_id)
        return judged(self._binding.kinds[kind].health, reading.value)

    async def _whole(self) -> Health:
        call = self._binding.health
        try:
            await self._server.read(call, call.arguments)
        except RoomError as error:
            return Health(status=HealthStatus.FAILED, reasons=[error.report.message])
        return OK

    async def _list(self, kind: str) -> Listing:
        call = self._binding.kinds[kind].list
        try:
            reading = await self._server.read(call, call.arguments)
            items = _list_of(value(call.pick, reading.value), call.tool)
            source = reading.source(self._naming.connection)
            return Listing([self._resource(kind, item, source) for item in items])
        except RoomError as error:
            report = error.report
            return Listing([], [Failure(part=kind, kind=report.kind, message=report.message)])

    def _resource(self, kind: str, item: Any, source: Source) -> Resource:
        binding = self._binding.kinds[kind]
        told = {name: fact(expression, item) for name, expression in binding.facts.items()}
        for name, reference in binding.references.items():
            told[name] = self._id(reference.kind, value(reference.native, item))
        return Resource(
            id=self._naming.name(kind, "/".join(self._words(kind, item).values())),
            kind=kind,
            name=str(value(binding.name, item)),
            parent=self._parent(binding, item),
            facts=facts(told),
            source=source,
        )

    def _parent(self, binding: KindBinding, item: Any) -> str | None:
        if binding.parent is None:
            return None
        return self._id(binding.parent.kind, value(binding.parent.native, item))

    def _id(self, kind: str, native: Any) -> str | None:
        return None if native is None else self._naming.name(kind, str(native))

    def _words(self, kind: str, item: Any) -> dict[str, str]:
        """The words of an item's id. Raises `Broken` for an item that does not say who it is."""
        parts = self._binding.kinds[kind].parts
        words = {slot: value(expression, item) for slot, expression in parts.items()}
        if not all(isinstance(word, str) and word for word in words.values()):
            raise Broken(
                f"The server lists a {kind} that does not say who it is. {self._binding.needs}".strip()
            )
        return words

    def _kind(self, kind: str) -> None:
        if kind not in self._binding.kinds:
            known = ", ".join(sorted(self._binding.kinds))
            raise InvalidRequest(f"No kind {kind!r}; there are: {known}.")


def _list_of(items: Any, tool: str) -> list[Any]:
    """The items; null is none. Raises `Broken` for anything that is no list."""
    if items is None:
        return []
    if not isinstance(items, list):
        raise Broken(f"{tool} answered something else than a list.")
    return items


def judged(rules: Sequence[Rule], item: Any) -> Health:
    """The first rule that holds; none: it is well."""
    rule = next((rule for rule in rules if value(rule.when, item)), None)
    return OK if rule is None else Health(status=rule.status, reasons=[rule.says])
