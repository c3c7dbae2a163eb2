"""VMs: restarted, snapshotted, given more CPUs or memory, and back."""

from typing import Annotated, Any

from pydantic import Field

from datacenter_mcp.contract.errors import Conflict, InvalidRequest, Refused
from datacenter_mcp.contract.reading import Scalar, Wire
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.operations.operation import (
    BACKUP_SECONDS,
    RESTART_SECONDS,
    Deed,
    Operation,
    Sight,
    must_be_idle,
)
from datacenter_mcp.demo.physics.vmware import SNAPSHOT, runs
from datacenter_mcp.demo.things import Age, Thing, Value, moment, parts
from datacenter_mcp.demo.view import View
from datacenter_mcp.room import OperationSpec

NEARLY_FULL = 0.95
NO_TOOLS, POWER_CYCLE = "no_guest_tools", "power_cycle"


class Restart(Wire):
    """`allow_reset`: fall back to a hard reset when the guest does not answer."""

    allow_reset: bool = False


class SnapshotName(Wire):
    """One snapshot, by name."""

    snapshot_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]


class MemoryMib(Wire):
    """The memory that the VM shall have."""

    memory_mib: Annotated[int, Field(ge=4, le=25_165_824, multiple_of=4)]


class CpuCount(Wire):
    """The virtual CPUs that the VM shall have."""

    cpu_count: Annotated[int, Field(ge=1, le=1_024)]


def _backed_up(view: View, key: str) -> bool:
    age = view.get(key, "newest_snapshot_age_seconds")
    return bool(view.own(key, "_backup")) or (isinstance(age, int) and age < BACKUP_SECONDS)


def _boot(view: View, key: str) -> dict[str, Value]:
    """What a start of the guest makes of a VM."""
    back = view.now + RESTART_SECONDS
    return {"_booted": back, "_busy_until": back, "_hung": False, "_ailing": False}


def _look_restart(view: View, key: str, _: Restart) -> Sight:
    return Sight(
        {"power_state": view.get(key, "power_state")},
        marker=f"booted:{view.number(key, '_booted'):.3f}",
        hazards=[] if runs(view, key) else [NO_TOOLS],
    )


def _restart(view: View, key: str, wanted: Restart) -> Deed:
    must_be_idle(view, key)
    if view.get(key, "power_state") != "on":
        raise Conflict(f"{key} is off; a restart would start it.", sent=False)
    if view.get(key, "connection_state") != "connected":
        raise Conflict(f"{key} is {view.get(key, 'connection_state')}.", sent=False)
    if view.get(key, "question") is not None:
        raise Conflict(f"{key} waits for an answer: {view.get(key, 'question')}", sent=False)
    if not runs(view, key) and not wanted.allow_reset:
        raise Refused(
            f"The guest of {key} does not answer, and a reset is not allowed.", sent=False
        )
    word = "Restart the guest of" if runs(view, key) else "Reset"
    return Deed(
        f"{word} {key}.", [Step(key, _boot(view, key))], f"it is back in {RESTART_SECONDS:g} s"
    )


def _snapshots(view: View, key: str) -> dict[str, str]:
    """Name -> key."""
    things = (view.thing(one) for one in view.children(key, SNAPSHOT))
    return {thing.name: thing.key for thing in things if thing is not None}


def _look_snapshot(*, there: bool) -> Any:
    def look(view: View, key: str, wanted: SnapshotName) -> Sight:
        names: list[Scalar] = [*sorted(_snapshots(view, key))]
        return Sight({"snapshots": names}, (wanted.snapshot_name in names) is there)

    return look


def _snapshot(view: View, key: str, wanted: SnapshotName) -> Deed:
    must_be_idle(view, key)
    if wanted.snapshot_name in _snapshots(view, key):
        return Deed("", detail="A snapshot of that name is there already.")
    for store in view.listed(key, "datastore_ids"):
        if view.number(store, "usage_ratio") >= NEARLY_FULL:
            raise Refused(f"{store} has no room for a snapshot to grow.", sent=False)
    made = Thing(
        f"{SNAPSHOT}:{parts(key).native}/{wanted.snapshot_name}",
        wanted.snapshot_name,
        key,
        {
            "description": None,
            "created_at": moment(view.now),
            "age_seconds": Age(since=view.now),
            "power_state": view.get(key, "power_state"),
            "quiesced": False,
            "is_current": True,
            "parent_snapshot_id": None,
        },
    )
    steps = [Step(made.key, made=made), Step(key, {"_snapshot_wanted": False})]
    return Deed(f"Take a snapshot {wanted.snapshot_name} of {key}.", steps)


