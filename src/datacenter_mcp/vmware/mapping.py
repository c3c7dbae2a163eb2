"""Datacenters, clusters, hosts, datastores and networks as resources: the vendor's names in, ours out. Pure.

For each type: which properties are read, and the function that turns them into facts. VMs are in `vms`, alarms, events and
tasks in `happenings`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from datacenter_mcp.contract.reading import Resource, Source
from datacenter_mcp.ids import Naming
from datacenter_mcp.readings import facts
from datacenter_mcp.room import State
from datacenter_mcp.vmware.answers import Node, Seen
from datacenter_mcp.vmware.tree import KIND_OF, Tree, named

MIB = 1024 * 1024
STATUS = {"green": "ok", "yellow": "degraded", "red": "failed"}
POWER = {"poweredOn": "on", "poweredOff": "off", "suspended": "suspended", "standBy": "standby"}
CONNECTION = {"notResponding": "not_responding"}
FILESYSTEM = {"VMFS": "vmfs", "NFS": "nfs", "NFS41": "nfs41", "vsan": "vsan", "VVOL": "vvol"}


class Context(NamedTuple):
    """What mapping needs beside the object: who is above it, how ids are made, where it was read and when."""

    naming: Naming
    tree: Tree
    source: Source
    now: datetime


class Kind(NamedTuple):
    """A type of the platform: what is read of it, its parent's id, its facts."""

    paths: tuple[str, ...]
    parent: Callable[[Seen, Tree], str | None]
    facts: Callable[[Seen, Context], State]


def resource(seen: Seen, kind: Kind, context: Context) -> Resource:
    """An object of the platform as a resource of ours."""
    return Resource(
        id=context.naming.name(KIND_OF[seen.ref.type], seen.ref.value),
        kind=KIND_OF[seen.ref.type],
        name=named(seen.get("name").text) or seen.ref.value,
        parent=kind.parent(seen, context.tree),
        facts=facts(kind.facts(seen, context)),
        source=context.source,
    )


def status(node: Node) -> str | None:
    """A colour as a status; None for grey."""
    return STATUS.get(node.text or "")


def ratio(part: int | None, whole: int | None) -> float | None:
    """0..1, with four digits; None without both, or of nothing."""
    return None if part is None or not whole else round(part / whole, 4)


def times(number: int | None, factor: int) -> int | None:
    """In another unit; None stays None."""
    return None if number is None else number * factor


def age_seconds(at: datetime | None, now: datetime) -> int | None:
    """Whole seconds since then; 0 for the future; None: never."""
    return None if at is None else max(0, int((now - at).total_seconds()))


def iso(at: datetime | None) -> str | None:
    """A time as text."""
    return None if at is None else at.isoformat()


def _datacenter(seen: Seen, context: Context) -> State:
    return {
        "alarm_status": status(seen.get("overallStatus")),
        "folder": context.tree.folder(seen) or "/",
    }


def _cluster(seen: Seen, context: Context) -> State:
    summary = seen.get("summary")
    return {
        "alarm_status": status(seen.get("overallStatus")),
        "host_count": summary.part("numHosts").number or 0,
        "hosts_usable": summary.part("numEffectiveHosts").number,
        "cpu_cores": summary.part("numCpuCores").number,
        "cpu_total_mhz": summary.part("totalCpu").number,
        "memory_total_bytes": summary.part("totalMemory").number,
        "cpu_effective_mhz": summary.part("effectiveCpu").number,
        "memory_effective_bytes": times(summary.part("effectiveMemory").number, MIB),
        "ha_enabled": seen.get("configurationEx").part("dasConfig", "enabled").flag,
        "drs_enabled": seen.get("configurationEx").part("drsConfig", "enabled").flag,
        "datastore_ids": context.tree.ids(seen.get("datastore").refs),
        "network_ids": context.tree.ids(seen.get("network").refs),
    }


def _host(seen: Seen, context: Context) -> State:
    hardware, product = seen.get("summary.hardware"), seen.get("summary.config.product")
    cores, speed = hardware.part("numCpuCores").number, hardware.part("cpuMhz").number
    cpu_total = None if cores is None else times(speed, cores)
    cpu_used = seen.get("summary.quickStats.overallCpuUsage").number
    memory_used = times(seen.get("summary.quickStats.overallMemoryUsage").number, MIB)
    memory_total = hardware.part("memorySize").number
    booted_at = seen.get("runtime.bootTime").moment
    ports = list(seen.get("config.network.pnic").parts())
    state = seen.get("runtime.connectionState").text or "disconnected"
    return {
        "alarm_status": status(seen.get("overallStatus")),
        "connection_state": CONNECTION.get(state, state),
        "power_state": POWER.get(seen.get("runtime.powerState").text or ""),
        "in_maintenance": bool(seen.get("runtime.inMaintenanceMode").flag),
        "software": product.part("fullName").text,
        "vendor": hardware.part("vendor").text,
        "model": hardware.part("model").text,
        "hardware_uuid": hardware.part("uuid").text,
        "cpu_model": hardware.part("cpuModel").text,
        "cpu_cores": cores,
        "cpu_threads": hardware.part("numCpuThreads").number,
        "cpu_total_mhz": cpu_total,
        "cpu_used_mhz": cpu_used,
        "cpu_usage_ratio": ratio(cpu_used, cpu_total),
        "memory_total_bytes": memory_total,
        "memory_used_bytes": memory_used,
        "memory_usage_ratio": ratio(memory_used, memory_total),
        "booted_at": iso(booted_at),
        "uptime_seconds": age_seconds(booted_at, context.now),
        "port_names": [port.part("device").text for port in ports],
        "mac_addresses": [(port.part("mac").text or "").lower() for port in ports],
        "addresses": [
            address
            for one in seen.get("config.network.vnic").parts()
            if (address := one.part("spec", "ip", "ipAddress").text) is not None
        ],
        "vm_count": len(seen.get("vm").refs),
        "datastore_ids": context.tree.ids(seen.get("datastore").refs),
        "network_ids": context.tree.ids(seen.get("network").refs),
    }


