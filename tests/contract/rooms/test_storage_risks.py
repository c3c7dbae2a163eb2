"""What the storage room says about the risk of its operations, and of snapshots without listing them."""

from collections.abc import Iterator

import pytest
from tests.contract.rooms.calling import calling, facts
from tests.peers.slots import run
from tests.peers.volumes import Volumes

from datacenter_mcp.storage.room import open_storage

pytestmark = pytest.mark.peer


@pytest.fixture
def bare(disks: Volumes) -> Iterator[Volumes]:
    """Volumes without snapshots, before and after."""
    for moment in ("before", "after"):
        for name in disks.snapshots():
            run("btrfs", "subvolume", "delete", str(disks.mount("btrfs") / name))
        if moment == "before":
            yield disks


def volume(disks: Volumes) -> str:
    return f"storage:disks:volume:nas1/{disks.uuid('btrfs')}"


async def test_an_expansion_says_that_there_is_no_way_back(bare: Volumes):
    async with calling(open_storage("disks", bare.settings())) as call:
        look = await call("look", operation="expand_volume", target=volume(bare),
                          parameters={"size_bytes": 2**30})  # fmt: skip

    assert (look["hazards"], look["backup_available"]) == (["cannot_shrink"], None)


async def test_clearing_is_backed_by_the_snapshot_that_stays(bare: Volumes):
    clearing = {"operation": "clear_snapshots", "target": volume(bare),
                "parameters": {"older_than_seconds": 0}}  # fmt: skip
    async with calling(open_storage("disks", bare.settings())) as call:
        without = await call("look", **clearing)
        none = facts(await call("describe_resource", id=volume(bare)))
        bare.snapshot("one")
        bare.snapshot("two")
        backed = await call("look", **clearing)
        two = facts(await call("describe_resource", id=volume(bare)))

    assert [look["backup_available"] for look in (without, backed)] == [False, True]
    assert (none["snapshot_count"], none["oldest_snapshot_age_seconds"]) == (0, None)
    assert two["snapshot_count"] == 2
    assert 0 <= two["oldest_snapshot_age_seconds"] < 60
