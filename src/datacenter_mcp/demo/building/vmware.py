"""A rack's virtualisation: a cluster of hosts, their VMs, datastores on the file server's exports, networks."""

from collections.abc import Iterator

from datacenter_mcp.demo.building.rack import GIB, HOSTS, VMS, Rack, VmPlan
from datacenter_mcp.demo.things import Thing, Value

DATACENTER = "vmware:datacenter:datacenter-1"
NETWORKS = ("VM Network", "storage")
HOST_MHZ = 2_600
HOST_CORES = 32
HOST_MEMORY = 512 * GIB


def things(rack: Rack) -> Iterator[Thing]:
    """All virtualisation things of a rack."""
    if rack.is_first:
        yield Thing(DATACENTER, "dc1", None, {"folder": "/"})
    cluster = f"vmware:cluster:domain-c{rack.number}"
    stores = [rack.datastore(index) for index in (1, 2)]
    networks = [rack.vm_network(index) for index in (1, 2)]
    hosts = [rack.host(index) for index in range(1, HOSTS + 1)]
    yield Thing(
        cluster,
        rack.name("cluster"),
        DATACENTER,
        {
            "cpu_cores": HOSTS * HOST_CORES,
            "cpu_total_mhz": HOSTS * HOST_CORES * HOST_MHZ,
            "memory_total_bytes": HOSTS * HOST_MEMORY,
            "ha_enabled": True,
            "drs_enabled": False,
            "datastore_ids": [*stores],
            "network_ids": [*networks],
        },
    )
    for index in range(1, HOSTS + 1):
        yield _host(rack, index, cluster, stores, networks)
    for index, key in enumerate(stores, 1):
        yield _datastore(rack, index, key, hosts)
    for index, key in enumerate(networks, 1):
        plugged = len(VMS) if index == 1 else 0
        yield Thing(
            key,
            rack.name(NETWORKS[index - 1]),
            DATACENTER,
            {
                "network_type": "standard",
                "switch_name": None,
                "vlan_id": 10 * index,
                "accessible": True,
                "host_ids": [*hosts],
                "vm_count": plugged,
                "alarm_status": "ok",
            },
        )
    for plan in VMS:
        yield _vm(rack, plan)
        yield _disk(rack, plan)
    yield from _log(rack)


def _host(rack: Rack, index: int, cluster: str, stores: list[str], networks: list[str]) -> Thing:
    key, name, dice = rack.host(index), rack.host_name(index), rack.dice
    attributes: dict[str, Value] = {
        "power_state": "on",
        "in_maintenance": False,
        "software": "VMware ESXi 8.0.3 build-24022510",
        "vendor": "Example",
        "model": "R-2280",
        "hardware_uuid": dice.uuid("hardware", key),
        "cpu_model": "32-core 2.6 GHz",
        "cpu_cores": HOST_CORES,
        "cpu_threads": 2 * HOST_CORES,
        "cpu_total_mhz": HOST_CORES * HOST_MHZ,
        "cpu_usage_ratio": dice.wave(0.38, 0.16, "cpu", key),
        "memory_total_bytes": HOST_MEMORY,
        "memory_usage_ratio": dice.wave(0.55, 0.05, "memory", key),
        "port_names": ["vmnic0", "vmnic1"],
        "mac_addresses": [dice.mac("00:50:56", key, card) for card in (0, 1)],
        "addresses": [rack.address(10, index)],
        "datastore_ids": [*stores],
        "network_ids": [*networks],
        "_booted": rack.born - 86_400 * dice.between(10, 200, "boot", key),
        "_ports": [rack.port(1, index), rack.port(2, index)],
    }
    return Thing(key, name, cluster, attributes)


