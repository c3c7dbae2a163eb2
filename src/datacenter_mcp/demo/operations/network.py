"""Ports: enabled, disabled, bounced, their error counters cleared."""

from typing import Any

from datacenter_mcp.contract.errors import Conflict
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.operations.operation import Deed, Operation, Sight
from datacenter_mcp.demo.things import Count, Value
from datacenter_mcp.demo.view import View
from datacenter_mcp.remarks import HANDS_OFF, hands_off
from datacenter_mcp.room import OperationSpec, State

DOWN_SECONDS = 2.0
ERRORS = ("rx_errors", "tx_errors", "rx_dropped", "tx_dropped")
MANAGEMENT_PATH = "management_path"


def _state(view: View, key: str) -> State:
    return {"admin_state": view.get(key, "admin_state")}


def _hazards(view: View, key: str) -> list[str]:
    said = [HANDS_OFF] if hands_off(view.get(key, "description")) else []
    return [*said, *([MANAGEMENT_PATH] if view.get(key, "is_management") else [])]


def _look_admin(wanted: str) -> Any:
    def look(view: View, key: str, _: Any) -> Sight:
        satisfied = view.get(key, "admin_state") == wanted
        return Sight(_state(view, key), satisfied, hazards=_hazards(view, key))

    return look


def _set_admin(wanted: str) -> Any:
    def plan(view: View, key: str, _: Any) -> Deed:
        if view.get(key, "admin_state") == wanted:
            return Deed("", detail=f"It is {wanted} already.")
        return Deed(f"Set {key} administratively {wanted}.", [Step(key, {"admin_state": wanted})])

    return plan


def _look_restart(view: View, key: str, _: Any) -> Sight:
    marker = f"restarts:{int(view.number(key, '_restarts'))}"
    return Sight(_state(view, key), marker=marker, hazards=_hazards(view, key))


def _restart(view: View, key: str, _: Any) -> Deed:
    if view.get(key, "admin_state") != "up":
        raise Conflict(f"{key} is administratively down; enable it instead.", sent=False)
    downs, restarts = view.number(key, "link_downs") + 1, view.number(key, "_restarts") + 1
    steps = [
        Step(key, {"_stuck": True, "link_downs": int(downs), "_restarts": int(restarts)}),
        Step(key, {"_stuck": False, "_flapping": False}, after_seconds=DOWN_SECONDS),
    ]
    return Deed(f"Set {key} down, and {DOWN_SECONDS:g} s later up again.", steps)


def _look_counters(view: View, key: str, _: Any) -> Sight:
    clean = not any(view.number(key, name) for name in ERRORS)
    return Sight(_state(view, key), clean, hazards=_hazards(view, key))


def _clear(view: View, key: str, _: Any) -> Deed:
    """What makes the errors goes on making them."""
    before = {name: int(view.number(key, name)) for name in ERRORS}
    if not any(before.values()):
        return Deed("", detail="All error counters are zero already.")
    fresh: dict[str, Value] = {}
    for name in ERRORS:
        raw = view.raw(key, name)
        fresh[name] = (
            raw.model_copy(update={"start": 0, "since": view.now}) if isinstance(raw, Count) else 0
        )
    counted = ", ".join(f"{name} {value}" for name, value in before.items())
    return Deed(
        f"Set the error counters of {key} to zero.", [Step(key, fresh)], f"before: {counted}"
    )


OPERATIONS = (
    Operation(
        OperationSpec("clear_interface_errors", "Set the error counters of an interface to zero."),
        "interface",
        _look_counters,
        _clear,
    ),
    Operation(
        OperationSpec("enable_port", "Set an interface administratively up."),
        "interface",
        _look_admin("up"),
        _set_admin("up"),
    ),
    Operation(
        OperationSpec(
            "disable_port",
            "Set an interface administratively down. Only the inverse of enable_port: never a repair of its own.",
            destructive=True,
        ),
        "interface",
        _look_admin("down"),
        _set_admin("down"),
    ),
    Operation(
        OperationSpec(
            "restart_interface", "Set an interface down and up again.", destructive=True
        ),
        "interface",
        _look_restart,
        _restart,
        DOWN_SECONDS,
    ),
)
