"""Takes and deletes snapshots of a VM by name. What is taken is the disks as they are, without the memory and without
asking the guest to hold still: like after a power cut, and the same on every VM.
"""

from typing import Annotated

from pydantic import Field

from datacenter_mcp.contract.errors import Conflict, Refused
from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.room import OperationSpec, State
from datacenter_mcp.vmware import asking
from datacenter_mcp.vmware.deed import Deed
from datacenter_mcp.vmware.machine import Machine
from datacenter_mcp.vmware.mapping import ratio
from datacenter_mcp.vmware.session import VCenter
from datacenter_mcp.vmware.tasks import done
from datacenter_mcp.vmware.tree import named
from datacenter_mcp.vmware.vms import Snapshot

DESCRIPTION = "Taken by datacenter-docs."
FULLEST_RATIO = 0.95
"""A snapshot grows; where a datastore is fuller than this, it might stop every VM on it."""


class SnapshotParameters(Wire):
    """`snapshot_name`: one snapshot of the VM, by name."""

    snapshot_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]


def _state(machine: Machine) -> State:
    return {"snapshots": [*sorted(one.name for one in machine.snapshots)]}


def _named(machine: Machine, wanted: SnapshotParameters) -> list[Snapshot]:
    return [one for one in machine.snapshots if one.name == wanted.snapshot_name]


def _plan_taking(machine: Machine, wanted: SnapshotParameters) -> list[str]:
    machine.refuse_template()
    for store in machine.datastores:
        summary = store.get("summary")
        left = ratio(summary.part("freeSpace").number, summary.part("capacity").number)
        if left is not None and 1 - left > FULLEST_RATIO:
            name = named(store.get("name").text)
            raise Refused(
                f"The datastore {name} is {1 - left:.1%} full: a snapshot might fill it.",
                sent=False,
            )
    return [f"Take the snapshot {wanted.snapshot_name} of {machine.name}."]


async def _take(vcenter: VCenter, machine: Machine, wanted: SnapshotParameters) -> str:
    await done(
        vcenter,
        f"Taking a snapshot of {machine.name}",
        lambda api: asking.target(api, machine.ref).CreateSnapshot_Task(
            name=wanted.snapshot_name, description=DESCRIPTION, memory=False, quiesce=False
        ),
    )
    return f"the snapshot {wanted.snapshot_name} of {machine.name} was taken"


def _plan_deleting(machine: Machine, wanted: SnapshotParameters) -> list[str]:
    """Names need not be unique on the platform; which of two is meant, nobody can tell."""
    if len(_named(machine, wanted)) > 1:
        raise Conflict(
            f"{machine.name} has several snapshots called {wanted.snapshot_name}.", sent=False
        )
    return [f"Delete the snapshot {wanted.snapshot_name} of {machine.name}."]


async def _delete(vcenter: VCenter, machine: Machine, wanted: SnapshotParameters) -> str:
    [snapshot] = _named(machine, wanted)
    await done(
        vcenter,
        f"Deleting a snapshot of {machine.name}",
        lambda api: asking.target(api, snapshot.ref).RemoveSnapshot_Task(
            removeChildren=False, consolidate=True
        ),
    )
    return f"the snapshot {wanted.snapshot_name} of {machine.name} was deleted"


SNAPSHOT = Deed(
    spec=OperationSpec(
        "snapshot_vm", "Take a snapshot of the disks of a VM, under a name.", SnapshotParameters
    ),
    state=_state,
    satisfied=lambda machine, wanted: bool(_named(machine, wanted)),
    hazards=lambda _machine, _wanted: [],
    plan=_plan_taking,
    do=_take,
)
DELETE = Deed(
    spec=OperationSpec(
        "delete_snapshot",
        "Delete the one snapshot of a VM that has this name; those taken after it stay.",
        SnapshotParameters,
        destructive=True,
    ),
    state=_state,
    satisfied=lambda machine, wanted: not _named(machine, wanted),
    hazards=lambda _machine, _wanted: [],
    plan=_plan_deleting,
    do=_delete,
)
