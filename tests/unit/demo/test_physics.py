"""What follows from what, over the borders of platforms."""

import pytest
from tests.fakes.world import Paper


def test_a_shut_switch_port_takes_host_vms_node_and_pods_with_it():
    paper = Paper()
    host, vm = paper.key("vmware:host", "esx2"), paper.key("vmware:vm", "k8s-node-2")
    node = paper.key("kubernetes:node", "k8s-node-2")
    pods = paper.view().where("kubernetes:pod", "node_id", node)
    paper.sets("network:interface:sw1/eth2", admin_state="down")
    view = paper.view()

    assert pods
    assert view.get(host, "connection_state") == "not_responding"
    assert view.get(vm, "connection_state") == "disconnected"
    assert view.get(node, "ready") is False
    assert not any(view.get(pod, "ready") for pod in pods)
    assert view.get(paper.key("vmware:cluster", "cluster"), "hosts_usable") == 3


def test_a_link_is_down_when_either_end_is():
    paper = Paper()
    paper.sets("network:interface:r2/eth1", admin_state="down")
    view = paper.view()

    assert view.get("network:interface:r1/eth1", "admin_state") == "up"
    assert view.get("network:interface:r1/eth1", "oper_state") == "down"
    assert view.get("network:neighbour:r1/bgp/ipv4Unicast/10.1.0.2", "state") == "Active"
    assert view.get("network:neighbour:r1/bgp/ipv4Unicast/10.1.0.2", "prefixes_received") == 0


def test_a_full_volume_is_a_full_datastore_and_its_vms_stand_still():
    paper = Paper()
    volume = paper.key("storage:volume", "nas1 /export/vmfs2")
    size = paper.view().number(volume, "size_bytes")
    paper.sets(volume, _growth_bytes=size)
    view = paper.view()

    assert view.get(volume, "usage_ratio") == 1.0
    assert view.get(paper.key("vmware:datastore", "vmfs2"), "free_bytes") == 0
    assert "no more space" in view.text(paper.key("vmware:vm", "mail-01"), "question")
    assert view.get(paper.key("vmware:vm", "prod-web-01"), "question") is None


def test_all_storage_ports_of_the_hosts_down_makes_datastores_unreachable():
    paper = Paper()
    for port in range(1, 5):
        paper.sets(f"network:interface:sw2/eth{port}", admin_state="down")
    view = paper.view()
    store = paper.key("vmware:datastore", "vmfs1")

    assert view.get(store, "accessible") is False
    assert view.get(store, "size_bytes") is None
    assert view.get(paper.key("vmware:vm", "prod-web-01"), "connection_state") == "inaccessible"


def test_snapshots_count_into_what_a_volume_uses():
    paper = Paper()
    volume = paper.key("storage:volume", "nas1 /export/home")
    before = paper.view()
    snapshots = list(before.children(volume, "storage:snapshot"))
    paper.operate("clear_snapshots", volume, older_than_seconds=0)
    after = paper.view()

    assert len(snapshots) == 3
    assert after.get(volume, "snapshot_count") == 1
    assert before.number(volume, "used_bytes") - after.number(volume, "used_bytes") > 3 * 2**30


def test_a_quota_counts_what_a_larger_flavor_takes():
    paper = Paper()
    instance = paper.key("openstack:instance", "shop-frontend")
    quota = paper.key("openstack:quota", "shop cores")
    before = paper.view().number(quota, "used")
    paper.operate("resize_instance", instance, flavor="m1.large")

    assert paper.view().number(quota, "used") == before + 2


@pytest.mark.parametrize(
    ("sort", "name", "operation", "attribute"),
    [
        ("vmware:vm", "prod-web-01", "restart_vm", "tools_state"),
        ("openstack:instance", "shop-worker-1", "reboot_instance", "status"),
        ("network:interface", "sw1 eth5", "restart_interface", "oper_state"),
    ],
)
def test_a_restart_takes_its_time(sort: str, name: str, operation: str, attribute: str):
    paper = Paper()
    key = paper.key(sort, name)
    well = paper.view().get(key, attribute)
    paper.operate(operation, key)
    done = paper.now
    paper.now = done - 2
    during = paper.view().get(key, attribute)
    paper.now = done

    assert during != well
    assert paper.view().get(key, attribute) == well
