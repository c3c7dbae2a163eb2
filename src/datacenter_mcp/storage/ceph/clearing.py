"""Removes old snapshots of an image: only those older than an age, and never the last one. What is removed is chosen from one
reading and named in the result; removal is by Ceph's own number, which no later snapshot can take over.

A snapshot that is protected or has clones stops the whole operation before anything is removed. With the newer form of
clones Ceph would say yes, hide the snapshot in its trash and free nothing: so the clones are asked for, not waited for.
"""

from datacenter_mcp.contract.errors import Conflict, NotFound, RoomError
from datacenter_mcp.room import Effect
from datacenter_mcp.storage.ceph.cluster import Cluster
from datacenter_mcp.storage.ceph.nouns import Image, Snapshot
from datacenter_mcp.storage.choosing import Choice, choose
from datacenter_mcp.storage.operations import ClearParameters


async def clear(
    cluster: Cluster, image: Image, wanted: ClearParameters, *, dry_run: bool
) -> Effect:
    """Remove what is chosen now. A failure in the middle leaves the rest, and is told."""
    reading = await cluster.snapshots(image)
    choice = choose(reading.value, wanted, reading.observed_at)
    before = choice.state()
    if not choice.delete:
        return Effect(before, before, detail="No snapshot is old enough to be deleted.")
    await _refuse_what_is_needed(cluster, image, choice)
    if dry_run:
        would = [f"Delete {image.spec}@{one.name}." for one in choice.delete]
        return Effect(before, before, would=would)
    deleted: list[str] = []
    for one in choice.delete:
        try:
            await cluster.remove(image, one)
        except NotFound:
            continue  # somebody else removed it meanwhile
        except RoomError as error:
            done = f" Deleted before: {', '.join(deleted)}." if deleted else ""
            raise type(error)(f"{error.report.message}{done}", sent=True) from error
        deleted.append(one.name)
    left = await cluster.snapshots(image)
    after = choose(left.value, wanted, reading.observed_at).state()
    return Effect(before, after, changed=bool(deleted), detail=f"deleted: {', '.join(deleted)}")


async def _refuse_what_is_needed(cluster: Cluster, image: Image, choice: Choice[Snapshot]) -> None:
    needed = []
    for one in choice.delete:
        if one.protected:
            needed.append(f"{one.name} is protected")
        elif clones := await cluster.clones(image, one):
            needed.append(f"{one.name} has the clones {', '.join(clones)}")
    if needed:
        raise Conflict(
            f"Snapshots of {image.spec} are still needed: {'; '.join(needed)}.", sent=False
        )
