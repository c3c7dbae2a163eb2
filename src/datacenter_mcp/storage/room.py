"""The storage room as the server sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from datacenter_mcp.contract.errors import NotFound, RoomError
from datacenter_mcp.contract.reading import Health, HealthStatus, Look, MetricsReport, Resource
from datacenter_mcp.grades import Proof, proof
from datacenter_mcp.ids import Naming
from datacenter_mcp.room import Effect, Listing, OperationSpec
from datacenter_mcp.storage import mapping
from datacenter_mcp.storage.clearing import CLEAR, choose, clear, refuse_without_snapshots
from datacenter_mcp.storage.expanding import EXPAND, expand, state
from datacenter_mcp.storage.reader import StorageReader
from datacenter_mcp.storage.session import Hosts
from datacenter_mcp.storage.settings import StorageSettings
from datacenter_mcp.validating import validated

CANNOT_SHRINK = "cannot_shrink"
"""The hazard of the catalogue with which an expansion has no inverse."""


class StorageRoom:
    """Volumes of Linux hosts behind one connection."""

    platform = "storage"
    operations: Sequence[OperationSpec] = (CLEAR, EXPAND)

    def __init__(self, connection: str, settings: StorageSettings) -> None:
        self.connection = connection
        self._naming = Naming(self.platform, connection)
        self._hosts = Hosts(settings)
        self._reader = StorageReader(self._naming, self._hosts)

    def drivers(self, target: str | None) -> Sequence[Proof]:
        return [proof("storage linux")]

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
        try:
            host, reading = await self._hosts.volume(name)
        except NotFound as error:
            nobody = await self._hosts.of(name).answers()
            health = Health(status=HealthStatus.UNKNOWN, reasons=[error.report.message])
            return Look(exists=False, health=health, source=nobody.source(self.connection))
        volume = reading.value
        if operation is EXPAND:
            satisfied, seen = volume.size_bytes >= parameters.size_bytes, state(volume)
            hazards, backup = [CANNOT_SHRINK], None
            source = reading.source(self.connection)
        else:
            refuse_without_snapshots(volume)
            snapshots = await host.snapshots(volume)
            choice = choose(snapshots.value, parameters, snapshots.observed_at)
            satisfied, seen = not choice.delete, choice.state()
            hazards, backup = [], bool(choice.keep)
            source = snapshots.source(self.connection)
        return Look(
            exists=True,
            satisfied=satisfied,
            state=seen,
            hazards=hazards,
            backup_available=backup,
            health=mapping.volume_health(volume, await host.details(volume)),
            source=source,
        )

    async def act(
        self, operation: OperationSpec, target: str, parameters: Any, *, dry_run: bool
    ) -> Effect:
        name = self._naming.parse(target)
        try:
            host, reading = await self._hosts.volume(name)
        except RoomError as error:
            raise type(error)(error.report.message, sent=False) from error
        do = expand if operation is EXPAND else clear
        return await do(host, reading.value, parameters, dry_run=dry_run)

    async def close(self) -> None:
        await self._hosts.close()


def open_storage(connection: str, settings: Mapping[str, Any]) -> StorageRoom:
    """The room. Raises `InvalidRequest` for wrong settings; nothing is connected yet."""
    return StorageRoom(connection, validated(StorageSettings, settings, "storage settings"))
