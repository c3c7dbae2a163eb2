"""The world that is built: the same every time, as large as wanted, and true in its relations."""

import pytest
from tests.fakes.world import BORN, NOON, Paper

from datacenter_mcp.demo.building.world import build
from datacenter_mcp.demo.things import Dice, parts

PLATFORMS = {"vmware", "kubernetes", "network", "storage", "openstack"}


def test_the_same_seed_builds_the_same_world_to_the_last_detail():
    assert build(7, 400, BORN) == build(7, 400, BORN)


def test_another_seed_changes_details_and_no_name():
    one, other = build(1, 200, BORN), build(2, 200, BORN)
    names = [sorted(thing.name for thing in base.things.values() if parts(thing.key).kind
                    not in ("replicaset", "pod", "event")) for base in (one, other)]  # fmt: skip

    assert names[0] == names[1]
    assert one != other


def test_the_usual_size_has_about_two_hundred_things_of_all_platforms():
    base = build(1, 200, BORN)

    assert 180 <= len(base.things) <= 240
    assert {key.split(":")[0] for key in base.things} == PLATFORMS


@pytest.mark.parametrize("size", [1_000, 5_000])
def test_a_larger_size_is_met_within_a_tenth(size: int):
    assert abs(len(build(1, size, BORN).things) - size) < size / 10


def test_a_larger_world_holds_the_smaller_one_as_it_was():
    small, large = build(1, 1, BORN), build(1, 2_000, BORN)

    assert small.things.items() <= large.things.items()


def test_every_parent_is_there_and_of_the_same_platform():
    base = build(3, 600, BORN)
    orphans = [
        thing.key
        for thing in base.things.values()
        if thing.parent is not None
        and (
            thing.parent not in base.things
            or thing.parent.split(":")[0] != thing.key.split(":")[0]
        )
    ]

    assert orphans == []


def test_every_attribute_that_points_to_a_thing_points_to_one_that_is_there():
    paper = Paper(size=600)
    view = paper.view()
    missing = []
    for key in view.base.things:
        for name, value in view.facts(key).items():
            told = value if isinstance(value, list) else [value]
            missing += [
                (key, name, one)
                for one in told
                if name.endswith(("_id", "_ids")) and isinstance(one, str)
                and one.split(":")[0] in PLATFORMS and view.thing(one) is None
            ]  # fmt: skip

    assert missing == []


def test_platforms_are_joined_by_what_each_says_of_itself():
    paper = Paper()
    view = paper.view()
    node = paper.key("kubernetes:node", "k8s-node-1")
    vm = paper.key("vmware:vm", "k8s-node-1")
    store = paper.key("vmware:datastore", "vmfs1")
    exported = paper.key("storage:volume", "nas1 /export/vmfs1")
    claimed = paper.key("kubernetes:persistentvolume", "pv-orders")
    image = paper.key("storage:volume", "ceph1 orders-db")

    assert view.get(node, "system_uuid") == view.get(vm, "bios_uuid")
    assert (
        f"{view.get(store, 'remote_host')} {view.get(store, 'remote_path')}"
        == "nas1 /export/vmfs1"
    )
    assert view.get(store, "size_bytes") == view.get(exported, "size_bytes")
    assert parts(image).native == view.get(claimed, "volume_handle")
    assert view.get("network:interface:sw1/eth3", "description") == "to esx3 vmnic0"


def test_metrics_drift_with_time_and_the_same_time_gives_the_same():
    early, late = Paper(), Paper()
    late.now = NOON + 6 * 3_600
    vm = early.key("vmware:vm", "prod-web-01")
    now, then = (one.view().get(vm, "cpu_usage_ratio") for one in (early, late))

    assert now != then
    assert Paper().view().get(vm, "cpu_usage_ratio") == now


def test_draws_of_one_name_do_not_change_those_of_another():
    dice = Dice(5)
    first = dice.uuid("a")
    dice.uuid("b")

    assert dice.uuid("a") == first
    assert dice.uuid("b") != first
    assert all(2 <= dice.between(2, 4, n) <= 4 for n in range(50))
