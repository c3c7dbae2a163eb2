"""Reading a real OpenStack: complete, in pages, as its administrator sees it, and as the shipped roles may."""

from typing import Any

import pytest
from tests.contract.rooms.calling import calling, facts
from tests.contract.rooms.openstack_cases import LANE, name_of, oracle, room, web
from tests.peers.openstack_cloud import Cloud
from tests.peers.openstack_config import HOSTS
from tests.peers.openstack_oracle import Oracle

from datacenter_mcp.contract.reading import Resource
from datacenter_mcp.contract.vocabulary.openstack import OPENSTACK
from datacenter_mcp.contract.vocabulary.words import mistakes

__all__ = ["oracle", "web"]
pytestmark = [*LANE, pytest.mark.shows("openstack", "reads")]
NO_CINDER = ["volume", "quota of volume", "service of volume"]


async def everything(cloud: Cloud, account: str = "reader", **more: Any) -> list[Resource]:
    """All that an account sees; who runs Cinder is told to administrators only."""
    opened = room(cloud, account, **more)
    try:
        listing = await opened.list_resources(None, None)
    finally:
        await opened.close()
    hidden = [] if account == "admin" else [("service of volume", "refused")]
    assert [(one.part, one.kind) for one in listing.failures] == hidden
    return list(listing.resources)


async def test_every_resource_obeys_the_vocabulary_and_names_its_source(
    cloud: Cloud, oracle: Oracle, web: str
):
    with oracle.volume():
        found = await everything(cloud)
    wrong = [told for one in found for told in mistakes(OPENSTACK, one)]

    assert wrong == []
    assert {one.kind for one in found} == set(OPENSTACK)
    assert all(one.source.tool.startswith("GET ") for one in found)
    assert all(len(one.source.payload_sha256) == 64 for one in found)


async def test_an_instance_is_told_as_its_administrator_sees_it(
    cloud: Cloud, oracle: Oracle, web: str
):
    async with calling(room(cloud, "reader")) as call:
        said = await call("describe_resource", id=name_of("instance", web))
        hypervisors = await call.everything(kind="hypervisor")
    seen, oracles = facts(said), oracle.server(web)
    [address] = oracles["addresses"]["inside"]
    network = oracle.admin.network.find_network("inside").id

    assert (said["name"], said["parent"]) == (
        oracles["name"],
        name_of("project", oracles["tenant_id"]),
    )
    assert (seen["status"], seen["power_state"], seen["task_state"]) == ("active", "running", None)
    assert (seen["flavor"], seen["larger_flavor"]) == ("small", "medium")
    assert (seen["cpu_count"], seen["memory_mib"], seen["disk_gib"]) == (1, 2_048, 20)
    assert seen["addresses"] == [address["addr"]]
    assert seen["macs"] == [address["OS-EXT-IPS-MAC:mac_addr"]]
    assert seen["network_ids"] == [name_of("network", network)]
    assert hypervisors[seen["hypervisor_id"]]["name"] == oracles["OS-EXT-SRV-ATTR:host"]
    assert (seen["cpu_usage_ratio"], seen["rebooted_at"]) == (None, None)


async def test_ids_are_stable_and_pages_hold_the_same_as_one_listing(
    cloud: Cloud, oracle: Oracle, web: str
):
    with oracle.instance("tiny"), oracle.instance("tiny"):
        async with calling(room(cloud, "reader", page_size=1)) as call:
            small = await call.everything(kind="instance", limit=1)
            flavors = await call.everything(kind="flavor")
        async with calling(room(cloud, "reader")) as call:
            large = await call.everything(kind="instance")

    assert small.keys() == large.keys()
    assert (len(small), len(flavors)) == (3, 4)
    assert name_of("instance", web) in small


async def test_what_belongs_to_a_project_is_listed_below_it(
    cloud: Cloud, oracle: Oracle, web: str
):
    project = name_of("project", oracle.project)
    async with calling(room(cloud, "reader")) as call:
        below = (await call("list_resources", parent=project, limit=1_000))["resources"]
        nothing = await call("list_resources", parent=name_of("project", "other"))
        unknown = await call.error("list_resources", kind="rack")

    assert {one["kind"] for one in below} == {"instance", "network", "quota"}
    assert {one["parent"] for one in below} == {project}
    assert (nothing["resources"], unknown.kind) == ([], "invalid")


