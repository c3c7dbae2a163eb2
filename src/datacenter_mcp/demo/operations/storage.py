"""Volumes: grown, shrunk where they are block devices of a pool, freed of old snapshots."""

from typing import Annotated, Any

from pydantic import Field

from datacenter_mcp.contract.errors import InvalidRequest, Refused, Unsupported
from datacenter_mcp.contract.reading import Scalar, Wire
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.operations.operation import Deed, Operation, Sight
from datacenter_mcp.demo.physics.storage import SNAPSHOT, taken_at
from datacenter_mcp.demo.view import View
from datacenter_mcp.room import OperationSpec, State

CANNOT_SHRINK = "cannot_shrink"


class Size(Wire):
    """The size that the volume shall have, in bytes."""

    size_bytes: Annotated[int, Field(gt=0, le=2**60)]


class OlderThan(Wire):
    """Snapshots of this age or younger are kept."""

    older_than_seconds: Annotated[int, Field(ge=0, le=10**10)]


def _is_block_device(view: View, key: str) -> bool:
    return view.get(key, "backing") == "pool"


def _look_size(*, growing: bool) -> Any:
    def look(view: View, key: str, wanted: Size) -> Sight:
        size = int(view.number(key, "size_bytes"))
        satisfied = size >= wanted.size_bytes if growing else size == wanted.size_bytes
        hazards = [] if _is_block_device(view, key) else [CANNOT_SHRINK]
        return Sight({"size_bytes": size}, satisfied, hazards=hazards)

    return look


def _expand(view: View, key: str, wanted: Size) -> Deed:
    size = int(view.number(key, "size_bytes"))
    if wanted.size_bytes < size:
        raise InvalidRequest(f"{key} has {size} bytes already; use a size above it.", sent=False)
    if wanted.size_bytes == size:
        return Deed("", detail=f"It has {size} bytes already.")
    if not view.get(key, "writable"):
        raise Refused(f"{key} is mounted read-only.", sent=False)
    if wanted.size_bytes - size > _room(view, key):
        raise Refused(f"There is not so much room under {key}.", sent=False)
    return Deed(
        f"Grow {key} from {size} to {wanted.size_bytes} bytes.",
        [Step(key, {"size_bytes": wanted.size_bytes})],
    )


def _room(view: View, key: str) -> float:
    """How much a volume can still grow: by its pool, or by the device under it."""
    if _is_block_device(view, key):
        thing = view.thing(key)
        return view.number(thing.parent or "", "free_bytes") if thing else 0
    return view.number(key, "device_size_bytes") - view.number(key, "size_bytes")


def _shrink(view: View, key: str, wanted: Size) -> Deed:
    size = int(view.number(key, "size_bytes"))
    if not _is_block_device(view, key):
        raise Unsupported(f"{view.get(key, 'filesystem')} is never made smaller.", sent=False)
    if wanted.size_bytes > size:
        raise InvalidRequest(f"{key} has {size} bytes; use a size below it.", sent=False)
    if wanted.size_bytes == size:
        return Deed("", detail=f"It has {size} bytes already.")
    if wanted.size_bytes < view.number(key, "used_bytes"):
        raise Refused(
            f"The data of {key} does not fit into {wanted.size_bytes} bytes.", sent=False
        )
    return Deed(
        f"Shrink {key} from {size} to {wanted.size_bytes} bytes.",
        [Step(key, {"size_bytes": wanted.size_bytes})],
    )


def _chosen(view: View, key: str, wanted: OlderThan) -> tuple[list[str], list[str]]:
    """Snapshots that would go and that would stay, oldest first; the last one always stays."""
    ordered = sorted(view.children(key, SNAPSHOT), key=lambda one: (taken_at(view, one), one))
    delete = [
        one for one in ordered[:-1] if view.number(one, "age_seconds") > wanted.older_than_seconds
    ]
    return delete, [one for one in ordered if one not in delete]


def _choice(view: View, key: str, wanted: OlderThan) -> State:
    delete, keep = _chosen(view, key, wanted)
    return {"would_delete": _names(view, delete), "would_keep": _names(view, keep)}


def _names(view: View, snapshots: list[str]) -> list[Scalar]:
    things = (view.thing(one) for one in snapshots)
    return [thing.name for thing in things if thing is not None]


def _look_clear(view: View, key: str, wanted: OlderThan) -> Sight:
    _must_have_snapshots(view, key)
    delete, keep = _chosen(view, key, wanted)
    return Sight(_choice(view, key, wanted), not delete, backup_available=bool(keep))


def _clear(view: View, key: str, wanted: OlderThan) -> Deed:
    _must_have_snapshots(view, key)
    delete, _ = _chosen(view, key, wanted)
    if not delete:
        return Deed("", detail="No snapshot is old enough to be deleted.")
    names = ", ".join(map(str, _names(view, delete)))
    protected = [one for one in delete if view.get(one, "protected")]
    if protected:
        raise Refused(
            f"Somebody protects {', '.join(map(str, _names(view, protected)))}.", sent=False
        )
    return Deed(f"Delete {names}.", [Step(one, gone=True) for one in delete], f"deleted: {names}")


def _must_have_snapshots(view: View, key: str) -> None:
    if view.get(key, "filesystem") == "xfs":
        raise Unsupported("xfs has no snapshots.", sent=False)


OPERATIONS = (
    Operation(
        OperationSpec("expand_volume", "Make a volume at least size_bytes large.", Size),
        "volume",
        _look_size(growing=True),
        _expand,
    ),
    Operation(
        OperationSpec(
            "shrink_volume",
            "Set a block device back to a smaller size. Only the inverse of expand_volume: never a repair of its own.",
            Size,
            destructive=True,
        ),
        "volume",
        _look_size(growing=False),
        _shrink,
    ),
    Operation(
        OperationSpec(
            "clear_snapshots",
            "Delete the snapshots of a volume that are older than an age; the newest is always kept.",
            OlderThan,
            destructive=True,
        ),
        "volume",
        _look_clear,
        _clear,
    ),
)