def _datastore(rack: Rack, index: int, key: str, hosts: list[str]) -> Thing:
    path = f"/export/vmfs{index}"
    return Thing(
        key,
        rack.name(f"vmfs{index}"),
        DATACENTER,
        {
            "filesystem": "nfs",
            "url": f"ds:///vmfs/volumes/{rack.dice.hexadecimal(16, 'ds', key)}/",
            "in_maintenance": False,
            "shared": True,
            "remote_host": rack.nas,
            "remote_path": path,
            "device_names": [],
            "host_ids": [*hosts],
            "vm_count": sum(plan.datastore == index for plan in VMS),
            "promised_bytes": 300 * GIB,
            "_volume": rack.volume(path),
        },
    )


def _vm(rack: Rack, plan: VmPlan) -> Thing:
    key, dice, host = rack.vm(plan), rack.dice, rack.host(plan.host)
    need = plan.memory_mib * (0.45 + 0.2 * dice.number("need", key))
    attributes: dict[str, Value] = {
        "power_state": "on",
        "is_template": False,
        "folder": "/",
        "notes": None,
        "instance_uuid": dice.uuid("instance", key),
        "bios_uuid": dice.uuid("bios", key),
        "guest_os": "debian12_64Guest",
        "mac_addresses": [dice.mac("00:50:56", key)],
        "cpu_count": plan.cpus,
        "cpu_hot_add": plan.name.startswith("prod"),
        "memory_mib": plan.memory_mib,
        "memory_hot_add": plan.name.startswith("prod"),
        "memory_ballooned_mib": 0,
        "memory_swapped_mib": 0,
        "storage_used_bytes": dice.wave(40 * GIB, GIB, "disk", key, whole=True),
        "storage_promised_bytes": 60 * GIB,
        "fullest_filesystem": "/var",
        "fullest_filesystem_ratio": dice.wave(0.5, 0.03, "var", key),
        "disk_count": 1,
        "needs_consolidation": False,
        "host_id": host,
        "datastore_ids": [rack.datastore(plan.datastore)],
        "network_ids": [rack.vm_network(1)],
        "_address": rack.address(10, 100 + VMS.index(plan)),
        "_backup": plan.backup,
        "_booted": rack.born - 86_400 * dice.between(1, 90, "boot", key),
        "_hung": False,
        "_memory_need_mib": dice.wave(need, 0.06 * need, "active", key),
        "_cpu_need": dice.wave(0.35 * plan.cpus, 0.2 * plan.cpus, "cpu", key),
        "_busy_until": 0,
        "_snapshot_wanted": False,
    }
    return Thing(key, rack.name(plan.name), host, attributes)


def _disk(rack: Rack, plan: VmPlan) -> Thing:
    key, name = rack.vm(plan), rack.name(plan.name)
    store = rack.name(f"vmfs{plan.datastore}")
    return Thing(
        f"vmware:disk:{key.split(':', 2)[2]}/2000",
        f"{name} Hard disk 1",
        key,
        {
            "size_bytes": 100 * GIB,
            "path": f"[{store}] {name}/{name}.vmdk",
            "datastore_id": rack.datastore(plan.datastore),
            "thin_provisioned": True,
            "mode": "persistent",
            "controller": "SCSI controller 0",
            "unit_number": 0,
            "disk_uuid": rack.dice.uuid("disk", key),
        },
    )


def _log(rack: Rack) -> Iterator[Thing]:
    """Background life: what the management server does again and again."""
    nightly = {
        "prod-db-01": "backup of prod-db-01 finished",
        "prod-web-01": "backup of prod-web-01 finished",
    }
    for index, (name, message) in enumerate(nightly.items(), 1):
        vm = next(rack.vm(plan) for plan in VMS if plan.name == name)
        yield Thing(
            f"vmware:event:event-{10 * rack.number + index}",
            rack.name(f"event {index}"),
            None,
            {
                "event_type": "TaskEvent",
                "message": message,
                "entity_id": vm,
                "user": "backup",
                "_every_seconds": 86_400,
                "_phase": round(rack.dice.number("event", index), 3),
            },
        )