def _delete_snapshot(view: View, key: str, wanted: SnapshotName) -> Deed:
    must_be_idle(view, key)
    found = _snapshots(view, key).get(wanted.snapshot_name)
    if found is None:
        return Deed("", detail="There is no snapshot of that name.")
    return Deed(f"Delete the snapshot {wanted.snapshot_name} of {key}.", [Step(found, gone=True)])


def _cycles(view: View, key: str, hot_add: str, *, growing: bool) -> bool:
    """Whether a change of size takes the VM off and on again."""
    return view.get(key, "power_state") == "on" and not (growing and view.get(key, hot_add))


def _look_size(attribute: str, hot_add: str, *, growing: bool) -> Any:
    def look(view: View, key: str, wanted: Wire) -> Sight:
        size = int(view.number(key, attribute))
        satisfied = size == getattr(wanted, attribute)
        return Sight(
            {attribute: size},
            satisfied,
            hazards=[POWER_CYCLE] if _cycles(view, key, hot_add, growing=growing) else [],
            backup_available=_backed_up(view, key) if growing else None,
        )

    return look


def _resize(attribute: str, hot_add: str, *, growing: bool) -> Any:
    def plan(view: View, key: str, parameters: Wire) -> Deed:
        must_be_idle(view, key)
        size, wanted = int(view.number(key, attribute)), int(getattr(parameters, attribute))
        if wanted == size:
            return Deed("", detail=f"It has {attribute} {size} already.")
        if (wanted > size) is not growing:
            raise InvalidRequest(
                f"{key} has {attribute} {size}; this only goes {'up' if growing else 'down'}.",
                sent=False,
            )
        _must_fit(view, key, attribute, wanted)
        cycle = _cycles(view, key, hot_add, growing=growing)
        steps = [Step(key, {attribute: wanted, **(_boot(view, key) if cycle else {})})]
        how = "with a power cycle" if cycle else "while it runs"
        return Deed(f"Set {attribute} of {key} from {size} to {wanted}, {how}.", steps, how)

    return plan


def _must_fit(view: View, key: str, attribute: str, wanted: int) -> None:
    host = view.text(key, "host_id")
    most = {
        "memory_mib": view.number(host, "memory_total_bytes") / 2**20,
        "cpu_count": view.number(host, "cpu_threads"),
    }
    if wanted > most[attribute]:
        raise Refused(f"The host of {key} has no {attribute} of {wanted}.", sent=False)


OPERATIONS = (
    Operation(
        OperationSpec("restart_vm", "Restart the guest of a VM.", Restart, destructive=True),
        "vm",
        _look_restart,
        _restart,
        RESTART_SECONDS,
    ),
    Operation(
        OperationSpec("snapshot_vm", "Take a snapshot of a VM.", SnapshotName),
        "vm",
        _look_snapshot(there=True),
        _snapshot,
    ),
    Operation(
        OperationSpec(
            "delete_snapshot",
            "Delete one snapshot of a VM by name.",
            SnapshotName,
            destructive=True,
        ),
        "vm",
        _look_snapshot(there=False),
        _delete_snapshot,
    ),
    Operation(
        OperationSpec(
            "increase_memory",
            "Give a VM more memory; power-cycles it where hot add is off.",
            MemoryMib,
        ),
        "vm",
        _look_size("memory_mib", "memory_hot_add", growing=True),
        _resize("memory_mib", "memory_hot_add", growing=True),
    ),
    Operation(
        OperationSpec(
            "decrease_memory",
            "Set the memory of a VM back; needs a power cycle.",
            MemoryMib,
            destructive=True,
        ),
        "vm",
        _look_size("memory_mib", "memory_hot_add", growing=False),
        _resize("memory_mib", "memory_hot_add", growing=False),
        RESTART_SECONDS,
    ),
    Operation(
        OperationSpec(
            "increase_cpu", "Give a VM more CPUs; power-cycles it where hot add is off.", CpuCount
        ),
        "vm",
        _look_size("cpu_count", "cpu_hot_add", growing=True),
        _resize("cpu_count", "cpu_hot_add", growing=True),
    ),
    Operation(
        OperationSpec(
            "decrease_cpu",
            "Set the CPUs of a VM back; needs a power cycle.",
            CpuCount,
            destructive=True,
        ),
        "vm",
        _look_size("cpu_count", "cpu_hot_add", growing=False),
        _resize("cpu_count", "cpu_hot_add", growing=False),
        RESTART_SECONDS,
    ),
)
