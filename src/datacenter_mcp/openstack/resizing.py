"""Gives an instance another flavor, makes that final, or takes it back.

The cloud shuts the instance down, builds it anew with the flavor and keeps the old one until the resize is confirmed
or reverted; until then it is active for its users, and its status is `verify_resize`.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from datacenter_mcp.contract.errors import Conflict, InvalidRequest, NotFound, Refused, RoomError
from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.openstack import actions, api, quotas
from datacenter_mcp.openstack.answers import Flavor
from datacenter_mcp.openstack.api import Api
from datacenter_mcp.openstack.deed import Deed
from datacenter_mcp.openstack.settings import OpenstackSettings
from datacenter_mcp.openstack.target import WAITS, Target
from datacenter_mcp.room import OperationSpec, State

PAUSE_SECONDS = 0.5


class FlavorParameters(Wire):
    """`flavor`: the flavor that the instance shall have, by name or id."""

    flavor: Annotated[str, Field(min_length=1, max_length=255)]


def _state(target: Target) -> State:
    return {"flavor": target.flavor}


def _at_rest(target: Target, *statuses: str) -> bool:
    return target.server.task_state is None and target.server.status in statuses


def _resized(target: Target, wanted: FlavorParameters) -> bool:
    """It runs with the flavor; whether that is final already is another question."""
    return target.has(wanted.flavor) and _at_rest(target, "ACTIVE", WAITS)


def _final(target: Target, wanted: FlavorParameters) -> bool:
    """It runs with the flavor, and nothing waits to be confirmed."""
    return target.has(wanted.flavor) and _at_rest(target, "ACTIVE")


async def _plan_resize(cloud: Api, target: Target, wanted: FlavorParameters) -> Sequence[str]:
    """Everything that the cloud would refuse, and what it would take and then give up."""
    target.refuse_if_locked_or_busy()
    if target.waits:
        told = f"An earlier resize of {target.name} to {target.flavor} waits to be confirmed or reverted."
        raise Conflict(told, sent=False)
    if target.server.status != "ACTIVE":
        raise Conflict(
            f"{target.name} is not active but {target.server.status.lower()}.", sent=False
        )
    flavor = target.wanted(wanted.flavor)
    if flavor is None:
        known = ", ".join(sorted(one.name for one in target.flavors))
        raise InvalidRequest(
            f"There is no flavor {wanted.flavor}; there are: {known}.", sent=False
        )
    own_disk = target.server.image not in (None, "")
    if own_disk and 0 < flavor.disk < target.server.flavor.disk:
        told = f"{flavor.name} has {flavor.disk} GiB of disk; {target.name} has {target.server.flavor.disk}."
        raise Refused(told, sent=False)
    await _refuse_what_the_quota_lacks(cloud, target, flavor)
    return [
        f"Shut {target.name} down and build it anew with the flavor {flavor.name} instead of {target.flavor}.",
        "Keep the old one until the resize is confirmed.",
    ]


async def _refuse_what_the_quota_lacks(cloud: Api, target: Target, flavor: Flavor) -> None:
    """A quota that we may not read is the cloud's to mind: it answers 403."""
    has = target.server.flavor
    more = {"cores": flavor.vcpus - has.vcpus, "ram_mib": flavor.ram - has.ram}
    try:
        path = f"/os-quota-sets/{target.server.tenant_id}/detail"
        answer = (await cloud.raw("compute", path, {})).value.get("quota_set", {})
    except (Refused, NotFound):
        return
    for name, share in quotas.shares(answer).items():
        room = quotas.room(share)
        if more.get(name, 0) > 0 and room is not None and room < more[name]:
            told = f"The project's quota has room for {room} {name}; {more[name]} more are needed."
            raise Refused(told, sent=False)


async def _resize(
    cloud: Api, target: Target, wanted: FlavorParameters, settings: OpenstackSettings
) -> str:
    flavor = target.wanted(wanted.flavor)
    reference = flavor.id if flavor else wanted.flavor
    request = await cloud.order(target.server.id, {"resize": {"flavorRef": reference}})
    await _watch(cloud, target, request, settings.watch_seconds)
    return f"{target.name} was given the flavor {wanted.flavor}, not confirmed yet"


async def _watch(cloud: Api, target: Target, request: str | None, seconds: float) -> None:
    """Wait a little for the end of a resize. The cloud takes one that it then finds no host for; its action log alone says
    so. Raises `Refused` then: it gave it up, and the instance is as it was. What cannot be read now, a later look tells.
    """
    end = time.monotonic() + seconds
    while request is not None and time.monotonic() < end:
        try:
            entry = (await cloud.one(api.actions_of(target.server.id), request)).value
            server = (await cloud.one(api.SERVERS, target.server.id)).value
        except RoomError:
            return
        if server.task_state is None and server.status == WAITS:
            return
        if server.task_state is None and actions.has_failed(entry):
            why = f" ({server.fault.message})" if server.fault else ""
            raise Refused(f"The cloud took the resize of {target.name} and gave it up{why}.")
        await asyncio.sleep(PAUSE_SECONDS)


async def _plan_confirm(_cloud: Api, target: Target, wanted: FlavorParameters) -> Sequence[str]:
    target.refuse_if_locked_or_busy()
    if not target.waits:
        raise Conflict(f"No resize of {target.name} waits to be confirmed.", sent=False)
    if not target.has(wanted.flavor):
        told = f"What waits to be confirmed is {target.flavor}, not {wanted.flavor}."
        raise Conflict(told, sent=False)
    return [f"Make the flavor {target.flavor} of {target.name} final; the old one goes away."]


async def _confirm(
    cloud: Api, target: Target, _wanted: FlavorParameters, _settings: OpenstackSettings
) -> str:
    await cloud.order(target.server.id, {"confirmResize": None})
    return f"the flavor {target.flavor} of {target.name} is final"


async def _plan_revert(_cloud: Api, target: Target, wanted: FlavorParameters) -> Sequence[str]:
    target.refuse_if_locked_or_busy()
    if not target.waits:
        raise Refused(
            f"No resize of {target.name} waits to be reverted: what was kept for going back is gone. "
            f"It has the flavor {target.flavor}; only a new resize gives it {wanted.flavor}.",
            sent=False,
        )
    return [f"Take {target.name} back from {target.flavor} to the flavor from before."]


async def _revert(
    cloud: Api, target: Target, _wanted: FlavorParameters, _settings: OpenstackSettings
) -> str:
    await cloud.order(target.server.id, {"revertResize": None})
    return f"{target.name} goes back from {target.flavor} to the flavor from before"


RESIZE = Deed(
    spec=OperationSpec(
        "resize_instance",
        "Give an instance another flavor. Shuts it down; final only once it is confirmed.",
        FlavorParameters,
        destructive=True,
    ),
    state=_state,
    satisfied=_resized,
    plan=_plan_resize,
    do=_resize,
    needs_backup=True,
)
CONFIRM = Deed(
    spec=OperationSpec(
        "confirm_resize",
        "Make a resize final; what was kept for going back goes away.",
        FlavorParameters,
        destructive=True,
    ),
    state=_state,
    satisfied=_final,
    plan=_plan_confirm,
    do=_confirm,
)
REVERT = Deed(
    spec=OperationSpec(
        "revert_resize",
        "Go back to the flavor from before a resize that was not confirmed.",
        FlavorParameters,
        destructive=True,
    ),
    state=_state,
    satisfied=_final,
    plan=_plan_revert,
    do=_revert,
)
