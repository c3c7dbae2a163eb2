"""The five rooms of the demo world, read through a real MCP client."""

import asyncio
from pathlib import Path

import pytest
from tests.contract.rooms.calling import calling, facts
from tests.fakes.world import NAMES, NOON, Standing, make, room

from datacenter_mcp.contract.errors import InvalidRequest
from datacenter_mcp.contract.reading import Resource
from datacenter_mcp.contract.vocabulary.words import mistakes
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.faults.oracle import inject, target_of
from datacenter_mcp.demo.faults.table import FAULTS
from datacenter_mcp.demo.gates import of_platform
from datacenter_mcp.demo.room import WORDS, open_demo
from datacenter_mcp.demo.world import World

EACH = pytest.mark.parametrize("platform", NAMES)
SELDOM = {"disk", "event", "snapshot", "task", "alarm", "job", "daemonset", "replicaset"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path, Standing())


@pytest.mark.shows("demo", "reads")
@EACH
async def test_every_resource_speaks_in_the_words_of_its_platform(path: Path, platform: str):
    async with calling(room(platform, path, Standing())) as call:
        found = await call.everything(limit=1_000)
    wrong = [
        mistake
        for resource in found.values()
        for mistake in mistakes(WORDS[platform], Resource.model_validate(resource))
    ]

    assert wrong == []
    assert len(found) > 20


@EACH
async def test_it_does_so_too_while_everything_is_broken(path: Path, platform: str):
    time = Standing()
    world = World.open(path, time)
    for fault in FAULTS.values():
        target = target_of(fault, world.view())
        world.happen(fault.cause, target, lambda view, f=fault, t=target: f.breaks(view, t))
    world.close()
    time.now += 60
    async with calling(room(platform, path, time)) as call:
        found = await call.everything(limit=1_000)
    wrong = [
        mistake
        for resource in found.values()
        for mistake in mistakes(WORDS[platform], Resource.model_validate(resource))
    ]

    assert wrong == []


@EACH
async def test_most_kinds_are_there_with_all_that_is_said_of_them(path: Path, platform: str):
    async with calling(room(platform, path, Standing())) as call:
        found = await call.everything(limit=1_000)
    said: dict[str, set[str]] = {}
    for resource in found.values():
        said.setdefault(resource["kind"], set()).update(facts(resource))
    missing = {kind: sorted(words.attributes.keys() - said[kind])
               for kind, words in WORDS[platform].items() if kind in said and kind not in SELDOM}  # fmt: skip

    assert WORDS[platform].keys() - said.keys() <= SELDOM
    assert {kind: names for kind, names in missing.items() if len(names) > 3} == {}


@EACH
@pytest.mark.shows("demo", "endures")
async def test_pages_hold_the_same_as_one_answer_and_ids_are_stable(path: Path, platform: str):
    async with calling(room(platform, path, Standing())) as call:
        whole = await call.everything(limit=1_000)
        paged = await call.everything(limit=7)
    async with calling(room(platform, path, Standing())) as again:
        later = await again.everything(limit=1_000)

    assert list(paged) == list(whole) == list(later)
    assert all(name.startswith(f"{platform}:{NAMES[platform]}:") for name in whole)


async def test_a_listing_can_be_cut_to_a_kind_and_to_what_stands_below(path: Path):
    async with calling(room("network", path, Standing())) as call:
        vlans = await call.everything(kind="vlan")
        below = await call.everything(parent="network:fabric:device:sw1", kind="interface")
        unknown = await call.error("list_resources", kind="printer")

    assert {one["kind"] for one in vlans.values()} == {"vlan"}
    assert len(below) == 9
    assert unknown.kind == "invalid"


async def test_facts_have_units_and_a_source(path: Path):
    target = "vmware:vcenter:vm:vm-101"
    async with calling(room("vmware", path, Standing())) as call:
        vm = await call("describe_resource", id=target)
        metrics = await call("get_metrics", id=target)
        health = await call("get_health", id=target)

    assert (vm["name"], vm["parent"]) == ("prod-web-01", "vmware:vcenter:host:host-11")
    assert facts(vm)["memory_mib"] == 8_192
    assert 0 < facts(vm)["memory_usage_ratio"] < 1
    assert facts(vm)["host_id"] == vm["parent"]
    assert vm["source"]["connection"] == "vcenter"
    assert len(vm["source"]["payload_sha256"]) == 64
    assert {"memory_mib", "cpu_usage_ratio"} <= {one["name"] for one in metrics["metrics"]}
    assert health == {"status": "ok", "reasons": []}


