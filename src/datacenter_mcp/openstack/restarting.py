"""Reboots an instance softly, through its guest.

The state is the same before and after, so the marker is the request in the instance's own action log.
"""

from collections.abc import Sequence

from datacenter_mcp.contract.errors import Conflict
from datacenter_mcp.openstack import actions, api
from datacenter_mcp.openstack.api import Api
from datacenter_mcp.openstack.deed import Deed
from datacenter_mcp.openstack.settings import OpenstackSettings
from datacenter_mcp.openstack.target import Target
from datacenter_mcp.room import NoParameters, OperationSpec, State


async def marker(cloud: Api, target: Target) -> str | None:
    """The last reboot that came to its end. None: something is done to the instance right now: while a reboot is under way
    its status may say active already, and only its task tells.
    """
    if target.server.task_state:
        return None
    log = api.actions_of(target.server.id)
    latest = actions.latest_reboot(await cloud.every(log))
    if latest is None:
        return actions.NEVER
    entry = (await cloud.one(log, latest.request_id)).value
    over = actions.is_over(entry) and not actions.has_failed(entry)  # it may have failed meanwhile
    return entry.request_id if over else None


def _state(_target: Target) -> State:
    return {}


async def _plan(_cloud: Api, target: Target, _wanted: NoParameters) -> Sequence[str]:
    target.refuse_if_locked_or_busy()
    if target.server.status != "ACTIVE":
        raise Conflict(
            f"{target.name} is not active but {target.server.status.lower()}.", sent=False
        )
    return [f"Reboot {target.name} through its guest."]


async def _do(
    cloud: Api, target: Target, _wanted: NoParameters, _settings: OpenstackSettings
) -> str:
    """Returns when the cloud has taken it; whether the guest is back, a look tells."""
    request = await cloud.order(target.server.id, {"reboot": {"type": "SOFT"}})
    return f"{target.name} reboots ({request or 'the cloud names no request'})"


REBOOT = Deed(
    spec=OperationSpec(
        "reboot_instance",
        "Reboot an instance softly, through its guest.",
        destructive=True,
    ),
    state=_state,
    satisfied=lambda _target, _wanted: None,
    plan=_plan,
    do=_do,
    restarts=True,
)
