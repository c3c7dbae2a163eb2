"""The storage room reads and grows real btrfs and xfs volumes, and clears real snapshots."""

from pathlib import Path
from typing import Any

import pytest
from tests.contract.rooms.calling import Caller, calling, facts
from tests.peers.netlab import PASSWORD
from tests.peers.slots import run
from tests.peers.volumes import MIB, Volumes

from datacenter_mcp.storage.room import StorageRoom, open_storage

pytestmark = pytest.mark.peer
BOTH = pytest.mark.parametrize("filesystem", ["btrfs", "xfs"])


def room_of(disks: Volumes) -> StorageRoom:
    return open_storage("disks", disks.settings())


def volume(disks: Volumes, filesystem: str) -> str:
    return f"storage:disks:volume:nas1/{disks.uuid(filesystem)}"


async def listed(call: Caller, disks: Volumes, **arguments: Any) -> dict[str, dict[str, Any]]:
    """Everything of these disks."""
    found = await call.everything(mine=str(disks.folder), **arguments)
    own = (disks.uuid("btrfs"), disks.uuid("xfs"))
    return {name: one for name, one in found.items() if any(uuid in name for uuid in own)}


@pytest.fixture
def no_snapshots(disks):
    """The test begins and ends without snapshots."""

    def clear() -> None:
        for name in disks.snapshots():
            run("btrfs", "subvolume", "delete", str(disks.mount("btrfs") / name))

    clear()
    yield
    clear()


@BOTH
@pytest.mark.shows("storage linux", "reads")
async def test_a_volume_is_described_as_the_machine_says(disks, filesystem):
    async with calling(room_of(disks)) as call:
        found = await listed(call, disks, kind="volume")
        health = await call("get_health", id=volume(disks, filesystem))
        metrics = await call("get_metrics", id=volume(disks, filesystem))

    resource = found[volume(disks, filesystem)]
    seen = facts(resource)
    assert seen["filesystem"] == filesystem
    assert seen["mountpoint"] == str(disks.mount(filesystem))
    assert seen["backing_file"] == str(disks.image(filesystem))
    assert seen["size_bytes"] == disks.image(filesystem).stat().st_size
    assert 0 < seen["usage_ratio"] < 0.2
    assert (seen["device_errors"] == 0) == (filesystem == "btrfs")
    assert resource["source"]["tool"] == "findmnt"
    assert health == {"status": "ok", "reasons": []}
    assert {"size_bytes", "usage_ratio"} <= {one["name"] for one in metrics["metrics"]}


async def test_pages_hold_the_same_as_one_answer(disks, no_snapshots):
    for name in ("one", "two"):
        disks.snapshot(name)
    async with calling(room_of(disks)) as call:
        whole = await listed(call, disks, limit=1_000)
        paged = await listed(call, disks, limit=1)
        below = await listed(call, disks, parent=volume(disks, "btrfs"))

    assert list(paged) == list(whole) == sorted(whole)
    assert {facts(one)["path"] for one in below.values()} == {"one", "two"}


@BOTH
@pytest.mark.shows("storage linux", "expand_volume")
async def test_a_volume_grows_once_and_is_then_already_so(disks, filesystem):
    wanted = {"size_bytes": disks.image(filesystem).stat().st_size + 64 * MIB + 5}
    target, oracle = volume(disks, filesystem), disks.size(filesystem)
    call_it: dict[str, Any] = {"target": target, "parameters": wanted}
    async with calling(room_of(disks)) as call:
        before = await call("look", operation="expand_volume", **call_it)
        dry = await call("expand_volume", idempotency_key="0", dry_run=True, **call_it)
        untouched = disks.size(filesystem)
        done = await call("expand_volume", idempotency_key="1", **call_it)
        grown = disks.size(filesystem)
        after = await call("look", operation="expand_volume", **call_it)
        again = await call("expand_volume", idempotency_key="2", **call_it)

    assert (before["satisfied"], after["satisfied"]) == (False, True)
    assert (dry["changed"], bool(dry["would"]), untouched) == (False, True, oracle)
    assert done["changed"] is True
    assert 64 * MIB <= grown - oracle <= 66 * MIB
    assert after["state"] == done["after"]
    assert after["state"]["size_bytes"] >= wanted["size_bytes"]
    assert (again["changed"], disks.size(filesystem)) == (False, grown)


@BOTH
async def test_a_volume_is_never_made_smaller_nor_larger_than_its_ground(disks, filesystem):
    target, oracle = volume(disks, filesystem), disks.size(filesystem)
    async with calling(room_of(disks)) as call:
        smaller, larger, nothing = [
            await call.error(
                "expand_volume", target=target, idempotency_key=key, parameters=parameters
            )
            for key, parameters in (
                ("1", {"size_bytes": 64 * MIB}),
                ("2", {"size_bytes": 2**59}),
                ("3", {}),
            )
        ]

    assert [(e.kind, e.sent) for e in (smaller, larger, nothing)] == [
        ("invalid", False), ("refused", False), ("invalid", False),
    ]  # fmt: skip
    assert disks.size(filesystem) == oracle


async def test_a_block_device_that_cannot_grow_is_a_typed_refusal(disks):
    # Another name for the same loop device: losetup does not know it, so the room cannot know a file under it.
    node = Path("/dev") / f"dcdocs-peer-{disks.slot}"
    run("umount", str(disks.mount("xfs")))
    loop = run("losetup", "--show", "-f", str(disks.image("xfs"))).strip()
    node.unlink(missing_ok=True)
    minor = loop.removeprefix("/dev/loop")
    run("mknod", str(node), "b", "7", minor)
    try:
        run("mount", str(node), str(disks.mount("xfs")))
        async with calling(room_of(disks)) as call:
            report = await call.error(
                "expand_volume",
                target=volume(disks, "xfs"),
                idempotency_key="1",
                parameters={"size_bytes": 2048 * MIB},
            )
    finally:
        run("umount", str(disks.mount("xfs")), check=False)
        node.unlink()
        run("losetup", "-d", loop)
        run("mount", "-o", "loop", str(disks.image("xfs")), str(disks.mount("xfs")))

    assert (report.kind, report.sent) == ("unsupported", False)


