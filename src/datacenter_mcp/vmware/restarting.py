"""Restarts the guest of a VM through its tools; a hard reset only where that is allowed and the tools do not answer.

The platform's boot time stays as it is when a guest restarts or is reset, so the marker is made of it and of the
platform's own record of restarts.
"""

from datetime import timedelta

from pyVmomi import vim

from datacenter_mcp.contract.errors import Conflict, Refused
from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.room import OperationSpec, State
from datacenter_mcp.vmware import asking
from datacenter_mcp.vmware.answers import Node
from datacenter_mcp.vmware.deed import Deed
from datacenter_mcp.vmware.machine import CARRIES_US, Machine
from datacenter_mcp.vmware.mapping import iso
from datacenter_mcp.vmware.session import Api, VCenter
from datacenter_mcp.vmware.tasks import done

RESTARTS = ("VmGuestRebootEvent", "VmResettingEvent", "VmDasBeingResetEvent")
RECORDS = 100
"""The platform gives the latest first; so many are far more than those of one boot."""
BOOT = timedelta(seconds=150)
"""A guest whose tools are not back yet is still booting for so long; after that it is not waited for."""
NO_TOOLS = "no_guest_tools"


class RestartParameters(Wire):
    """`allow_reset`: fall back to a hard reset when the guest's tools do not answer."""

    allow_reset: bool = False


async def marker(vcenter: VCenter, machine: Machine) -> str | None:
    """Changes with every restart that the platform made. None: it is off, or boots right now."""
    if machine.power != "on":
        return None

    def read(api: Api) -> tuple[str, bool]:
        page = _records(api, machine)
        key, at = max(
            (
                (one.part("key").number or 0, one.part("createdTime").moment)
                for one in page.parts()
            ),
            key=lambda one: one[0],
            default=(0, None),
        )
        # Both times are the platform's: our clock may differ from its.
        now = vim.ServiceInstance("ServiceInstance", api.wire).CurrentTime()
        return str(key), at is not None and now - at < BOOT

    key, just_now = await vcenter.read(f"Reading the restarts of {machine.name}", read)
    if just_now and machine.has_tools and not machine.tools_run:
        return None
    return f"{iso(machine.booted_at)}/{key}"


def _state(machine: Machine) -> State:
    return {"power_state": machine.power}


def _hazards(machine: Machine, _wanted: RestartParameters) -> list[str]:
    """Without tools nothing answers in the guest, so that only a reset would help."""
    carries = [CARRIES_US] if machine.carries_us else []
    return carries if machine.tools_run else [*carries, NO_TOOLS]


def _plan(machine: Machine, wanted: RestartParameters) -> list[str]:
    machine.refuse_template()
    machine.refuse_if_it_carries_us()
    if machine.power != "on":
        raise Conflict(f"{machine.name} is not on, but {machine.power}.", sent=False)
    if machine.tools_run:
        return [f"Restart the guest of {machine.name}."]
    if not wanted.allow_reset:
        raise Refused(
            f"The tools in the guest of {machine.name} do not run, and a reset is not allowed.",
            sent=False,
        )
    return [f"Reset {machine.name}, as if by the button: its tools do not run."]


async def _do(vcenter: VCenter, machine: Machine, _wanted: RestartParameters) -> str:
    """Returns when the platform has taken it; whether the guest is back, a look tells."""
    if machine.tools_run:
        doing = f"Restarting the guest of {machine.name}"
        await vcenter.write(doing, lambda api: asking.target(api, machine.ref).RebootGuest())
        return f"the guest of {machine.name} restarts"
    doing = f"Resetting {machine.name}"
    await done(vcenter, doing, lambda api: asking.target(api, machine.ref).ResetVM_Task())
    return f"{machine.name} was reset"


def _records(api: Api, machine: Machine) -> Node:
    Filter = vim.event.EventFilterSpec  # noqa: N806 - it holds classes
    entity = Filter.ByEntity(entity=asking.target(api, machine.ref), recursion="self")
    wanted = Filter(entity=entity, eventTypeId=list(RESTARTS))
    [reading] = asking.latest_events(api, wanted, RECORDS)
    return reading.value[0].get("latestPage")


RESTART = Deed(
    spec=OperationSpec(
        "restart_vm",
        "Restart the guest of a VM through its tools; a hard reset only with allow_reset.",
        RestartParameters,
        destructive=True,
    ),
    state=_state,
    satisfied=lambda _machine, _wanted: None,
    hazards=_hazards,
    plan=_plan,
    do=_do,
    restarts=True,
)
