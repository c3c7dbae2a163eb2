"""Deletes old snapshots: only those older than an age, and never the last one of a subvolume. What is deleted is chosen from one reading
and named in the result; deletion is by btrfs's own number, which no later snapshot can take over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from datacenter_mcp.contract.errors import RoomError, Unsupported
from datacenter_mcp.contract.reading import Scalar, Wire
from datacenter_mcp.room import Effect, OperationSpec
from datacenter_mcp.storage.linux.host import Host
from datacenter_mcp.storage.linux.nouns import Snapshot, Volume


class ClearParameters(Wire):
    """`older_than_seconds`: snapshots of this age or younger are kept."""

    older_than_seconds: Annotated[int, Field(ge=0, le=10**10)]


CLEAR = OperationSpec(
    "clear_snapshots",
    "Delete the read-only snapshots of a volume that are older than an age; the newest one of each subvolume is always kept.",
    ClearParameters,
    destructive=True,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which snapshots would go and which would stay, oldest first."""

    delete: Sequence[Snapshot]
    keep: Sequence[Snapshot]

    def state(self) -> dict[str, Scalar | list[Scalar]]:
        """The paths of both."""
        return {
            "would_delete": [one.path for one in self.delete],
            "would_keep": [one.path for one in self.keep],
        }


def choose(snapshots: Sequence[Snapshot], wanted: ClearParameters, now: datetime) -> Choice:
    """The choice at a time. The newest snapshot of each subvolume is kept whatever its age."""
    ordered = sorted(snapshots, key=lambda one: (one.created_at, one.number))
    last = {one.parent_uuid: one.number for one in ordered}
    delete = [
        one
        for one in ordered
        if one.age_seconds(now) > wanted.older_than_seconds and one.number != last[one.parent_uuid]
    ]
    chosen = {one.number for one in delete}
    return Choice(delete, [one for one in ordered if one.number not in chosen])


def refuse_without_snapshots(volume: Volume) -> None:
    """Raises `Unsupported` for a file system that has none."""
    if not volume.can_snapshot:
        raise Unsupported(f"{volume.filesystem} has no snapshots.", sent=False)


async def clear(host: Host, volume: Volume, wanted: ClearParameters, *, dry_run: bool) -> Effect:
    """Delete what is chosen now. A failure in the middle leaves the rest, and is told."""
    refuse_without_snapshots(volume)
    reading = await host.snapshots(volume)
    choice = choose(reading.value, wanted, reading.observed_at)
    before = choice.state()
    if not choice.delete:
        return Effect(before, before, detail="No snapshot is old enough to be deleted.")
    if dry_run:
        return Effect(before, before, would=[f"Delete {one.path}." for one in choice.delete])
    deleted: list[str] = []
    for one in choice.delete:
        argv = ["btrfs", "subvolume", "delete", "--subvolid", str(one.number), volume.mountpoint]
        try:
            await host.tool(argv)
        except RoomError as error:
            done = f" Deleted before: {', '.join(deleted)}." if deleted else ""
            raise type(error)(f"{error.report.message}{done}", sent=True) from error
        deleted.append(one.path)
    left = await host.snapshots(volume)
    after = choose(left.value, wanted, reading.observed_at).state()
    return Effect(before, after, changed=True, detail=f"deleted: {', '.join(deleted)}")
