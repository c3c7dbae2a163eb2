"""Gives a VM more or less memory or CPUs: while it runs where the platform can, else the guest is shut down, the VM changed
and switched on again. The power is never cut: a guest that does not shut down is left as it is.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from pyVmomi import vim

from datacenter_mcp.contract.errors import (
    Conflict,
    InvalidRequest,
    Refused,
    RoomError,
    Unavailable,
)
from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.room import OperationSpec, State
from datacenter_mcp.vmware import asking
from datacenter_mcp.vmware.answers import Seen
from datacenter_mcp.vmware.deed import Deed
from datacenter_mcp.vmware.machine import CARRIES_US, MIB, Machine
from datacenter_mcp.vmware.session import VCenter
from datacenter_mcp.vmware.tasks import done

PAUSE_SECONDS = 1.0
POWER_CYCLE = "power_cycle"


class MemoryParameters(Wire):
    """`memory_mib`: what the VM shall have; the platform counts in steps of 4."""

    memory_mib: Annotated[int, Field(strict=True, ge=4, le=25_165_824, multiple_of=4)]


class CpuParameters(Wire):
    """`cpu_count`: what the VM shall have."""

    cpu_count: Annotated[int, Field(strict=True, ge=1, le=1_024)]


@dataclass(frozen=True, slots=True)
class Size:
    """One of the two sizes of a VM: our name, the platform's names, the unit in words."""

    attribute: str
    path: str
    field: str
    hot_add_path: str
    unit: str

    def has(self, machine: Machine) -> int:
        """What the VM has."""
        return machine.number(self.path)

    def state(self, machine: Machine) -> State:
        """As the operation's state."""
        return {self.attribute: self.has(machine)}

    def wanted(self, parameters: Any) -> int:
        """What it shall have."""
        return int(getattr(parameters, self.attribute))

    def is_hot(self, machine: Machine, count: int) -> bool:
        """Whether the VM may stay as it is meanwhile: it is off, or can get more while it runs."""
        if machine.power == "off":
            return True
        limit = machine.vm.get("config.hotPlugMemoryLimit").number
        within = self.attribute != "memory_mib" or not limit or count <= limit
        return (
            count > self.has(machine) and within and machine.vm.get(self.hot_add_path).flag is True
        )


MEMORY = Size("memory_mib", "config.hardware.memoryMB", "memoryMB", "config.memoryHotAddEnabled", "MiB of memory")  # fmt: skip
CPU = Size("cpu_count", "config.hardware.numCPU", "numCPUs", "config.cpuHotAddEnabled", "CPUs")


def _plan(size: Size, machine: Machine, count: int) -> Sequence[str]:
    """What would be done. Raises what forbids it; nothing was sent then."""
    machine.refuse_template()
    if machine.power == "suspended":
        raise Conflict(f"{machine.name} is suspended.", sent=False)
    _refuse_what_the_host_lacks(size, machine, count)
    if size is CPU:
        per_socket = machine.vm.get("config.hardware.numCoresPerSocket").number or 1
        if count % per_socket:
            raise InvalidRequest(
                f"{machine.name} has {per_socket} cores per socket: give it a multiple of that.",
                sent=False,
            )
    change = f"Set {machine.name} from {size.has(machine)} to {count} {size.unit}"
    if size.is_hot(machine, count):
        return [f"{change}." if machine.power == "off" else f"{change} while it runs."]
    machine.refuse_if_it_carries_us()
    if not machine.tools_run:
        raise Refused(
            f"{machine.name} would have to be shut down, and the tools in its guest do not run.",
            sent=False,
        )
    return [f"Shut down the guest of {machine.name}.", f"{change}.", f"Switch {machine.name} on."]


def _refuse_what_the_host_lacks(size: Size, machine: Machine, count: int) -> None:
    """More than the host has free is refused; what cannot be known, too."""
    more = count - size.has(machine)
    if more <= 0:
        return
    host = machine.host
    if host is None:
        raise Refused(f"We may not see the host of {machine.name}.", sent=False)
    if size is CPU:
        threads = host.get("summary.hardware").part("numCpuThreads").number
        if threads is None or count > threads:
            raise Refused(f"The host has {threads} CPUs; {count} are wanted.", sent=False)
        return
    total = host.get("summary.hardware").part("memorySize").number
    used = host.get("summary.quickStats.overallMemoryUsage").number
    free = None if total is None or used is None else total // MIB - used
    if free is None or more > free:
        raise Refused(f"The host has {free} MiB free; {more} more are wanted.", sent=False)


