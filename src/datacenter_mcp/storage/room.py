"""The storage room as the server sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from datacenter_mcp.contract.errors import InvalidRequest
from datacenter_mcp.contract.reading import Health, Look, MetricsReport, Resource
from datacenter_mcp.grades import Proof
from datacenter_mcp.ids import Naming
from datacenter_mcp.room import Effect, Listing, OperationSpec
from datacenter_mcp.storage.operations import CLEAR, EXPAND
from datacenter_mcp.storage.reader import StorageReader
from datacenter_mcp.storage.session import Systems
from datacenter_mcp.storage.settings import StorageSettings
from datacenter_mcp.validating import validated


class StorageRoom:
    """Volumes of Linux hosts and Ceph clusters behind one connection."""

    platform = "storage"
    operations: Sequence[OperationSpec] = (CLEAR, EXPAND)

    def __init__(self, connection: str, settings: StorageSettings) -> None:
        self.connection = connection
        self._naming = Naming(self.platform, connection)
        self._systems = Systems(self._naming, settings)
        self._reader = StorageReader(self._naming, self._systems)

    def drivers(self, target: str | None) -> Sequence[Proof]:
        if target is None:
            return [system.proof for system in self._systems.by_name.values()]
        return [self._systems.of(self._naming.parse(target)).proof]

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        return await self._reader.list_resources(kind, parent)

    async def describe(self, resource_id: str) -> Resource:
        return await self._reader.describe(resource_id)

    async def health(self, resource_id: str | None) -> Health:
        return await self._reader.health(resource_id)

    async def metrics(self, resource_id: str) -> MetricsReport:
        return await self._reader.metrics(resource_id)

    async def look(self, operation: OperationSpec, target: str, parameters: Any) -> Look:
        """`satisfied`: large enough, or nothing left to delete. This room has no tool that makes a volume smaller; the
        backup for removing old snapshots is the newest one, which is always kept.
        """
        name = self._naming.parse(target)
        _must_be_a_volume(name.kind)
        return await self._systems.of(name).look(operation, name, parameters)

    async def act(
        self, operation: OperationSpec, target: str, parameters: Any, *, dry_run: bool
    ) -> Effect:
        name = self._naming.parse(target)
        _must_be_a_volume(name.kind)
        return await self._systems.of(name).act(operation, name, parameters, dry_run=dry_run)

    async def close(self) -> None:
        await self._systems.close()


def _must_be_a_volume(kind: str) -> None:
    if kind != "volume":
        raise InvalidRequest(f"The target is a {kind}; a volume is needed.", sent=False)


def open_storage(connection: str, settings: Mapping[str, Any]) -> StorageRoom:
    """The room. Raises `InvalidRequest` for wrong settings; nothing is connected yet."""
    return StorageRoom(connection, validated(StorageSettings, settings, "storage settings"))
