"""The storage room grows real RBD images and removes their snapshots."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.rooms.calling import Caller, calling
from tests.contract.rooms.ceph_cases import (
    NOBODY,
    POOL,
    clearing,
    growing,
    room_of,
    size,
    volume,
)
from tests.peers import door
from tests.peers.ceph import MIB, Ceph

pytestmark = [pytest.mark.heavy_peer, pytest.mark.ceph, pytest.mark.timeout(300)]


@pytest.fixture
def image(ceph: Ceph) -> Iterator[str]:
    with ceph.image_made() as spec:
        yield spec


def snapshot(ceph: Ceph, spec: str, *names: str) -> None:
    for name in names:
        ceph.rbd("snap", "create", "--no-progress", f"{spec}@{name}")


async def old_enough(call: Caller, count: int, asked: dict[str, Any]) -> dict[str, Any]:
    """The look once so many snapshots are older than a second."""
    return await call.until(
        lambda look: len(look["state"]["would_delete"]) == count,
        "look", operation="clear_snapshots", **asked,
    )  # fmt: skip


@pytest.mark.shows("storage ceph", "expand_volume")
async def test_an_image_grows_once_and_is_then_already_so(ceph: Ceph, image: str):
    asked = growing(ceph, image, 96 * MIB + 5)
    async with calling(room_of(ceph)) as call:
        before = await call("look", operation="expand_volume", **asked)
        dry = await call("expand_volume", idempotency_key="0", dry_run=True, **asked)
        untouched = size(ceph, image)
        done = await call("expand_volume", idempotency_key="1", **asked)
        same = await call("expand_volume", idempotency_key="1", **asked)
        after = await call("look", operation="expand_volume", **asked)
        again = await call("expand_volume", idempotency_key="2", **asked)

    assert (before["satisfied"], after["satisfied"]) == (False, True)
    assert (before["state"], before["health"]["status"]) == ({"size_bytes": 64 * MIB}, "ok")
    assert (dry["changed"], bool(dry["would"]), untouched) == (False, True, 64 * MIB)
    assert (done["changed"], done["after"]) == (True, {"size_bytes": 97 * MIB})
    assert same == done
    assert after["state"] == done["after"]
    assert (again["changed"], size(ceph, image)) == (False, 97 * MIB)


async def test_an_expansion_says_that_there_is_no_way_back(ceph: Ceph, image: str):
    async with calling(room_of(ceph, "reader")) as call:
        look = await call("look", operation="expand_volume", **growing(ceph, image, 96 * MIB))

    assert (look["hazards"], look["backup_available"]) == (["cannot_shrink"], None)


async def test_an_image_is_never_made_smaller_nor_larger_than_its_pool_has_room(
    ceph: Ceph, image: str
):
    target = volume(ceph, image)
    async with calling(room_of(ceph)) as call:
        smaller, larger, nothing = [
            await call.error(
                "expand_volume", target=target, idempotency_key=key, parameters=wanted
            )
            for key, wanted in (
                ("1", {"size_bytes": 32 * MIB}),
                ("2", {"size_bytes": 2**50}),
                ("3", {}),
            )
        ]

    assert [(e.kind, e.sent) for e in (smaller, larger, nothing)] == [
        ("invalid", False), ("refused", False), ("invalid", False),
    ]  # fmt: skip
    assert "bytes free" in larger.message
    assert size(ceph, image) == 64 * MIB


async def test_an_image_of_a_pool_that_is_full_does_not_grow(ceph: Ceph):
    with ceph.pool_made("small"), ceph.image_made(64, "small") as image:
        ceph.fill(image, 16 * MIB)
        with ceph.full("small"):
            async with calling(room_of(ceph)) as call:
                look = await call(
                    "look", operation="expand_volume", **growing(ceph, image, 96 * MIB)
                )
                report = await call.error(
                    "expand_volume", idempotency_key="1", **growing(ceph, image, 96 * MIB)
                )
        left = size(ceph, image)

    assert look["health"]["status"] == "failed"
    assert (report.kind, report.sent, left) == ("refused", False, 64 * MIB)


@pytest.mark.shows("storage ceph", "clear_snapshots")
async def test_only_old_snapshots_go_and_never_the_last_one(ceph: Ceph, image: str):
    snapshot(ceph, image, "a", "b", "c")
    old = clearing(ceph, image)
    young = {**old, "parameters": {"older_than_seconds": 3_600}}
    async with calling(room_of(ceph)) as call:
        kept = await call("clear_snapshots", idempotency_key="1", **young)
        before = await old_enough(call, 2, old)
        dry = await call("clear_snapshots", idempotency_key="2", dry_run=True, **old)
        untouched = ceph.snapshots(image)
        done = await call("clear_snapshots", idempotency_key="3", **old)
        left = ceph.snapshots(image)
        after = await call("look", operation="clear_snapshots", **old)
        again = await call("clear_snapshots", idempotency_key="4", **old)

    assert (kept["changed"], again["changed"]) == (False, False)
    assert before["state"] == {"would_delete": ["a", "b"], "would_keep": ["c"]}
    assert (before["satisfied"], after["satisfied"]) == (False, True)
    assert before["backup_available"] is True
    assert (len(dry["would"]), untouched) == (2, {"a", "b", "c"})
    assert (done["changed"], done["detail"], left) == (True, "deleted: a, b", {"c"})


async def test_a_protected_snapshot_keeps_all_the_others_too(ceph: Ceph, image: str):
    snapshot(ceph, image, "a", "b", "c")
    ceph.rbd("snap", "protect", f"{image}@b")
    asked = clearing(ceph, image)
    async with calling(room_of(ceph)) as call:
        await old_enough(call, 2, asked)
        dry = await call.error("clear_snapshots", idempotency_key="1", dry_run=True, **asked)
        report = await call.error("clear_snapshots", idempotency_key="2", **asked)

    assert (dry.kind, report.kind, report.sent) == ("conflict", "conflict", False)
    assert "b is protected" in report.message
    assert ceph.snapshots(image) == {"a", "b", "c"}


async def test_a_snapshot_with_a_clone_stays_though_the_cluster_would_say_yes(
    ceph: Ceph, image: str
):
    """Clones of the second form need no protection: the cluster only hides such a snapshot."""
    snapshot(ceph, image, "a", "b")
    ceph.rbd("clone", "--rbd-default-clone-format", "2", f"{image}@a", f"{image}-clone")
    asked = clearing(ceph, image)
    async with calling(room_of(ceph)) as call:
        await old_enough(call, 1, asked)
        report = await call.error("clear_snapshots", idempotency_key="1", **asked)

    assert (report.kind, report.sent) == ("conflict", False)
    assert f"a has the clones {image}-clone" in report.message
    assert ceph.snapshots(image) == {"a", "b"}


async def test_an_image_that_a_guest_has_open_grows_and_loses_old_snapshots(
    ceph: Ceph, image: str
):
    snapshot(ceph, image, "a", "b")
    with ceph.held(image):
        async with calling(room_of(ceph)) as call:
            await old_enough(call, 1, clearing(ceph, image))
            grown = await call(
                "expand_volume", idempotency_key="1", **growing(ceph, image, 96 * MIB)
            )
            cleared = await call("clear_snapshots", idempotency_key="2", **clearing(ceph, image))

    assert (grown["changed"], cleared["changed"]) == (True, True)
    assert (size(ceph, image), ceph.snapshots(image)) == (96 * MIB, {"b"})


async def test_an_account_that_only_reads_is_refused_by_the_cluster_itself(ceph: Ceph, image: str):
    snapshot(ceph, image, "a", "b")
    async with calling(room_of(ceph, "reader")) as call:
        look = await old_enough(call, 1, clearing(ceph, image))
        grow = await call.error(
            "expand_volume", idempotency_key="1", **growing(ceph, image, 96 * MIB)
        )
        clear = await call.error("clear_snapshots", idempotency_key="2", **clearing(ceph, image))

    assert look["exists"] is True
    assert (grow.kind, clear.kind) == ("refused", "refused")
    assert "Operation not permitted" in grow.message
    assert (size(ceph, image), ceph.snapshots(image)) == (64 * MIB, {"a", "b"})


async def test_what_is_no_image_is_not_touched(ceph: Ceph):
    parameters = {"size_bytes": 96 * MIB}
    async with calling(room_of(ceph)) as call:
        look = await call("look", operation="expand_volume", target=NOBODY, parameters=parameters)
        nobody, pool = [
            await call.error("expand_volume", target=target, idempotency_key=key, parameters=parameters)
            for key, target in (("1", NOBODY), ("2", POOL))
        ]  # fmt: skip

    assert (look["exists"], look["health"]["status"]) == (False, "unknown")
    assert (nobody.kind, nobody.sent) == ("not_found", False)
    assert (pool.kind, pool.sent) == ("invalid", False)


async def test_two_keys_do_not_grow_one_image_at_the_same_time(ceph: Ceph, image: str):
    asked = growing(ceph, image, 96 * MIB)
    async with calling(room_of(ceph)) as call:
        came = await call.kinds(
            ("expand_volume", {**asked, "idempotency_key": "k1"}),
            ("expand_volume", {**asked, "idempotency_key": "k2"}),
        )

    assert sorted(came) == ["conflict", "ok"]
    assert size(ceph, image) == 96 * MIB


async def test_over_ssh_the_same_is_read_and_done(ceph: Ceph, image: str, tmp_path: Path):
    snapshot(ceph, image, "a", "b")
    with door.opened(tmp_path) as way:
        async with calling(room_of(ceph, **way)) as call:
            found = await call.everything(kind="volume")
            await old_enough(call, 1, clearing(ceph, image))
            grown = await call(
                "expand_volume", idempotency_key="1", **growing(ceph, image, 96 * MIB)
            )
            cleared = await call("clear_snapshots", idempotency_key="2", **clearing(ceph, image))

    assert volume(ceph, image) in found
    assert (grown["changed"], cleared["detail"]) == (True, "deleted: a")
    assert (size(ceph, image), ceph.snapshots(image)) == (96 * MIB, {"b"})