async def _do(size: Size, vcenter: VCenter, machine: Machine, count: int) -> str:
    if size.is_hot(machine, count):
        await _set(size, vcenter, machine, count, machine.vm)
        return f"{machine.name} has {count} {size.unit}"
    off = await _shut_down(size, vcenter, machine)
    try:
        if off.get(size.path).number != size.has(machine):
            raise Conflict(f"Somebody else changed {machine.name} just now.")
        await _set(size, vcenter, machine, count, off)
    except RoomError as error:
        await _switch_on(vcenter, machine)
        raise type(error)(
            f"{error.report.message} {machine.name} was shut down, and is on again.", sent=True
        ) from error
    await _switch_on(vcenter, machine)
    return f"{machine.name} has {count} {size.unit}, and was shut down and switched on for that"


async def _set(size: Size, vcenter: VCenter, machine: Machine, count: int, seen: Seen) -> None:
    """Change it, unless anybody else did since it was `seen`: the version of the configuration tells the platform."""
    version = seen.get("config.changeVersion").text
    wanted = vim.vm.ConfigSpec(**{size.field: count, "changeVersion": version})
    await done(
        vcenter,
        f"Changing {machine.name}",
        lambda api: asking.target(api, machine.ref).ReconfigVM_Task(spec=wanted),
    )


async def _shut_down(size: Size, vcenter: VCenter, machine: Machine) -> Seen:
    """Returns the VM as it is once it is off: switching it off may make another version of its configuration."""
    doing = f"Shutting down the guest of {machine.name}"
    await vcenter.write(doing, lambda api: asking.target(api, machine.ref).ShutdownGuest())
    paths = {"VirtualMachine": ("runtime.powerState", "config.changeVersion", size.path)}
    end = time.monotonic() + vcenter.settings.shutdown_seconds
    while True:
        [reading] = await vcenter.read(
            doing, lambda api: asking.some(api, [machine.ref], paths, page=1)
        )
        if reading.value[0].get("runtime.powerState").text == "poweredOff":
            return reading.value[0]
        if time.monotonic() > end:
            raise Unavailable(
                f"{doing}: it is not off yet. It was not changed; once it is off, it stays off.",
                sent=True,
            )
        await asyncio.sleep(PAUSE_SECONDS)


async def _switch_on(vcenter: VCenter, machine: Machine) -> None:
    try:
        await done(
            vcenter,
            f"Switching {machine.name} on",
            lambda api: asking.target(api, machine.ref).PowerOnVM_Task(),
        )
    except RoomError as error:
        message = f"{machine.name} was shut down and may still be off. {error.report.message}"
        raise type(error)(message, sent=True) from error


def _hazards(size: Size, machine: Machine, count: int) -> list[str]:
    carries = [CARRIES_US] if machine.carries_us else []
    return carries if size.is_hot(machine, count) else [*carries, POWER_CYCLE]


def _deed(size: Size, name: str, parameters: type[Wire], *, grows: bool) -> Deed:
    """The operation that makes a size larger, or the one that makes it smaller."""

    def satisfied(machine: Machine, wanted: Any) -> bool:
        has, count = size.has(machine), size.wanted(wanted)
        return has >= count if grows else has <= count

    more = "at least so many" if grows else "at most so many"
    return Deed(
        spec=OperationSpec(
            name,
            f"Give a VM {more} {size.unit}. Shuts it down and switches it on where it cannot be done while it runs.",
            parameters,
            destructive=True,
        ),
        state=size.state,
        satisfied=satisfied,
        hazards=lambda machine, wanted: _hazards(size, machine, size.wanted(wanted)),
        plan=lambda machine, wanted: _plan(size, machine, size.wanted(wanted)),
        do=lambda vcenter, machine, wanted: _do(size, vcenter, machine, size.wanted(wanted)),
    )


RESIZES = (
    _deed(MEMORY, "increase_memory", MemoryParameters, grows=True),
    _deed(MEMORY, "decrease_memory", MemoryParameters, grows=False),
    _deed(CPU, "increase_cpu", CpuParameters, grows=True),
    _deed(CPU, "decrease_cpu", CpuParameters, grows=False),
)