def _datastore(seen: Seen, context: Context) -> State:
    summary, info = seen.get("summary"), seen.get("info")
    accessible = bool(summary.part("accessible").flag)
    size, free = summary.part("capacity").number, summary.part("freeSpace").number
    used = None if size is None or free is None else size - free
    mode = summary.part("maintenanceMode").text
    kind = summary.part("type").text
    mounts = list(seen.get("host").parts())
    modes = [one.part("mountInfo", "accessMode").text for one in mounts]
    return {
        "alarm_status": status(seen.get("overallStatus")),
        "filesystem": FILESYSTEM.get(kind or "", (kind or "").lower() or None),
        "url": summary.part("url").text,
        "size_bytes": size if accessible else None,
        "free_bytes": free if accessible else None,
        "used_bytes": used if accessible else None,
        "usage_ratio": ratio(used, size) if accessible else None,
        "promised_bytes": summary.part("uncommitted").number,
        "accessible": accessible,
        "in_maintenance": None if mode is None else mode != "normal",
        "writable": "readWrite" in modes if modes else None,
        "shared": summary.part("multipleHostAccess").flag,
        "remote_host": info.part("nas", "remoteHost").text,
        "remote_path": info.part("nas", "remotePath").text,
        "device_names": [
            name
            for one in info.part("vmfs").parts("extent")
            if (name := one.part("diskName").text) is not None
        ],
        "host_ids": context.tree.ids(ref for one in mounts if (ref := one.part("key").ref)),
        "vm_count": len(seen.get("vm").refs),
    }


def _network(seen: Seen, context: Context) -> State:
    types = {"DistributedVirtualPortgroup": "distributed", "OpaqueNetwork": "opaque"}
    vlan = seen.get("config.defaultPortConfig").part("vlan")
    one_vlan = vlan.part("vlanId") if vlan.type.endswith("VlanIdSpec") else Node(None)
    return {
        "alarm_status": status(seen.get("overallStatus")),
        "network_type": types.get(seen.ref.type, "standard"),
        "switch_name": context.tree.name(seen.get("config.distributedVirtualSwitch").ref),
        "vlan_id": one_vlan.number or None,  # 0 is how the platform says: none
        "accessible": seen.get("summary.accessible").flag,
        "host_ids": context.tree.ids(seen.get("host").refs),
        "vm_count": len(seen.get("vm").refs),
    }


def _nothing(_seen: Seen, _tree: Tree) -> None:
    return None


def _in_datacenter(seen: Seen, tree: Tree) -> str | None:
    return tree.datacenter(seen)


def _in_container(seen: Seen, tree: Tree) -> str | None:
    return tree.container(seen)


COMMON = ("name", "parent", "overallStatus")
NETWORK = Kind((*COMMON, "summary.accessible", "host", "vm"), _in_datacenter, _network)
KINDS = {
    "Datacenter": Kind(COMMON, _nothing, _datacenter),
    "ClusterComputeResource": Kind(
        (*COMMON, "summary", "configurationEx", "datastore", "network"), _in_datacenter, _cluster
    ),
    "HostSystem": Kind(
        (
            *COMMON,
            "runtime.connectionState",
            "runtime.powerState",
            "runtime.inMaintenanceMode",
            "runtime.bootTime",
            "summary.hardware",
            "summary.config.product",
            "summary.quickStats.overallCpuUsage",
            "summary.quickStats.overallMemoryUsage",
            "config.network.pnic",
            "config.network.vnic",
            "vm",
            "datastore",
            "network",
        ),
        _in_container,
        _host,
    ),
    "Datastore": Kind((*COMMON, "summary", "info", "host", "vm"), _in_datacenter, _datastore),
    "Network": NETWORK,
    "OpaqueNetwork": NETWORK,
    "DistributedVirtualPortgroup": NETWORK._replace(
        paths=(*NETWORK.paths, "config.defaultPortConfig", "config.distributedVirtualSwitch")
    ),
}
"""Type of the platform -> how it becomes a resource."""