@pytest.mark.parametrize(
    ("id", "kind"),
    [("vmware:vcenter:vm:vm-9", "not_found"), ("vmware:other:vm:vm-101", "not_found"),
     ("nonsense", "invalid"), ("vmware:vcenter:platform:self", "not_found")],
)  # fmt: skip
async def test_what_is_not_there_is_told_so(path: Path, id: str, kind: str):
    async with calling(room("vmware", path, Standing())) as call:
        assert (await call.error("describe_resource", id=id)).kind == kind


@pytest.mark.shows("demo", "endures")
async def test_a_platform_that_is_away_is_unavailable_and_its_health_says_so(path: Path):
    world = World.open(path, Standing())
    world.happen("test", "x", lambda _: [Step(of_platform("storage"), {"_away": True})])
    world.close()
    async with calling(room("storage", path, Standing())) as call:
        error = await call.error("list_resources", kind="volume")
        health = await call("get_health")
    async with calling(room("network", path, Standing())) as other:
        well = await other("get_health")

    assert (error.kind, error.retry_after_seconds) == ("unavailable", 5)
    assert (health["status"], well["status"]) == ("failed", "ok")


async def test_a_device_that_does_not_answer_is_a_failure_and_the_others_are_read(path: Path):
    world = World.open(path, Standing())
    world.happen("test", "x", lambda _: [Step("network:device:sw2", {"_unreachable": True})])
    world.close()
    async with calling(room("network", path, Standing())) as call:
        page = await call("list_resources", kind="interface", limit=1_000)
        error = await call.error("describe_resource", id="network:fabric:interface:sw2/eth1")
        health = await call("get_health")

    assert [one["part"] for one in page["failures"]] == ["sw2"]
    assert {one["parent"].rpartition(":")[2] for one in page["resources"]} == {"r1", "r2", "sw1"}
    assert error.kind == "unavailable"
    assert health == {"status": "degraded", "reasons": ["sw2 does not answer."]}


async def test_what_one_server_does_the_others_see_at_once(path: Path):
    time = Standing()
    node = "kubernetes:cluster:node:k8s-node-3"
    async with (
        calling(room("network", path, time)) as network,
        calling(room("kubernetes", path, time)) as cluster,
    ):
        before = facts(await cluster("describe_resource", id=node))["ready"]
        await network(
            "disable_port", target="network:fabric:interface:sw1/eth3", idempotency_key="1"
        )
        after = facts(await cluster("describe_resource", id=node))["ready"]

    assert (before, after) == (True, False)


async def test_the_world_is_as_it_was_after_all_servers_restarted(path: Path):
    target = "openstack:cloud:flavor:m1.small"
    async with calling(room("vmware", path, Standing())) as call:
        await call("snapshot_vm", target="vmware:vcenter:vm:vm-101", idempotency_key="1",
                   parameters={"snapshot_name": "kept"})  # fmt: skip
    async with calling(room("vmware", path, Standing(NOON + 3_600))) as call:
        found = await call.everything(kind="snapshot")
    async with calling(room("openstack", path, Standing())) as call:
        flavor = await call("describe_resource", id=target)

    assert [one["name"] for one in found.values()] == ["kept"]
    assert facts(next(iter(found.values())))["age_seconds"] == 3_600
    assert flavor["name"] == "m1.small"


async def test_a_hundred_thousand_things_are_built_and_listed_page_by_page(tmp_path: Path):
    path = await asyncio.to_thread(make, tmp_path, Standing(), size=100_000)
    async with asyncio.timeout(60):
        async with calling(room("network", path, Standing())) as call:
            first = await call("list_resources", kind="device", limit=1_000)
            devices = await call.everything(kind="device", limit=1_000)

    assert len(first["resources"]) <= 1_000
    assert len(devices) > 900


def test_settings_without_a_world_are_told(tmp_path: Path):
    with pytest.raises(InvalidRequest, match="no demo world"):
        open_demo("network", "fabric", {"world": str(tmp_path / "none.sqlite")})
    with pytest.raises(InvalidRequest, match="demo settings"):
        open_demo("network", "fabric", {"wrold": "x"})


def test_a_fault_is_not_injected_twice(path: Path):
    world = World.open(path, Standing())
    fault = FAULTS["port-shut"]
    inject(world, fault, target_of(fault, world.view()))
    with pytest.raises(Exception, match="is there already"):
        inject(world, fault, target_of(fault, world.view()))
    world.close()
