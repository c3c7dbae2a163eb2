"""The OpenStack room as the server sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from datacenter_mcp.contract.errors import NotFound, RoomError
from datacenter_mcp.contract.reading import Health, HealthStatus, Look, MetricsReport, Resource
from datacenter_mcp.grades import Proof, proof
from datacenter_mcp.ids import Naming
from datacenter_mcp.openstack.api import Api
from datacenter_mcp.openstack.deed import Deed
from datacenter_mcp.openstack.reader import OpenstackReader
from datacenter_mcp.openstack.refusals import unsent
from datacenter_mcp.openstack.resizing import CONFIRM, RESIZE, REVERT
from datacenter_mcp.openstack.restarting import REBOOT, marker
from datacenter_mcp.openstack.session import Session
from datacenter_mcp.openstack.settings import OpenstackSettings
from datacenter_mcp.openstack.target import backed_up, native_of, read_target
from datacenter_mcp.readings import Reading
from datacenter_mcp.room import Effect, Listing, OperationSpec
from datacenter_mcp.validating import validated

DEEDS: Mapping[str, Deed] = {deed.spec.name: deed for deed in (REBOOT, RESIZE, CONFIRM, REVERT)}


class OpenstackRoom:
    """One cloud behind one connection."""

    platform = "openstack"
    operations: Sequence[OperationSpec] = tuple(deed.spec for deed in DEEDS.values())

    def __init__(self, connection: str, settings: OpenstackSettings) -> None:
        self.connection = connection
        self._settings = settings
        self._ids = Naming(self.platform, connection)
        self._session = Session(settings)
        self._api = Api(self._session, settings.page_size)
        self._reader = OpenstackReader(self._ids, self._api, all_projects=settings.all_projects)

    def drivers(self, target: str | None) -> Sequence[Proof]:
        return [proof("openstack")]

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        return await self._reader.list_resources(kind, parent)

    async def describe(self, resource_id: str) -> Resource:
        return await self._reader.describe(resource_id)

    async def health(self, resource_id: str | None) -> Health:
        return await self._reader.health(resource_id)

    async def metrics(self, resource_id: str) -> MetricsReport:
        return await self._reader.metrics(resource_id)

    async def look(self, operation: OperationSpec, target: str, parameters: Any) -> Look:
        native, deed = native_of(self._ids, target), DEEDS[operation.name]
        try:
            reading = await read_target(self._api, self._ids, native)
        except NotFound as error:
            unknown = Health(status=HealthStatus.UNKNOWN, reasons=[error.report.message])
            said = Reading(None, f"GET compute /servers/{native}", error.report.message)
            return Look(exists=False, health=unknown, source=said.source(self.connection))
        seen, most = reading.value, self._settings.backup_max_age_seconds
        return Look(
            exists=True,
            satisfied=deed.satisfied(seen, parameters),
            state=deed.state(seen),
            marker=await marker(self._api, seen) if deed.restarts else None,
            hazards=seen.hazards,
            backup_available=await backed_up(self._api, reading, most)
            if deed.needs_backup
            else None,
            health=seen.health,
            source=reading.source(self.connection),
        )

    async def act(
        self, operation: OperationSpec, target: str, parameters: Any, *, dry_run: bool
    ) -> Effect:
        """Look, do, look again. Whatever fails before it is done says that nothing was sent."""
        native, deed = native_of(self._ids, target), DEEDS[operation.name]
        try:
            seen = (await read_target(self._api, self._ids, native)).value
            before = deed.state(seen)
            if deed.satisfied(seen, parameters):
                return Effect(before, before, detail="It is so already.")
            would = await deed.plan(self._api, seen, parameters)
        except RoomError as error:
            raise unsent(error) from error
        if dry_run:
            return Effect(before, before, would=would)
        detail = await deed.do(self._api, seen, parameters, self._settings)
        try:
            after = deed.state((await read_target(self._api, self._ids, native)).value)
        except RoomError as error:
            told = f"It was asked for ({detail}), and not seen: {error.report.message}"
            raise type(unsent(error))(told, sent=True) from error
        return Effect(before, after, changed=True, detail=detail)

    async def close(self) -> None:
        await self._session.close()


def open_openstack(connection: str, settings: Mapping[str, Any]) -> OpenstackRoom:
    """The room. Raises `InvalidRequest` for wrong settings; nothing is connected yet."""
    return OpenstackRoom(connection, validated(OpenstackSettings, settings, "openstack settings"))
