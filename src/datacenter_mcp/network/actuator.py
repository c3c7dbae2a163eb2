"""Changes interfaces: looks first, does nothing that is so already, and reads afterwards what became of it."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import TypeVar

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
from datacenter_mcp.network.backups import Backups
from datacenter_mcp.network.nouns import Interface
from datacenter_mcp.network.paths import MANAGEMENT_PATH
from datacenter_mcp.network.reader import NetworkReader
from datacenter_mcp.network.session import Device, safe_interface
from datacenter_mcp.readings import Reading
from datacenter_mcp.remarks import HANDS_OFF, hands_off
from datacenter_mcp.room import Effect, OperationSpec, State

T = TypeVar("T")
DOWN_SECONDS = 1
BACK_SECONDS = 15.0
"""How long a restarted interface may take to come back before we say so."""

ENABLE = OperationSpec("enable_port", "Set an interface administratively up.")
RESTART = OperationSpec(
    "restart_interface",
    "Set an interface down and up again; it comes back by itself when the session is lost meanwhile.",
    destructive=True,
)
CLEAR = OperationSpec("clear_interface_errors", "Set the error counters of an interface to zero.")
DISABLE = OperationSpec(
    "disable_port",
    "Set an interface administratively down. Only the inverse of enable_port: never a repair of its own.",
    destructive=True,
)
OPERATIONS = (CLEAR, ENABLE, RESTART, DISABLE)


class NetworkActuator:
    """The operations of the room. `backups` None: configurations are not kept."""

    def __init__(self, naming: Naming, reader: NetworkReader, backups: Backups | None) -> None:
        self._naming = naming
        self._reader = reader
        self._backups = backups

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
        return Look(
            exists=True,
            satisfied=_satisfied(spec, found),
            state=_state(found),
            marker=_marker(found) if spec is RESTART else None,
            hazards=await self._hazards(spec, device, reading.value, found),
            backup_available=self._backups is not None if device.driver.needs_backup else None,
            health=mapping.interface_health(found),
            source=source,
        )

    async def _hazards(
        self, spec: OperationSpec, device: Device, all_: Sequence[Interface], item: Interface
    ) -> list[str] | None:
        """None: whether it carries our session could not be found out, and the operation could cut it."""
        said = [HANDS_OFF] if hands_off(item.description) else []
        carried = await self._reader.carrying(device, all_)
        if carried is None:
            return said if spec is ENABLE else None
        return [*said, *([MANAGEMENT_PATH] if item.name in carried else [])]

    async def act(self, spec: OperationSpec, target: str, *, dry_run: bool) -> Effect:
        """Do it, unless it is so already. Raises `NotFound` without a change when there is no such interface."""
        name = self._naming.parse(target)
        device = self._reader.device_of_interface(name)
        port = safe_interface(device.driver.interface_names, name.native.partition("/")[2])
        before = await _unsent(self._reader.interface(name))
        if spec is RESTART:
            return await self._restart(device, name, before, dry_run=dry_run)
        if spec is CLEAR:
            return await self._clear(device, name, before.value, dry_run=dry_run)
        wanted = spec is ENABLE
        state = _state(before.value)
        if before.value.admin_up is wanted:
            return Effect(state, state, detail=f"It is {before.value.admin_state} already.")
        if dry_run:
            word = "up" if wanted else "down"
            would = [f"Set {port} on {device.name} administratively {word}."]
            return Effect(state, state, would=would)
        kept = await self._kept(device)
        detail = await device.driver.set_admin(port, up=wanted)
        after = (await self._reader.interface(name)).value
        if after.admin_up is not wanted:
            raise Broken(
                f"{device.name} took the change, and {port} is {after.admin_state}.", sent=True
            )
        return Effect(state, _state(after), changed=True, detail=detail + kept)

    async def _clear(
        self, device: Device, name: ResourceName, before: Interface, *, dry_run: bool
    ) -> Effect:
        """The old counters are in the detail, which the brain's journal keeps: the device forgets them."""
        state = _state(before)
        if before.error_free:
            return Effect(state, state, detail="All of its error counters are zero already.")
        old = ", ".join(f"{counter} {value}" for counter, value in before.counters.items())
        if dry_run:
            return Effect(
                state, state, would=[f"Set the counters of {before.name} to zero: {old}."]
            )
        detail = await device.driver.clear_errors(before.name)
        after = (await self._reader.interface(name)).value
        if sum(after.errors) >= sum(before.errors) > 0:
            raise Broken(
                f"{device.name} took the command, and {before.name} counts as many errors as before.",
                sent=True,
            )
        return Effect(state, _state(after), changed=True, detail=f"{detail}; before: {old}")

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
        kept = await self._kept(device)
        detail = await device.driver.bounce(port, DOWN_SECONDS)
        # Without a count of its own, an interface that was down and up again looks as before.
        over = not device.driver.bounces_detached and before.value.bounces is None
        after = await self._back(name, before.value, was_down=over)
        return Effect(state, _state(after), changed=True, detail=detail + kept)

    async def _kept(self, device: Device) -> str:
        """Keep the configuration where it is needed; what to add to the detail."""
        if self._backups is None or not device.driver.needs_backup:
            return ""
        text = await _unsent(device.driver.configuration())
        path = await asyncio.to_thread(self._backups.keep, device.name, text)
        return f"; the configuration before is kept in {path}"

    async def _needs_no_session(self, device: Device, port: str) -> None:
        interfaces = (await device.driver.interfaces()).value
        carried = await self._reader.carrying(device, interfaces)
        if carried is None or port in carried:
            raise Refused(
                f"{port} may carry our own session, and {device.name} cannot bring it back without us. "
                "FRR can from a shell account (frr_access: shell); for a switch, name the port that "
                "carries the session (management_interface), and restart the others.",
                sent=False,
            )

    async def _back(self, name: ResourceName, before: Interface, *, was_down: bool) -> Interface:
        """The interface once it has been down and is up again. Raises `Unavailable` when that is not seen in time."""
        try:
            async with asyncio.timeout(BACK_SECONDS):
                while True:
                    now = await self._seen(name)
                    if now is None:
                        await asyncio.sleep(0.2)
                        continue
                    was_down = was_down or not now.admin_up or now.bounces != before.bounces
                    if now.admin_up and was_down:
                        return now
                    await asyncio.sleep(0.2)
        except TimeoutError as error:
            raise Unavailable(
                f"The restart of {before.name} was not seen to end.", sent=True
            ) from error

    async def _seen(self, name: ResourceName) -> Interface | None:
        try:
            return (await self._reader.interface(name)).value
        except RoomError:  # the session may go down with the interface
            return None


async def _unsent(reading: Awaitable[T]) -> T:
    """What is read before a change; whatever goes wrong here, nothing was changed."""
    try:
        return await reading
    except RoomError as error:
        raise type(error)(error.report.message, sent=False) from error


def _satisfied(spec: OperationSpec, item: Interface) -> bool | None:
    if spec is ENABLE:
        return item.admin_up
    if spec is DISABLE:
        return not item.admin_up
    return item.error_free if spec is CLEAR else None


def _state(item: Interface) -> State:
    return {"admin_state": item.admin_state}


def _marker(item: Interface) -> str | None:
    """How often the link went down; None without a carrier, since a restart then takes none away and would not show."""
    if item.bounces is None or item.oper_state != "up":
        return None
    return f"link-downs:{item.bounces}"
