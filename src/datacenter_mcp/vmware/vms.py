"""VMs with their disks and snapshots as resources. Pure.

All three are read of the same object of the platform; native ids are `vm-42`, `vm-42/2000` (the disk's key),
`vm-42/snapshot-7`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from datacenter_mcp.contract.reading import Resource, Scalar
from datacenter_mcp.readings import facts
from datacenter_mcp.room import State
from datacenter_mcp.vmware.answers import Node, Ref, Seen
from datacenter_mcp.vmware.mapping import (
    COMMON,
    POWER,
    Context,
    Kind,
    age_seconds,
    iso,
    ratio,
    status,
    times,
)
from datacenter_mcp.vmware.tree import Tree, named

TOOLS = {
    "guestToolsRunning": "running",
    "guestToolsNotRunning": "not_running",
    "guestToolsExecutingScripts": "executing_scripts",
}
KIB = 1024


class Snapshot(NamedTuple):
    """One node of a VM's tree of snapshots. `parent` None: the first of its line."""

    ref: Ref
    name: str
    created_at: datetime
    node: Node
    parent: Ref | None

    def is_younger(self, seconds: int, now: datetime) -> bool:
        """Whether it was taken in the last `seconds`."""
        return (now - self.created_at).total_seconds() <= seconds


def snapshots_of(seen: Seen) -> Sequence[Snapshot]:
    """All snapshots of a VM, parents before children; none where there is none."""

    def below(nodes: Iterator[Node], parent: Ref | None) -> Iterator[Snapshot]:
        for node in nodes:
            ref, created_at = node.part("snapshot").ref, node.part("createTime").moment
            if ref is not None and created_at is not None:
                yield Snapshot(ref, named(node.part("name").text), created_at, node, parent)
            yield from below(node.parts("childSnapshotList"), ref)

    return list(below(seen.get("snapshot").parts("rootSnapshotList"), None))


def devices_of(seen: Seen, kind: str) -> Iterator[Node]:
    """The virtual devices of a type; `VirtualEthernetCard`: whatever has a hardware address."""
    for device in seen.get("config.hardware.device").parts():
        if device.type == kind or (kind == CARD and device.part("macAddress")):
            yield device


CARD, DISK = "VirtualEthernetCard", "VirtualDisk"


def vm_parent(seen: Seen, tree: Tree) -> str | None:
    """Its host; its datacenter where we may not see the host."""
    return tree.id(seen.get("runtime.host").ref) or tree.datacenter(seen)


def _vm(seen: Seen, context: Context) -> State:
    return {
        "alarm_status": status(seen.get("overallStatus")),
        "power_state": POWER.get(seen.get("runtime.powerState").text or "", "off"),
        "connection_state": seen.get("runtime.connectionState").text or "inaccessible",
        "is_template": bool(seen.get("config.template").flag),
        "folder": context.tree.folder(seen),
        "notes": seen.get("config.annotation").text,
        "instance_uuid": seen.get("config.instanceUuid").text,
        "bios_uuid": seen.get("config.uuid").text,
        "question": seen.get("runtime.question").part("text").text,
        "host_id": context.tree.id(seen.get("runtime.host").ref),
        "datastore_ids": context.tree.ids(seen.get("datastore").refs),
        "network_ids": context.tree.ids(seen.get("network").refs),
        **_guest(seen),
        **_usage(seen, context.now),
        **_kept(seen, context.now),
    }


def _guest(seen: Seen) -> State:
    addresses: list[Scalar] = [
        one.text
        for card in seen.get("guest.net").parts()
        for one in card.parts("ipAddress")
        if one.text is not None
    ]
    disks = [
        (used, disk.part("diskPath").text)
        for disk in seen.get("guest.disk").parts()
        if (used := _filled(disk)) is not None
    ]
    fullest = max(disks, key=lambda one: one[0], default=(None, None))
    return {
        "guest_os": seen.get("config.guestFullName").text,
        "hostname": seen.get("guest.hostName").text,
        "addresses": addresses,
        "mac_addresses": [
            (card.part("macAddress").text or "").lower() for card in devices_of(seen, CARD)
        ],
        "tools_state": TOOLS.get(seen.get("guest.toolsRunningStatus").text or "")
        if seen.get("guest.toolsVersionStatus2").text != "guestToolsNotInstalled"
        else None,
        "heartbeat_status": status(seen.get("guestHeartbeatStatus")),
        "fullest_filesystem": fullest[1],
        "fullest_filesystem_ratio": fullest[0],
    }


def _filled(disk: Node) -> float | None:
    size, free = disk.part("capacity").number, disk.part("freeSpace").number
    return None if size is None or free is None else ratio(size - free, size)


