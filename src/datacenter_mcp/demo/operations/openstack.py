"""Instances: rebooted softly, given another flavor, and back until the resize is confirmed."""

from typing import Annotated, Any

from pydantic import Field

from datacenter_mcp.contract.errors import Conflict, InvalidRequest, Refused
from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.demo.building.openstack import FLAVORS
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.operations.operation import (
    RESTART_SECONDS,
    Deed,
    Operation,
    Sight,
    must_be_idle,
)
from datacenter_mcp.demo.things import Value
from datacenter_mcp.demo.view import View
from datacenter_mcp.room import OperationSpec

CONFIRMED_AFTER_SECONDS = 86_400.0
"""A resize that nobody reverts is confirmed by itself, as with `resize_confirm_window`."""


class Flavor(Wire):
    """The flavor that the instance shall have, by name."""

    flavor: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]


def _must_be_free(view: View, key: str, status: str) -> None:
    must_be_idle(view, key)
    if view.get(key, "locked"):
        raise Refused(f"{key} is locked.", sent=False)
    if view.get(key, "status") != status:
        raise Conflict(f"{key} is {view.get(key, 'status')}, not {status}.", sent=False)
    hypervisor = view.text(key, "hypervisor_id")
    if view.get(hypervisor, "state") != "up":
        raise Conflict(f"The hypervisor of {key} does not answer.", sent=False)


def _busy(view: View, status: str, task: str) -> dict[str, Value]:
    return {"_busy_until": view.now + RESTART_SECONDS, "_busy_as": status, "_task": task}


def _look_reboot(view: View, key: str, _: Any) -> Sight:
    state = {"flavor": view.get(key, "flavor")}
    return Sight(state, marker=f"reboots:{view.number(key, '_rebooted'):.3f}")


def _reboot(view: View, key: str, _: Any) -> Deed:
    _must_be_free(view, key, "active")
    steps = [
        Step(key, {**_busy(view, "reboot", "rebooting"), "_rebooted": view.now}),
        Step(key, {"_crashed": False, "_hung": False}, after_seconds=RESTART_SECONDS),
    ]
    return Deed(f"Reboot {key} softly.", steps, f"it is back in {RESTART_SECONDS:g} s")


def _look_flavor(view: View, key: str, wanted: Flavor) -> Sight:
    settled = view.get(key, "task_state") is None
    satisfied = settled and view.get(key, "flavor") == wanted.flavor
    return Sight(
        {"flavor": view.get(key, "flavor")},
        satisfied,
        backup_available=bool(view.own(key, "_backup")),
    )


def _resize(view: View, key: str, wanted: Flavor) -> Deed:
    flavor = view.text(key, "flavor")
    if wanted.flavor not in FLAVORS:
        raise InvalidRequest(f"There is no flavor {wanted.flavor!r}.", sent=False)
    if flavor == wanted.flavor:
        return Deed("", detail=f"It has {flavor} already.")
    _must_be_free(view, key, "active")
    if FLAVORS[wanted.flavor][2] < FLAVORS[flavor][2]:
        raise Refused(f"The disk of {wanted.flavor} is smaller than that of {flavor}.", sent=False)
    _must_be_in_quota(view, key, wanted.flavor)
    steps = [
        Step(key, _busy(view, "resize", "resize_migrating")),
        Step(
            key,
            {
                "flavor": wanted.flavor,
                "_resized_from": flavor,
                "_crashed": False,
                "_confirms_at": view.now + CONFIRMED_AFTER_SECONDS,
            },
            after_seconds=RESTART_SECONDS,
        ),
    ]
    return Deed(
        f"Resize {key} from {flavor} to {wanted.flavor}.", steps, "it can be reverted for a day"
    )


def _must_be_in_quota(view: View, key: str, flavor: str) -> None:
    thing = view.thing(key)
    more = {
        "cores": FLAVORS[flavor][0] - view.number(key, "cpu_count"),
        "ram_mib": FLAVORS[flavor][1] - view.number(key, "memory_mib"),
    }
    for quota in view.children(thing.parent or "", "openstack:quota") if thing else ():
        needed = more.get(view.text(quota, "resource"), 0)
        if view.number(quota, "used") + needed > view.number(quota, "limit"):
            raise Refused(
                f"The quota of {view.get(quota, 'resource')} has no room for {flavor}.", sent=False
            )


def _look_confirmed(view: View, key: str, wanted: Flavor) -> Sight:
    waits = view.get(key, "status") == "verify_resize"
    satisfied = not waits and view.get(key, "flavor") == wanted.flavor
    return Sight({"flavor": view.get(key, "flavor")}, satisfied)


def _confirm(view: View, key: str, wanted: Flavor) -> Deed:
    if _look_confirmed(view, key, wanted).satisfied:
        return Deed("", detail=f"{wanted.flavor} is final already.")
    _must_be_free(view, key, "verify_resize")
    flavor = view.text(key, "flavor")
    if flavor != wanted.flavor:
        raise InvalidRequest(
            f"What waits to be confirmed is {flavor}, not {wanted.flavor}.", sent=False
        )
    return Deed(f"Make {flavor} of {key} final.", [Step(key, {"_resized_from": None})])


def _revert(view: View, key: str, wanted: Flavor) -> Deed:
    if view.get(key, "flavor") == wanted.flavor:
        return Deed("", detail=f"It has {wanted.flavor} already.")
    _must_be_free(view, key, "verify_resize")
    if view.own(key, "_resized_from") != wanted.flavor:
        raise InvalidRequest(
            f"{key} had {view.own(key, '_resized_from')} before, not {wanted.flavor}.", sent=False
        )
    steps = [
        Step(key, _busy(view, "revert_resize", "resize_reverting")),
        Step(key, {"flavor": wanted.flavor, "_resized_from": None}, after_seconds=RESTART_SECONDS),
    ]
    return Deed(f"Bring {key} back to {wanted.flavor}.", steps)


OPERATIONS = (
    Operation(
        OperationSpec(
            "reboot_instance", "Reboot an instance softly, through its guest.", destructive=True
        ),
        "instance",
        _look_reboot,
        _reboot,
        RESTART_SECONDS,
    ),
    Operation(
        OperationSpec(
            "resize_instance", "Change the flavor of an instance.", Flavor, destructive=True
        ),
        "instance",
        _look_flavor,
        _resize,
        RESTART_SECONDS,
    ),
    Operation(
        OperationSpec("confirm_resize", "Make a resize final.", Flavor, destructive=True),
        "instance",
        _look_confirmed,
        _confirm,
    ),
    Operation(
        OperationSpec(
            "revert_resize",
            "Go back to the flavor from before a resize that was not confirmed.",
            Flavor,
            destructive=True,
        ),
        "instance",
        _look_flavor,
        _revert,
        RESTART_SECONDS,
    ),
)
