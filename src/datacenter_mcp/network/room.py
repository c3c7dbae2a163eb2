"""The network room as the server sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from datacenter_mcp.contract.reading import Health, Look, MetricsReport, Resource
from datacenter_mcp.grades import Proof
from datacenter_mcp.ids import Naming
from datacenter_mcp.network.actuator import OPERATIONS, NetworkActuator
from datacenter_mcp.network.backups import Backups
from datacenter_mcp.network.reader import NetworkReader
from datacenter_mcp.network.session import Devices
from datacenter_mcp.network.settings import NetworkSettings
from datacenter_mcp.room import Effect, Listing, OperationSpec
from datacenter_mcp.validating import validated


class NetworkRoom:
    """Routers and switches behind one connection."""

    platform = "network"
    operations: Sequence[OperationSpec] = OPERATIONS

    def __init__(self, connection: str, settings: NetworkSettings) -> None:
        self.connection = connection
        self._naming = naming = Naming(self.platform, connection)
        self._devices = Devices(settings)
        self._reader = NetworkReader(naming, self._devices)
        folder = settings.backup_folder
        backups = Backups(folder, settings.backups_kept) if folder else None
        self._actuator = NetworkActuator(naming, self._reader, backups)

    def drivers(self, target: str | None) -> Sequence[Proof]:
        if target is None:
            return [device.proof for device in self._devices.by_name.values()]
        return [self._reader.device_of_interface(self._naming.parse(target)).proof]

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        return await self._reader.list_resources(kind, parent)

    async def describe(self, resource_id: str) -> Resource:
        return await self._reader.describe(resource_id)

    async def health(self, resource_id: str | None) -> Health:
        return await self._reader.health(resource_id)

    async def metrics(self, resource_id: str) -> MetricsReport:
        return await self._reader.metrics(resource_id)

    async def look(self, operation: OperationSpec, target: str, parameters: Any) -> Look:
        return await self._actuator.look(operation, target)

    async def act(
        self, operation: OperationSpec, target: str, parameters: Any, *, dry_run: bool
    ) -> Effect:
        return await self._actuator.act(operation, target, dry_run=dry_run)

    async def close(self) -> None:
        await self._devices.close()


def open_network(connection: str, settings: Mapping[str, Any]) -> NetworkRoom:
    """The room. Raises `InvalidRequest` for wrong settings; nothing is connected yet."""
    return NetworkRoom(connection, validated(NetworkSettings, settings, "network settings"))
