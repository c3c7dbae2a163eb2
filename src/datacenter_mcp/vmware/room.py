"""The VMware room as the server sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from datacenter_mcp.contract.errors import Broken, NotFound, RoomError
from datacenter_mcp.contract.reading import Health, HealthStatus, Look, MetricsReport, Resource
from datacenter_mcp.grades import Proof, proof
from datacenter_mcp.ids import Naming
from datacenter_mcp.readings import Reading
from datacenter_mcp.room import Effect, Listing, OperationSpec
from datacenter_mcp.validating import validated
from datacenter_mcp.vmware import asking
from datacenter_mcp.vmware.deed import Deed
from datacenter_mcp.vmware.machine import Machine, read_machine, vm_ref
from datacenter_mcp.vmware.reader import VmwareReader
from datacenter_mcp.vmware.resizing import RESIZES
from datacenter_mcp.vmware.restarting import RESTART, marker
from datacenter_mcp.vmware.session import VCenter
from datacenter_mcp.vmware.settings import VmwareSettings
from datacenter_mcp.vmware.snapshotting import DELETE, SNAPSHOT

DEEDS: Mapping[str, Deed] = {
    deed.spec.name: deed for deed in (RESTART, SNAPSHOT, DELETE, *RESIZES)
}


class VmwareRoom:
    """What one vCenter or ESXi host manages."""

    platform = "vmware"
    operations: Sequence[OperationSpec] = tuple(deed.spec for deed in DEEDS.values())

    def __init__(self, connection: str, settings: VmwareSettings) -> None:
        self.connection = connection
        self._naming = Naming(self.platform, connection)
        self._vcenter = VCenter(settings)
        self._reader = VmwareReader(self._naming, self._vcenter)

    def drivers(self, target: str | None) -> Sequence[Proof]:
        return [proof("vmware")]

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        return await self._reader.list_resources(kind, parent)

    async def describe(self, resource_id: str) -> Resource:
        return await self._reader.describe(resource_id)

    async def health(self, resource_id: str | None) -> Health:
        return await self._reader.health(resource_id)

    async def metrics(self, resource_id: str) -> MetricsReport:
        return await self._reader.metrics(resource_id)

    async def look(self, operation: OperationSpec, target: str, parameters: Any) -> Look:
        """A recent snapshot is the backup; for taking or deleting one, none is needed."""
        ref = vm_ref(self._naming.parse(target))
        deed = DEEDS[operation.name]
        try:
            reading = await read_machine(self._vcenter, self._naming, ref)
        except NotFound as error:
            health = Health(status=HealthStatus.UNKNOWN, reasons=[error.report.message])
            said = Reading(None, asking.TOOL, error.report.message, {"object": ref.value})
            return Look(exists=False, health=health, source=said.source(self.connection))
        machine = reading.value
        return Look(
            exists=True,
            satisfied=deed.satisfied(machine, parameters),
            state=deed.state(machine),
            marker=await marker(self._vcenter, machine) if deed.restarts else None,
            hazards=list(deed.hazards(machine, parameters)),
            backup_available=self._backed_up(reading) if deed in RESIZES else None,
            health=machine.health,
            source=reading.source(self.connection),
        )

    async def act(
        self, operation: OperationSpec, target: str, parameters: Any, *, dry_run: bool
    ) -> Effect:
        """Look, do, look again. Whatever fails before it is done says that nothing was sent."""
        ref = vm_ref(self._naming.parse(target))
        deed = DEEDS[operation.name]
        try:
            machine = (await read_machine(self._vcenter, self._naming, ref)).value
        except RoomError as error:
            raise type(error)(error.report.message, sent=False) from error
        before = deed.state(machine)
        if deed.satisfied(machine, parameters):
            return Effect(before, before, detail="It is so already.")
        would = deed.plan(machine, parameters)
        if dry_run:
            return Effect(before, before, would=would)
        detail = await deed.do(self._vcenter, machine, parameters)
        return await self._done(deed, machine, parameters, detail)

    async def close(self) -> None:
        await self._vcenter.close()

    async def _done(self, deed: Deed, before: Machine, parameters: Any, detail: str) -> Effect:
        """The result, as it is seen; an answer of the platform is no proof."""
        try:
            after = (await read_machine(self._vcenter, self._naming, before.ref)).value
        except RoomError as error:
            message = f"It was done ({detail}), and not seen: {error.report.message}"
            raise type(error)(message, sent=True) from error
        if deed.satisfied(after, parameters) is False:
            raise Broken(f"It was done ({detail}), and does not show.", sent=True)
        return Effect(deed.state(before), deed.state(after), changed=True, detail=detail)

    def _backed_up(self, reading: Reading[Machine]) -> bool:
        most = self._vcenter.settings.backup_max_age_seconds
        return any(one.is_younger(most, reading.observed_at) for one in reading.value.snapshots)


def open_vmware(connection: str, settings: Mapping[str, Any]) -> VmwareRoom:
    """The room. Raises `InvalidRequest` for wrong settings; nothing is connected yet."""
    return VmwareRoom(connection, validated(VmwareSettings, settings, "vmware settings"))