@pytest.mark.shows("storage linux", "clear_snapshots")
async def test_only_old_snapshots_go_and_never_the_last_one(disks, no_snapshots):
    target = volume(disks, "btrfs")
    young: dict[str, Any] = {"target": target, "parameters": {"older_than_seconds": 3_600}}
    old: dict[str, Any] = {"target": target, "parameters": {"older_than_seconds": 0}}
    for name in ("a", "b", "c"):
        disks.snapshot(name)
    async with calling(room_of(disks)) as call:
        kept = await call("clear_snapshots", idempotency_key="1", **young)
        before = await call.until(
            lambda look: len(look["state"]["would_delete"]) == 2,
            "look", operation="clear_snapshots", **old,
        )  # fmt: skip
        dry = await call("clear_snapshots", idempotency_key="2", dry_run=True, **old)
        untouched = disks.snapshots()
        done = await call("clear_snapshots", idempotency_key="3", **old)
        left = disks.snapshots()
        after = await call("look", operation="clear_snapshots", **old)
        again = await call("clear_snapshots", idempotency_key="4", **old)

    assert (kept["changed"], again["changed"]) == (False, False)
    assert before["state"] == {"would_delete": ["a", "b"], "would_keep": ["c"]}
    assert (before["satisfied"], after["satisfied"]) == (False, True)
    assert (len(dry["would"]), untouched) == (2, {"a", "b", "c"})
    assert (done["changed"], done["detail"], left) == (True, "deleted: a, b", {"c"})


async def test_each_subvolume_keeps_its_last_snapshot(disks, no_snapshots):
    inner = disks.mount("btrfs") / "inner"
    run("btrfs", "subvolume", "create", str(inner))
    try:
        run(
            "btrfs",
            "subvolume",
            "snapshot",
            "-r",
            str(inner),
            str(disks.mount("btrfs") / "of-inner"),
        )
        disks.snapshot("of-top")
        async with calling(room_of(disks)) as call:
            look = await call.until(
                lambda look: look["state"],
                "look", operation="clear_snapshots", target=volume(disks, "btrfs"),
                parameters={"older_than_seconds": 0},
            )  # fmt: skip
    finally:
        run("btrfs", "subvolume", "delete", str(inner))

    assert look["state"] == {"would_delete": [], "would_keep": ["of-inner", "of-top"]}


async def test_xfs_has_no_snapshots_to_clear(disks):
    async with calling(room_of(disks)) as call:
        report = await call.error(
            "clear_snapshots",
            target=volume(disks, "xfs"),
            idempotency_key="1",
            parameters={"older_than_seconds": 0},
        )

    assert (report.kind, report.sent) == ("unsupported", False)


async def test_a_volume_that_is_not_mounted_does_not_exist(disks):
    gone = "storage:disks:volume:nas1/00000000-0000-0000-0000-000000000000"
    parameters = {"size_bytes": MIB}
    async with calling(room_of(disks)) as call:
        look = await call("look", operation="expand_volume", target=gone, parameters=parameters)
        report = await call.error(
            "expand_volume", target=gone, idempotency_key="1", parameters=parameters
        )
        host = await call.error(
            "expand_volume",
            target="storage:disks:host:nas1",
            idempotency_key="2",
            parameters=parameters,
        )

    assert look["exists"] is False
    assert (report.kind, report.sent, host.kind) == ("not_found", False, "invalid")


async def test_without_writes_no_write_tool_is_listed(disks):
    async with calling(room_of(disks), allow_writes=False) as call:
        assert not {"expand_volume", "clear_snapshots"} & (await call.tools()).keys()


async def test_a_host_over_ssh_with_sudo_grows_a_volume_and_clears_snapshots(
    lab, disks, no_snapshots, monkeypatch
):
    monkeypatch.setenv("LAB_PASSWORD", PASSWORD)
    host = {"name": "nas1", "host": lab.address("sw1"), "username": lab.user, "sudo": True,
            "password": "env:LAB_PASSWORD", "host_key": "insecure"}  # fmt: skip
    wanted = {"size_bytes": disks.image("xfs").stat().st_size + 32 * MIB}
    disks.snapshot("a")
    disks.snapshot("b")
    clearing: dict[str, Any] = {
        "target": volume(disks, "btrfs"),
        "parameters": {"older_than_seconds": 0},
    }
    with lab.sharing("sw1", disks.mount("btrfs"), disks.mount("xfs")):
        async with calling(open_storage("disks", {"hosts": [host]})) as call:
            found = await listed(call, disks, kind="volume")
            grown = await call(
                "expand_volume",
                target=volume(disks, "xfs"),
                idempotency_key="1",
                parameters=wanted,
            )
            await call.until(
                lambda look: not look["satisfied"], "look", operation="clear_snapshots", **clearing
            )
            cleared = await call("clear_snapshots", idempotency_key="2", **clearing)

    assert volume(disks, "btrfs") in found
    assert grown["changed"] is True
    assert disks.image("xfs").stat().st_size == wanted["size_bytes"]
    assert (cleared["detail"], disks.snapshots()) == ("deleted: a", {"b"})
