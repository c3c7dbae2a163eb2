"""The VMware room reads a vCenter: everything, in our words, page by page, with sources; and no more than it may."""

import pytest
from tests.contract.rooms.calling import calling, facts
from tests.contract.rooms.vmware_cases import FIRST, room_of, vm_id
from tests.peers.vcenter import READER, VCenter
from tests.peers.vcenter_oracle import Oracle

from datacenter_mcp.contract.reading import Resource
from datacenter_mcp.contract.vocabulary.vmware import VMWARE
from datacenter_mcp.contract.vocabulary.words import mistakes

pytestmark = [pytest.mark.peer, pytest.mark.shows("vmware", "reads")]


async def test_everything_is_told_in_the_words_of_virtualisation(
    vc: VCenter, oracle: Oracle, vm: str
):
    oracle.take_snapshot(vm, "before-patch")
    elsewhere = oracle.vms()["DC1_H0_VM0"]
    vc.order("alarm", kind="VirtualMachine", entity=elsewhere, status="yellow")
    async with calling(room_of(vc)) as call:
        found = await call.everything()
    resources = [Resource.model_validate(one) for one in found.values()]

    assert [said for one in resources for said in mistakes(VMWARE, one)] == []
    assert {one.kind for one in resources} == VMWARE.keys()


async def test_the_inventory_is_the_platforms_own(vc: VCenter, oracle: Oracle):
    async with calling(room_of(vc)) as call:
        found = await call.everything(kind="vm")

    assert {one["name"]: one["id"] for one in found.values()} == {
        name: vm_id(native) for name, native in oracle.vms().items()
    }


async def test_facts_have_our_units_and_point_to_what_exists(vc: VCenter, oracle: Oracle, vm: str):
    async with calling(room_of(vc)) as call:
        found = await call.everything()
    said = facts(found[vm_id(vm)])
    host, disk = found[said["host_id"]], found[next(one for one in found if f":disk:{vm}/" in one)]

    assert (said["memory_mib"], said["cpu_count"], said["power_state"]) == (32, 1, "on")
    assert (said["memory_usage_ratio"], said["tools_state"]) == (0.25, "running")
    assert facts(disk)["size_bytes"] == 1024 * 1024
    assert facts(disk)["datastore_id"] in found
    assert facts(host)["memory_total_bytes"] == 4294430720
    assert found[vm_id(vm)]["parent"] == host["id"]
    assert {*said["datastore_ids"], *said["network_ids"]} <= found.keys()


async def test_pages_and_portions_lose_nothing_and_keep_their_order(vc: VCenter):
    async with calling(room_of(vc, page_objects=2)) as call:
        whole = await call.everything(kind="vm")
        paged = await call.everything(kind="vm", limit=5)

    assert list(paged) == list(whole) == sorted(whole)
    assert len(whole) == 12


async def test_a_portion_says_which_one_it_was_and_what_it_hashed(vc: VCenter):
    async with calling(room_of(vc, page_objects=5)) as call:
        found = await call.everything(kind="vm")
    sources = [one["source"] for one in found.values()]

    assert {one["arguments"]["portion"] for one in sources} == {1, 2, 3}
    assert len({one["payload_sha256"] for one in sources}) == 3


async def test_a_listing_and_a_description_say_the_same(vc: VCenter, oracle: Oracle, vm: str):
    oracle.take_snapshot(vm, "a")
    async with calling(room_of(vc)) as call:
        for kind in VMWARE.keys() - {"alarm", "event", "task"}:
            resource = next(iter((await call.everything(kind=kind)).values()))
            again = await call("describe_resource", id=resource["id"])
            ages = {
                name for name in facts(resource) if name.endswith(("_seconds", "_mhz", "_ratio"))
            }

            assert {**again, "source": None, "facts": None} == {
                **resource,
                "source": None,
                "facts": None,
            }
            assert {k: v for k, v in facts(again).items() if k not in ages} == {
                k: v for k, v in facts(resource).items() if k not in ages
            }


async def test_what_is_below_a_vm_is_read_of_it_alone(vc: VCenter, oracle: Oracle, vm: str):
    oracle.take_snapshot(vm, "a")
    async with calling(room_of(vc)) as call:
        below = await call.everything(parent=vm_id(vm))

    assert sorted(one["kind"] for one in below.values()) == ["disk", "snapshot"]
    assert {one["parent"] for one in below.values()} == {vm_id(vm)}


async def test_an_alarm_names_what_it_is_about_and_shows_in_its_health(
    vc: VCenter, oracle: Oracle
):
    native = oracle.vms()["DC1_H0_VM0"]
    vc.order("alarm", kind="VirtualMachine", entity=native, status="red")
    async with calling(room_of(vc)) as call:
        alarms = await call.everything(kind="alarm")
        health = await call("get_health", id=vm_id(native))
    about = [one for one in alarms.values() if facts(one)["entity_id"] == vm_id(native)]

    assert ("Usage is high", "failed") in [(one["name"], facts(one)["status"]) for one in about]
    assert health["status"] == "degraded"


async def test_metrics_hold_what_the_platform_measures_itself(
    vc: VCenter, oracle: Oracle, vm: str
):
    async with calling(room_of(vc)) as call:
        report = await call("get_metrics", id=vm_id(vm))
    numbers = {one["name"]: one["value"] for one in report["metrics"]}

    assert numbers["memory_mib"] == 32
    assert 0 <= numbers["cpu_ready_ratio"] < 10
    assert numbers["network_bytes_per_second"] >= 0


async def test_what_does_not_exist_is_told(vc: VCenter):
    async with calling(room_of(vc)) as call:
        kinds = [
            (await call.error("describe_resource", id=f"vmware:vc:{name}")).kind
            for name in ("vm:vm-0", "pod:x", "disk:vm-0/1", "alarm:x", "network:network-0")
        ]
        wrong = await call.error("list_resources", kind="pod")
        elsewhere = await call.error("describe_resource", id="vmware:other:vm:vm-1")

    assert kinds == ["not_found"] * 5
    assert (wrong.kind, elsewhere.kind) == ("invalid", "not_found")


async def test_the_smallest_role_reads_everything(vc: VCenter, oracle: Oracle):
    async with calling(room_of(vc)) as call:
        all_of_it = await call.everything()
    async with calling(room_of(vc, READER)) as call:
        read = await call.everything()
        health = await call("get_health")

    def steady(one: str) -> bool:
        return one.split(":")[2] not in ("event", "task")

    assert set(filter(steady, read)) == set(filter(steady, all_of_it))
    assert health["status"] == "ok"


async def test_a_datacenter_is_as_well_as_its_hosts(vc: VCenter):
    async with calling(room_of(vc)) as call:
        [one, *_] = await call.everything(kind="datacenter")
        health = await call("get_health", id=one)

    assert health["status"] in ("ok", "degraded")
    assert not any("hosts do not answer" in reason for reason in health["reasons"])


async def test_a_template_and_its_folder_are_told(vc: VCenter, oracle: Oracle):
    native = oracle.vms()["DC1_H0_VM2"]
    oracle.switch(native, on=False)
    oracle.vm(native).MarkAsTemplate()
    async with calling(room_of(vc)) as call:
        said = facts(await call("describe_resource", id=vm_id(native)))
        report = await call.error("snapshot_vm", target=vm_id(native), idempotency_key="1",
                                  parameters={"snapshot_name": "a"})  # fmt: skip

    assert (said["is_template"], said["folder"], said["cpu_used_mhz"]) == (True, "/", None)
    assert (report.kind, report.sent) == ("refused", False)
    assert FIRST not in report.message
