"""The storage room reads a real Ceph cluster, as somebody who may only read."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.contract.rooms.calling import calling, facts
from tests.contract.rooms.ceph_cases import CLUSTER, NOBODY, POOL, room_of, volume
from tests.peers.ceph import MIB, Ceph

from datacenter_mcp.contract.reading import Resource
from datacenter_mcp.contract.vocabulary.storage import STORAGE
from datacenter_mcp.contract.vocabulary.words import mistakes

pytestmark = [
    pytest.mark.heavy_peer,
    pytest.mark.ceph,
    pytest.mark.timeout(300),
    pytest.mark.shows("storage ceph", "reads"),
]
CHANGING = {"age_seconds", "oldest_snapshot_age_seconds", "consumers", "free_bytes", "used_bytes", "usage_ratio"}  # fmt: skip


@pytest.fixture
def image(ceph: Ceph) -> Iterator[str]:
    with ceph.image_made(100) as spec:
        yield spec


async def test_an_image_is_described_as_the_cluster_says(ceph: Ceph, image: str):
    ceph.fill(image, 48 * MIB)
    oracle = ceph.image(image)
    async with calling(room_of(ceph, "reader")) as call:
        found = await call("describe_resource", id=volume(ceph, image))
        metrics = await call("get_metrics", id=found["id"])
        health = await call("get_health", id=found["id"])

    seen = facts(found)
    assert (found["name"], found["parent"]) == (image, POOL)
    assert (seen["backing"], seen["filesystem"], seen["writable"]) == ("pool", None, True)
    assert seen["size_bytes"] == oracle["size"] == 100 * MIB
    assert (seen["used_bytes"], seen["usage_ratio"]) == (48 * MIB, 0.48)
    assert seen["free_bytes"] == 52 * MIB
    assert (seen["snapshot_count"], seen["consumers"]) == (0, [])
    assert found["source"]["tool"] == "rbd info"
    assert {"size_bytes", "usage_ratio"} <= {one["name"] for one in metrics["metrics"]}
    assert health == {"status": "ok", "reasons": []}


async def test_what_snapshots_and_parents_hold_of_an_image_counts_as_used(ceph: Ceph, image: str):
    """`rbd du` tells of such images only what changed since."""
    ceph.fill(image, 48 * MIB)
    ceph.rbd("snap", "create", "--no-progress", f"{image}@base")
    ceph.rbd("snap", "protect", f"{image}@base")
    ceph.rbd("clone", f"{image}@base", f"{image}-clone")
    async with calling(room_of(ceph, "reader")) as call:
        found = await call.everything(kind="volume")

    used = {one["name"]: facts(one)["used_bytes"] for one in found.values()}
    assert (used[image], used[f"{image}-clone"]) == (48 * MIB, 48 * MIB)


async def test_cluster_and_pool_are_described_as_the_cluster_says(ceph: Ceph, image: str):
    async with calling(room_of(ceph, "reader")) as call:
        cluster = facts(await call("describe_resource", id=CLUSTER))
        pool = facts(await call("describe_resource", id=POOL))
        rates = (await call("get_metrics", id=POOL))["metrics"]
        health = await call("get_health", id=POOL)

    usage = ceph.ceph("df")
    [own] = [one["stats"] for one in usage["pools"] if one["name"] == "rbd"]
    assert cluster["software"].startswith("ceph 1")
    assert cluster["fsid"] == ceph.ceph("fsid")["fsid"]
    assert cluster["size_bytes"] == usage["stats"]["total_bytes"]
    assert (cluster["disk_count"], cluster["disks_up"], cluster["degraded_ratio"]) == (2, 2, 0.0)
    assert pool["used_bytes"] == pytest.approx(own["stored"], abs=64 * MIB)
    assert (pool["copies"], pool["quota_bytes"], pool["writable"]) == (2, None, True)
    assert pool["volume_count"] == len(ceph.rbd("ls", "rbd").splitlines())
    assert {"client_read_bytes_per_second", "used_bytes"} <= {one["name"] for one in rates}
    assert health["status"] == "ok"


async def test_every_resource_obeys_the_vocabulary_and_is_described_as_it_is_listed(
    ceph: Ceph, image: str
):
    ceph.rbd("snap", "create", "--no-progress", f"{image}@one")
    async with calling(room_of(ceph, "reader")) as call:
        found = await call.everything()
        described = {one: await call("describe_resource", id=one) for one in found}

    def steady(resource: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in facts(resource).items() if name not in CHANGING}

    kinds = {one["kind"] for one in found.values()}
    assert kinds == {"cluster", "pool", "volume", "snapshot"}
    for one in [*found.values(), *described.values()]:
        assert mistakes(STORAGE, Resource.model_validate(one)) == []
    assert {one: steady(found[one]) for one in found} == {
        one: steady(described[one]) for one in found
    }


async def test_pages_hold_the_same_as_one_answer(ceph: Ceph, image: str):
    for name in ("one", "two"):
        ceph.rbd("snap", "create", "--no-progress", f"{image}@{name}")
    async with calling(room_of(ceph, "reader")) as call:
        whole = await call.everything(limit=1_000)
        paged = await call.everything(limit=1)
        below = await call.everything(parent=volume(ceph, image))
        pools = await call.everything(parent=CLUSTER)
        images = await call.everything(parent=POOL)

    assert list(paged) == list(whole) == sorted(whole)
    assert {one["name"] for one in below.values()} == {f"{image}@one", f"{image}@two"}
    assert POOL in pools
    assert volume(ceph, image) in images
    assert {one["kind"] for one in images.values()} == {"volume"}


async def test_an_image_that_is_renamed_stays_the_same(ceph: Ceph, image: str):
    target = volume(ceph, image)
    async with calling(room_of(ceph, "reader")) as call:
        before = await call("describe_resource", id=target)
        ceph.rbd("rename", image, f"{image}-renamed")
        try:
            after = await call("describe_resource", id=target)
        finally:
            ceph.rbd("rename", f"{image}-renamed", image)

    assert (before["name"], after["name"]) == (image, f"{image}-renamed")


async def test_who_has_an_image_open_is_told(ceph: Ceph, image: str):
    with ceph.held(image):
        async with calling(room_of(ceph, "reader")) as call:
            found = facts(await call("describe_resource", id=volume(ceph, image)))

    [guest] = found["consumers"]
    assert guest.startswith("127.0.0.1:")


async def test_a_dead_osd_degrades_the_cluster_and_is_named_until_it_is_back(ceph: Ceph):
    async with calling(room_of(ceph, "reader")) as call:
        before = await call("get_health", id=CLUSTER)
        with ceph.without("osd.1"):
            ceph.until(lambda: ceph.ceph("osd", "stat")["num_up_osds"] == 1)
            sick = await call.until(
                lambda health: health["status"] != "ok", "get_health", id=CLUSTER
            )
            connection = await call("get_health")
            cluster = facts(await call("describe_resource", id=CLUSTER))
            pools = await call.everything(kind="pool")
        after = await call("get_health", id=CLUSTER)

    assert (before["status"], sick["status"], after["status"]) == ("ok", "degraded", "ok")
    assert any(reason.startswith("OSD_DOWN: ") for reason in sick["reasons"])
    assert connection["status"] == "degraded"
    assert (cluster["disk_count"], cluster["disks_up"]) == (2, 1)
    assert POOL in pools


async def test_a_pool_at_its_quota_has_failed_with_all_its_images(ceph: Ceph):
    pool = "storage:ceph:pool:ceph1/small"
    with ceph.pool_made("small"), ceph.image_made(64, "small") as image:
        ceph.fill(image, 16 * MIB)
        with ceph.full("small"):
            async with calling(room_of(ceph, "reader")) as call:
                sick = await call("get_health", id=pool)
                own = await call("get_health", id=volume(ceph, image))
                said = facts(await call("describe_resource", id=pool))
                seen = facts(await call("describe_resource", id=volume(ceph, image)))

    assert sick["status"] == "failed"
    assert "takes no writes" in sick["reasons"][0]
    assert own == sick
    assert (said["quota_bytes"], said["free_bytes"], said["writable"]) == (4096, 0, False)
    assert (seen["writable"], seen["free_bytes"]) == (False, 0)


async def test_an_image_that_is_written_all_over_is_degraded_and_has_not_failed(
    ceph: Ceph, image: str
):
    ceph.fill(image, 100 * MIB)
    async with calling(room_of(ceph, "reader")) as call:
        health = await call("get_health", id=volume(ceph, image))

    assert health["status"] == "degraded"
    assert "100.0% has been written" in health["reasons"][0]


@pytest.mark.parametrize(
    "wrong",
    [
        NOBODY,
        f"{NOBODY}/1",
        "storage:ceph:pool:ceph1/nothing",
        "storage:ceph:volume:ceph1",
        "storage:ceph:snapshot:ceph1/rbd/0123456789ab/4",
        "storage:ceph:cluster:ceph2",
        "storage:ceph:host:ceph1",
    ],
)
async def test_what_does_not_exist_is_not_found(ceph: Ceph, wrong: str):
    async with calling(room_of(ceph, "reader")) as call:
        report = await call.error("describe_resource", id=wrong)

    assert report.kind == "not_found"


async def test_a_thousand_images_are_all_listed(ceph: Ceph):
    with ceph.pool_made("crowd"):
        ceph.run_hands("crowd", "crowd", "many-", "1000")
        async with calling(room_of(ceph, "reader")) as call:
            found = await call.everything(parent="storage:ceph:pool:ceph1/crowd", limit=300)

    assert {one["name"] for one in found.values()} == {f"crowd/many-{n:05}" for n in range(1_000)}
