"""The bound room as our server sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from datacenter_mcp.bound.actuator import BoundActuator
from datacenter_mcp.bound.binding import Binding, load
from datacenter_mcp.bound.reader import BoundReader
from datacenter_mcp.bound.server import Server
from datacenter_mcp.bound.settings import BoundSettings
from datacenter_mcp.contract.errors import InvalidRequest
from datacenter_mcp.contract.reading import Health, Look, MetricsReport, Resource
from datacenter_mcp.grades import Proof
from datacenter_mcp.ids import Naming
from datacenter_mcp.room import Effect, Listing, OperationSpec
from datacenter_mcp.validating import validated


class BoundRoom:
    """One server of somebody else behind one connection, in the words of the binding's platform."""

    def __init__(self, connection: str, settings: BoundSettings, binding: Binding) -> None:
        self.connection = connection
        self.platform = binding.platform
        self.operations: Sequence[OperationSpec] = [
            OperationSpec(name, one.summary, one.model(name), destructive=one.destructive)
            for name, one in binding.operations.items()
        ]
        self._proof = Proof(f"bound {binding.name}", binding.shown)
        self._server = Server(settings, binding)
        naming = Naming(self.platform, connection)
        self._reader = BoundReader(naming, binding, self._server)
        self._actuator = BoundActuator(naming, binding, self._reader, self._server)

    def drivers(self, target: str | None) -> Sequence[Proof]:
        return [self._proof]

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        return await self._reader.list_resources(kind, parent)

    async def describe(self, resource_id: str) -> Resource:
        return await self._reader.describe(resource_id)

    async def health(self, resource_id: str | None) -> Health:
        return await self._reader.health(resource_id)

    async def metrics(self, resource_id: str) -> MetricsReport:
        return await self._reader.metrics(resource_id)

    async def look(self, operation: OperationSpec, target: str, parameters: Any) -> Look:
        return await self._actuator.look(operation.name, target, parameters)

    async def act(
        self, operation: OperationSpec, target: str, parameters: Any, *, dry_run: bool
    ) -> Effect:
        return await self._actuator.act(operation.name, target, parameters, dry_run=dry_run)

    async def close(self) -> None:
        await self._server.close()


def open_bound(connection: str, settings: Mapping[str, Any]) -> BoundRoom:
    """The room. Raises `InvalidRequest` for wrong settings or a wrong binding; nothing is connected yet."""
    valid = validated(BoundSettings, settings, "settings of a bound server")
    binding = load(valid.binding)
    if valid.platform not in (None, binding.platform):
        raise InvalidRequest(
            f"{valid.binding} is a binding for {binding.platform}, not for {valid.platform}."
        )
    return BoundRoom(connection, valid, binding)
