"""A Ceph cluster as the room sees it: reads its pools, images and snapshots, and changes images."""

from collections.abc import Collection
from typing import Any

from datacenter_mcp.contract.errors import NotFound, RoomError
from datacenter_mcp.contract.reading import Health, HealthStatus, Look, MetricsReport, Resource
from datacenter_mcp.grades import Proof, proof
from datacenter_mcp.ids import Naming, ResourceName
from datacenter_mcp.readings import Reading
from datacenter_mcp.room import Effect, Listing, OperationSpec
from datacenter_mcp.storage.ceph.clearing import clear
from datacenter_mcp.storage.ceph.cluster import Cluster
from datacenter_mcp.storage.ceph.command import Command
from datacenter_mcp.storage.ceph.expanding import expand, state
from datacenter_mcp.storage.ceph.nouns import Image
from datacenter_mcp.storage.ceph.reader import CephReader, place
from datacenter_mcp.storage.choosing import choose
from datacenter_mcp.storage.operations import CANNOT_SHRINK, EXPAND


class CephSystem:
    """One cluster of a connection."""

    def __init__(self, naming: Naming, name: str, command: Command) -> None:
        self.name = name
        self._connection = naming.connection
        self._command = command
        self._cluster = Cluster(name, command)
        self._reader = CephReader(naming, self._cluster)

    @property
    def proof(self) -> Proof:
        return proof("storage ceph")

    async def read(self, kinds: Collection[str], within: ResourceName | None) -> Listing:
        return await self._reader.read(kinds, within)

    async def describe(self, name: ResourceName) -> Resource:
        return await self._reader.describe(name)

    async def metrics(self, name: ResourceName) -> MetricsReport:
        return await self._reader.metrics(name)

    async def health(self, name: ResourceName | None) -> Health:
        return await self._reader.health(name)

    async def look(self, operation: OperationSpec, name: ResourceName, parameters: Any) -> Look:
        try:
            reading = await self._image(name)
        except NotFound as error:
            nobody = await self._cluster.state()
            health = Health(status=HealthStatus.UNKNOWN, reasons=[error.report.message])
            return Look(exists=False, health=health, source=nobody.source(self._connection))
        image = reading.value
        health = await self._reader.volume_health(image)
        if operation is EXPAND:
            return Look(
                exists=True,
                satisfied=image.size_bytes >= parameters.size_bytes,
                state=state(image),
                hazards=[CANNOT_SHRINK],
                health=health,
                source=reading.source(self._connection),
            )
        snapshots = await self._cluster.snapshots(image)
        choice = choose(snapshots.value, parameters, snapshots.observed_at)
        return Look(
            exists=True,
            satisfied=not choice.delete,
            state=choice.state(),
            hazards=[],
            backup_available=bool(choice.keep),
            health=health,
            source=snapshots.source(self._connection),
        )

    async def act(
        self, operation: OperationSpec, name: ResourceName, parameters: Any, *, dry_run: bool
    ) -> Effect:
        try:
            image = (await self._image(name)).value
        except RoomError as error:
            raise type(error)(error.report.message, sent=False) from error
        do = expand if operation is EXPAND else clear
        return await do(self._cluster, image, parameters, dry_run=dry_run)

    async def close(self) -> None:
        await self._command.shell.close()

    async def _image(self, name: ResourceName) -> Reading[Image]:
        """An image, read now. Raises `NotFound`."""
        pool, key = place(name)
        return await self._cluster.image(pool, key)
