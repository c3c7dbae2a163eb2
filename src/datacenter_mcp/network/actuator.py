"""Changes interfaces: looks first, does nothing that is so already, and reads afterwards what became of it."""

import asyncio

from datacenter_mcp.contract.errors import (
    Broken,
    Conflict,
    Refused,
    RoomError,
    Unavailable,
)
from datacenter_mcp.contract.reading import Health, HealthStatus, Look
from datacenter_mcp.ids import Naming, ResourceName
from datacenter_mcp.network import mapping
from datacenter_mcp.network.nouns import Interface
from datacenter_mcp.network.paths import MANAGEMENT_PATH
from datacenter_mcp.network.reader import NetworkReader
from datacenter_mcp.network.session import Device, safe_interface
from datacenter_mcp.readings import Reading
from datacenter_mcp.room import Effect, OperationSpec, State

DOWN_SECONDS = 1
BACK_SECONDS = 15.0
"""How long a restarted interface may take to come back before we say so."""

ENABLE = OperationSpec("enable_port", "Set an interface administratively up.")
RESTART = OperationSpec(
    "restart_interface",
    "Set an interface down and up again; it comes back by itself when the session is lost meanwhile.",
    destructive=True,
)
CLEAR = OperationSpec(
    "clear_interface_errors",
    "Set the error counters of an interface to zero.",
    unsupported_because="Neither Linux nor FRR can clear the counters of an interface.",
)
DISABLE = OperationSpec(
    "disable_port",
    "Set an interface administratively down. Only the inverse of enable_port: never a repair of its own.",
    destructive=True,
)
OPERATIONS = (CLEAR, ENABLE, RESTART, DISABLE)


class NetworkActuator:
    """The operations of the room."""

    def __init__(self, naming: Naming, reader: NetworkReader) -> None:
        self._naming = naming
        self._reader = reader

    async def look(self, spec: OperationSpec, target: str) -> Look:
        """The interface as it is."""
        name = self._naming.parse(target)
        device = self._reader.device_of_interface(name)
        reading = await device.driver.interfaces()
        source = reading.source(self._naming.connection)
        port = name.native.partition("/")[2]
        found = next((item for item in reading.value if item.name == port), None)
        if found is None:
            unknown = Health(status=HealthStatus.UNKNOWN, reasons=["There is no such interface."])
            return Look(exists=False, health=unknown, source=source)
        carried = await self._reader.carrying(device, reading.value)
        hazards = None
        if carried is not None:
            hazards = [MANAGEMENT_PATH] if port in carried else []
        return Look(
            exists=True,
            satisfied=_satisfied(spec, found),
            state=_state(found),
            marker=_marker(found) if spec is RESTART else None,
            hazards=hazards,
            health=mapping.interface_health(found),
            source=source,
        )

    async def act(self, spec: OperationSpec, target: str, *, dry_run: bool) -> Effect:
        """Do it, unless it is so already. Raises `NotFound` without a change when there is no such interface."""
        name = self._naming.parse(target)
        device = self._reader.device_of_interface(name)
        port = safe_interface(name.native.partition("/")[2])
        before = await self._before(name)
        if spec is RESTART:
            return await self._restart(device, name, before, dry_run=dry_run)
        wanted = spec is ENABLE
        state = _state(before.value)
        if before.value.admin_up is wanted:
            return Effect(state, state, detail=f"It is {before.value.admin_state} already.")
        if dry_run:
            word = "up" if wanted else "down"
            would = [f"Set {port} on {device.name} administratively {word}."]
            return Effect(state, state, would=would)
        detail = await device.driver.set_admin(port, up=wanted)
        after = (await self._reader.interface(name)).value
        if after.admin_up is not wanted:
            raise Broken(
                f"{device.name} took the change, and {port} is {after.admin_state}.", sent=True
            )
        return Effect(state, _state(after), changed=True, detail=detail)

    async def _restart(
        self, device: Device, name: ResourceName, before: Reading[Interface], *, dry_run: bool
    ) -> Effect:
        port, state = before.value.name, _state(before.value)
        if not before.value.admin_up:
            raise Conflict(f"{port} is administratively down; enable it instead.", sent=False)
        if not device.driver.bounces_detached:
            await self._needs_no_session(device, port)
        if dry_run:
            would = [f"Set {port} on {device.name} down, and {DOWN_SECONDS} s later up again."]
            return Effect(state, state, would=would)
        detail = await device.driver.bounce(port, DOWN_SECONDS)
        after = await self._back(name, before.value)
        return Effect(state, _state(after), changed=True, detail=detail)

    async def _before(self, name: ResourceName) -> Reading[Interface]:
        """The interface before the change; whatever goes wrong here, nothing was changed."""
        try:
            return await self._reader.interface(name)
        except RoomError as error:
            raise type(error)(error.report.message, sent=False) from error

    async def _needs_no_session(self, device: Device, port: str) -> None:
        interfaces = (await device.driver.interfaces()).value
        carried = await self._reader.carrying(device, interfaces)
        if carried is None or port in carried:
            raise Refused(
                f"{port} may carry our own session, and a login that is vtysh itself cannot bring it back "
                "without us. Give the account a shell (frr_access: shell).",
                sent=False,
            )

    async def _back(self, name: ResourceName, before: Interface) -> Interface:
        """The interface once it has been down and is up again. Raises `Unavailable` when that is not seen in time."""
        was_down = False
        try:
            async with asyncio.timeout(BACK_SECONDS):
                while True:
                    await asyncio.sleep(0.2)
                    now = await self._seen(name)
                    if now is None:
                        continue
                    was_down = was_down or not now.admin_up or now.bounces != before.bounces
                    if now.admin_up and was_down:
                        return now
        except TimeoutError as error:
            raise Unavailable(
                f"The restart of {before.name} was not seen to end.", sent=True
            ) from error

    async def _seen(self, name: ResourceName) -> Interface | None:
        try:
            return (await self._reader.interface(name)).value
        except RoomError:  # the session may go down with the interface
            return None


def _satisfied(spec: OperationSpec, item: Interface) -> bool | None:
    if spec is ENABLE:
        return item.admin_up
    if spec is DISABLE:
        return not item.admin_up
    return None


def _state(item: Interface) -> State:
    return {"admin_state": item.admin_state}


def _marker(item: Interface) -> str | None:
    """How often the link went down; None without a carrier, since a restart then takes none away and would not show."""
    if item.bounces is None or item.oper_state != "up":
        return None
    return f"link-downs:{item.bounces}"
