"""Deletes old snapshots: only those older than an age, and never the last one of a subvolume. What is deleted is chosen from one reading
and named in the result; deletion is by btrfs's own number, which no later snapshot can take over.
"""

from datacenter_mcp.contract.errors import RoomError, Unsupported
from datacenter_mcp.room import Effect
from datacenter_mcp.storage.choosing import choose
from datacenter_mcp.storage.linux.host import Host
from datacenter_mcp.storage.linux.nouns import Volume
from datacenter_mcp.storage.operations import ClearParameters


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