async def test_each_kind_is_described_as_it_is_listed(cloud: Cloud, web: str):
    listed = {one.kind: one for one in await everything(cloud)}
    async with calling(room(cloud, "reader")) as call:
        for kind, one in listed.items():
            described = facts(await call("describe_resource", id=one.id))
            moving = {"used", "usage_ratio", "updated_at", "rebooted_at"}
            said = {fact.attribute: fact.value for fact in one.facts}
            kept = {name: value for name, value in described.items() if name not in moving}

            assert kept == {name: said[name] for name in kept}, kind
        gone = [await call.error("describe_resource", id=name_of(kind, "none")) for kind in listed]

    assert {error.kind for error in gone} == {"not_found"}


@pytest.mark.parametrize("native", ["..", "a/../b", "?a=b", "a" * 300])
async def test_an_id_that_nothing_can_have_is_asked_for_nowhere(cloud: Cloud, native: str):
    async with calling(room(cloud, "reader")) as call:
        error = await call.error("describe_resource", id=name_of("instance", native))

    assert (error.kind, error.sent) == ("not_found", False)


async def test_an_administrator_reads_all_projects(cloud: Cloud, oracle: Oracle, web: str):
    found = await everything(cloud, "admin", all_projects=True)
    projects = {one.name for one in found if one.kind == "project"}
    [instance] = [one for one in found if one.kind == "instance"]

    assert projects == {"admin", "service", "shop"}
    assert instance.parent == name_of("project", oracle.project)
    services = {one.name for one in found if one.kind == "service"}
    assert {"neutron-openvswitch-agent on cn1", "cinder-volume on cn1@pretended"} <= services


async def test_a_volume_is_told_in_bytes_and_with_its_project(cloud: Cloud, oracle: Oracle):
    with oracle.volume() as native:
        async with calling(room(cloud, "reader")) as call:
            listed = await call.everything(kind="volume")
            said = await call("describe_resource", id=name_of("volume", native))
    seen = facts(said)

    assert listed.keys() == {said["id"]}
    assert (said["name"], said["parent"]) == ("data", name_of("project", oracle.project))
    assert (seen["status"], seen["size_bytes"]) == ("available", 2 * 1024**3)
    assert (seen["bootable"], seen["encrypted"], seen["instance_ids"]) == (False, False, [])
    assert seen["backend_name"] is None  # shown to administrators


async def test_a_cloud_without_volumes_says_so_and_everything_else_is_read(
    cloud: Cloud, oracle: Oracle
):
    with oracle.without_volumes():
        opened = room(cloud, "reader")
        listing = await opened.list_resources(None, None)
        await opened.close()

    assert [(one.part, one.kind) for one in listing.failures] == [
        (part, "unsupported") for part in NO_CINDER
    ]
    assert {"project", "flavor", "network", "quota"} <= {one.kind for one in listing.resources}


async def test_without_the_shipped_role_what_is_beneath_is_missing_and_that_is_told(
    cloud: Cloud, web: str
):
    opened = room(cloud, "member")
    listing = await opened.list_resources(None, None)
    await opened.close()
    failed = {one.part: one.kind for one in listing.failures}
    [instance] = [one for one in listing.resources if one.kind == "instance"]
    seen = {fact.attribute: fact.value for fact in instance.facts}

    assert failed == dict.fromkeys(
        ("hypervisor", "service of compute", "service of volume"), "refused"
    )
    assert (seen["status"], seen["hypervisor_id"]) == ("active", None)


async def test_numbers_are_metrics(cloud: Cloud, web: str):
    async with calling(room(cloud, "reader")) as call:
        [hypervisor, *_] = await call.everything(kind="hypervisor")
        report = await call("get_metrics", id=hypervisor)

    assert {"cpu_count", "used_memory_mib", "running_instances"} <= {
        one["name"] for one in report["metrics"]
    }


async def test_a_host_that_is_down_makes_the_cloud_degraded_and_all_of_them_make_it_fail(
    cloud: Cloud, oracle: Oracle
):
    seen = []
    async with calling(room(cloud, "reader")) as call:
        well = await call("get_health")
        try:
            for host in HOSTS:
                oracle.force_down(host, True)
                health = await call("get_health", id=name_of("project", oracle.project))
                seen.append((health["status"], health["reasons"][-1]))
        finally:
            for host in HOSTS:
                oracle.force_down(host, False)
        again = await call("get_health")

    assert [status for status, _ in seen] == ["degraded", "failed"]
    assert seen[0][1] == "nova-compute on cn1 is down."
    assert well["status"] == again["status"] == "ok"