def _usage(seen: Seen, now: datetime) -> State:
    stats = seen.get("summary.quickStats")
    runs = seen.get("runtime.powerState").text == "poweredOn"
    memory = seen.get("config.hardware.memoryMB").number
    cpu = stats.part("overallCpuUsage").number if runs else None
    active = stats.part("guestMemoryUsage").number if runs else None
    booted_at = seen.get("runtime.bootTime").moment if runs else None
    return {
        "booted_at": iso(booted_at),
        "uptime_seconds": age_seconds(booted_at, now),
        "cpu_count": seen.get("config.hardware.numCPU").number,
        "cpu_hot_add": seen.get("config.cpuHotAddEnabled").flag,
        "cpu_used_mhz": cpu,
        "cpu_usage_ratio": ratio(cpu, seen.get("runtime.maxCpuUsage").number),
        "memory_mib": memory,
        "memory_hot_add": seen.get("config.memoryHotAddEnabled").flag,
        "memory_active_mib": active,
        "memory_usage_ratio": ratio(active, memory),
        "memory_ballooned_mib": stats.part("balloonedMemory").number,
        "memory_swapped_mib": stats.part("swappedMemory").number,
    }


def _kept(seen: Seen, now: datetime) -> State:
    ages = [age_seconds(one.created_at, now) or 0 for one in snapshots_of(seen)]
    storage = seen.get("summary.storage")
    return {
        "storage_used_bytes": storage.part("committed").number,
        "storage_promised_bytes": storage.part("uncommitted").number,
        "disk_count": sum(1 for _ in devices_of(seen, DISK)),
        "snapshot_count": len(ages),
        "oldest_snapshot_age_seconds": max(ages, default=None),
        "newest_snapshot_age_seconds": min(ages, default=None),
        "needs_consolidation": seen.get("runtime.consolidationNeeded").flag,
    }


def disks(seen: Seen, context: Context) -> Iterator[Resource]:
    """The virtual disks of a VM."""
    labels = {
        key: device.part("deviceInfo", "label").text
        for device in seen.get("config.hardware.device").parts()
        if (key := device.part("key").number) is not None
    }
    for disk in devices_of(seen, DISK):
        key, backing = disk.part("key").number, disk.part("backing")
        size = disk.part("capacityInBytes").number
        if size is None:
            size = times(disk.part("capacityInKB").number, KIB)
        controller = disk.part("controllerKey").number
        yield Resource(
            id=context.naming.name("disk", f"{seen.ref.value}/{key}"),
            kind="disk",
            name=f"{named(seen.get('name').text)} {disk.part('deviceInfo', 'label').text or key}",
            parent=context.naming.name("vm", seen.ref.value),
            facts=facts(
                {
                    "size_bytes": size,
                    "path": backing.part("fileName").text,
                    "datastore_id": context.tree.id(backing.part("datastore").ref),
                    "thin_provisioned": backing.part("thinProvisioned").flag,
                    "mode": backing.part("diskMode").text,
                    "controller": None if controller is None else labels.get(controller),
                    "unit_number": disk.part("unitNumber").number,
                    "disk_uuid": backing.part("uuid").text,
                }
            ),
            source=context.source,
        )


def snapshots(seen: Seen, context: Context) -> Iterator[Resource]:
    """The snapshots of a VM."""
    current = seen.get("snapshot").part("currentSnapshot").ref
    for one in snapshots_of(seen):
        yield Resource(
            id=context.naming.name("snapshot", f"{seen.ref.value}/{one.ref.value}"),
            kind="snapshot",
            name=f"{named(seen.get('name').text)} {one.name}",
            parent=context.naming.name("vm", seen.ref.value),
            facts=facts(
                {
                    "description": one.node.part("description").text,
                    "created_at": iso(one.created_at),
                    "age_seconds": age_seconds(one.created_at, context.now),
                    "power_state": POWER.get(one.node.part("state").text or ""),
                    "quiesced": bool(one.node.part("quiesced").flag),
                    "is_current": None if current is None else one.ref == current,
                    "parent_snapshot_id": None
                    if one.parent is None
                    else context.naming.name("snapshot", f"{seen.ref.value}/{one.parent.value}"),
                }
            ),
            source=context.source,
        )


VM = Kind(
    (
        *COMMON,
        "runtime.powerState",
        "runtime.connectionState",
        "runtime.host",
        "runtime.bootTime",
        "runtime.maxCpuUsage",
        "runtime.question",
        "runtime.consolidationNeeded",
        "config.template",
        "config.annotation",
        "config.instanceUuid",
        "config.uuid",
        "config.guestFullName",
        "config.hardware.numCPU",
        "config.hardware.memoryMB",
        "config.hardware.device",
        "config.cpuHotAddEnabled",
        "config.memoryHotAddEnabled",
        "guest.hostName",
        "guest.net",
        "guest.disk",
        "guest.toolsRunningStatus",
        "guest.toolsVersionStatus2",
        "guestHeartbeatStatus",
        "summary.quickStats",
        "summary.storage",
        "snapshot",
        "datastore",
        "network",
    ),
    vm_parent,
    _vm,
)
DISK_PATHS = ("name", "config.hardware.device")
SNAPSHOT_PATHS = ("name", "snapshot")
