"""A Linux host as the room sees it: reads its volumes and snapshots, and changes them."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

from datacenter_mcp.contract.errors import NotFound, RoomError, Unavailable
from datacenter_mcp.contract.reading import Health, HealthStatus, Look, MetricsReport, Resource
from datacenter_mcp.grades import Proof, proof
from datacenter_mcp.ids import Naming, ResourceName
from datacenter_mcp.readings import Reading, metrics
from datacenter_mcp.room import Effect, Listing, OperationSpec
from datacenter_mcp.storage.choosing import choose
from datacenter_mcp.storage.linux import mapping
from datacenter_mcp.storage.linux.clearing import clear, refuse_without_snapshots
from datacenter_mcp.storage.linux.expanding import expand, state
from datacenter_mcp.storage.linux.host import Host
from datacenter_mcp.storage.linux.nouns import Volume
from datacenter_mcp.storage.operations import CANNOT_SHRINK, EXPAND
from datacenter_mcp.storage.system import failure, joined


@dataclass(frozen=True, slots=True)
class LinuxSystem:
    """One host of a connection."""

    naming: Naming
    host: Host

    @property
    def name(self) -> str:
        return self.host.name

    @property
    def proof(self) -> Proof:
        return proof("storage linux")

    async def read(self, kinds: Collection[str], within: ResourceName | None) -> Listing:
        parts = [await self._read_kind(kind) for kind in mapping.KINDS if kind in kinds]
        return joined(*parts)

    async def describe(self, name: ResourceName) -> Resource:
        found = await self._read_kind(name.kind) if name.kind in mapping.KINDS else Listing([])
        for resource in found.resources:
            if resource.id == str(name):
                return resource
        if found.failures:  # it may be on what could not be read
            raise Unavailable("; ".join(failure.message for failure in found.failures))
        raise NotFound(f"There is no {name}.")

    async def metrics(self, name: ResourceName) -> MetricsReport:
        """The numbers among the facts of one resource."""
        found = await self.describe(name)
        return MetricsReport(id=found.id, metrics=metrics(found.facts), source=found.source)

    async def health(self, name: ResourceName | None) -> Health:
        """Of the host: whether it answers. A snapshot that is there is well."""
        if name is None:
            await self.host.answers()
            return mapping.OK
        if name.kind == mapping.VOLUME:
            volume = (await self._volume_named(name)).value
            return mapping.volume_health(volume, await self.host.details(volume))
        await self.describe(name)
        return mapping.OK

    async def look(self, operation: OperationSpec, name: ResourceName, parameters: Any) -> Look:
        connection = self.naming.connection
        try:
            reading = await self._volume_named(name)
        except NotFound as error:
            nobody = await self.host.answers()
            health = Health(status=HealthStatus.UNKNOWN, reasons=[error.report.message])
            return Look(exists=False, health=health, source=nobody.source(connection))
        volume = reading.value
        health = mapping.volume_health(volume, await self.host.details(volume))
        if operation is EXPAND:
            return Look(
                exists=True,
                satisfied=volume.size_bytes >= parameters.size_bytes,
                state=state(volume),
                hazards=[CANNOT_SHRINK],
                health=health,
                source=reading.source(connection),
            )
        refuse_without_snapshots(volume)
        snapshots = await self.host.snapshots(volume)
        choice = choose(snapshots.value, parameters, snapshots.observed_at)
        return Look(
            exists=True,
            satisfied=not choice.delete,
            state=choice.state(),
            hazards=[],
            backup_available=bool(choice.keep),
            health=health,
            source=snapshots.source(connection),
        )

    async def act(
        self, operation: OperationSpec, name: ResourceName, parameters: Any, *, dry_run: bool
    ) -> Effect:
        try:
            reading = await self._volume_named(name)
        except RoomError as error:
            raise type(error)(error.report.message, sent=False) from error
        do = expand if operation is EXPAND else clear
        return await do(self.host, reading.value, parameters, dry_run=dry_run)

    async def close(self) -> None:
        await self.host.shell.close()

    async def _volume_named(self, name: ResourceName) -> Reading[Volume]:
        """A volume, read now. Raises `NotFound`."""
        reading = await self.host.volumes()
        uuid = name.native.partition("/")[2]
        for volume in reading.value:
            if volume.uuid == uuid:
                return reading.holding(await self.host.measured(volume))
        raise NotFound(f"There is no volume {uuid!r} mounted on {self.name}.")

    async def _read_kind(self, kind: str) -> Listing:
        if kind == mapping.HOST:
            reading = await self.host.answers()
            source = reading.source(self.naming.connection)
            return Listing([mapping.host(self.naming, self.name, reading.value, source)])
        volumes = await self.host.volumes()
        read = self._volume if kind == mapping.VOLUME else self._snapshots
        return joined(*[await self._apart(volumes.holding(v), read) for v in volumes.value])

    async def _apart(
        self,
        reading: Reading[Volume],
        read: Callable[[Reading[Volume]], Awaitable[list[Resource]]],
    ) -> Listing:
        """What is read of one volume; when it is sick, the host's other volumes are read all the same."""
        try:
            return Listing(await read(reading))
        except RoomError as error:
            return Listing([], [failure(f"{self.name} {reading.value.mountpoint}", error)])

    async def _volume(self, reading: Reading[Volume]) -> list[Resource]:
        volume = await self.host.measured(reading.value)
        details = await self.host.details(volume)
        snapshots = await self.host.snapshots(volume)
        source = reading.source(self.naming.connection)
        return [mapping.volume(self.naming, self.name, volume, details, snapshots, source)]

    async def _snapshots(self, of: Reading[Volume]) -> list[Resource]:
        reading = await self.host.snapshots(of.value)
        source = reading.source(self.naming.connection)
        now = reading.observed_at
        return [
            mapping.snapshot(self.naming, self.name, of.value, item, now, source)
            for item in reading.value
        ]
