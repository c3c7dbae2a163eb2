"""Which attributes the tables of documents show of a kind; its page shows all. Every one is a word of its vocabulary (a
test holds that).
"""

from collections.abc import Mapping, Sequence

COLUMNS: Mapping[tuple[str, str], Sequence[str]] = {
    ("vmware", "cluster"): ("host_count", "hosts_usable", "cpu_cores", "memory_total_bytes", "ha_enabled", "drs_enabled"),
    ("vmware", "host"): ("connection_state", "in_maintenance", "model", "software", "cpu_cores", "memory_total_bytes", "memory_usage_ratio", "vm_count"),
    ("vmware", "vm"): ("power_state", "cpu_count", "memory_mib", "guest_os", "addresses", "host_id", "datastore_ids"),
    ("vmware", "datastore"): ("accessible", "size_bytes", "usage_ratio", "free_bytes", "vm_count"),
    ("vmware", "network"): ("accessible", "vlan_id", "switch_name", "vm_count"),
    ("vmware", "alarm"): ("status", "entity_id", "description", "raised_at"),
    ("kubernetes", "node"): ("ready", "schedulable", "roles", "addresses", "cpu_cores", "memory_bytes", "kubelet_version"),
    ("kubernetes", "namespace"): ("phase",),
    ("kubernetes", "deployment"): ("replicas", "available_replicas", "rollout_complete", "revision", "images"),
    ("kubernetes", "statefulset"): ("replicas", "ready_replicas", "images"),
    ("kubernetes", "daemonset"): ("replicas", "ready_replicas", "images"),
    ("kubernetes", "pod"): ("phase", "ready", "restart_count", "node_id", "images"),
    ("kubernetes", "service"): ("service_type", "addresses", "ports"),
    ("kubernetes", "ingress"): ("hosts", "ingress_class"),
    ("kubernetes", "persistentvolume"): ("phase", "size_bytes", "storage_class", "claim_id"),
    ("kubernetes", "persistentvolumeclaim"): ("phase", "size_bytes", "storage_class", "volume_id"),
    ("kubernetes", "job"): ("state", "succeeded", "failed"),
    ("network", "device"): ("model", "software", "serial_number", "driver"),
    ("network", "interface"): ("admin_state", "oper_state", "addresses", "mac", "speed_mbps", "mtu_bytes", "description"),
    ("network", "neighbour"): ("protocol", "interface", "system_name", "port_name", "address", "state", "established"),
    ("network", "route"): ("protocol", "next_hops", "metric"),
    ("network", "vlan"): ("vlan_id", "interfaces"),
    ("storage", "host"): ("kernel",),
    ("storage", "cluster"): ("size_bytes", "usage_ratio", "disk_count", "disks_up", "degraded_ratio"),
    ("storage", "pool"): ("copies", "usage_ratio", "free_bytes", "volume_count"),
    ("storage", "volume"): ("filesystem", "size_bytes", "usage_ratio", "free_bytes", "mountpoint", "snapshot_count"),
    ("storage", "snapshot"): ("created_at", "size_bytes", "protected"),
    ("openstack", "project"): ("enabled", "description"),
    ("openstack", "instance"): ("status", "flavor", "cpu_count", "memory_mib", "addresses", "hypervisor_id"),
    ("openstack", "flavor"): ("cpu_count", "memory_mib", "disk_gib"),
    ("openstack", "image"): ("status", "size_bytes", "disk_format"),
    ("openstack", "volume"): ("status", "size_bytes", "volume_type", "instance_ids"),
    ("openstack", "network"): ("status", "external", "subnets", "segmentation_id"),
    ("openstack", "hypervisor"): ("state", "status", "running_instances", "cpu_count", "memory_mib", "host_address"),
    ("openstack", "quota"): ("resource", "limit", "used"),
    ("openstack", "service"): ("binary", "host", "state", "status"),
}  # fmt: skip

LEFT_OUT = frozenset({"event", "task", "disk", "snapshot", "replicaset", "alarm"})
"""Kinds that come and go in masses or belong to one other thing: sections count them, and only pages of resources list them."""

UNUSUAL: frozenset[tuple[str, str]] = frozenset({("storage", "snapshot"), ("vmware", "alarm")})
"""Of those left out, the ones that a section does list."""


def listed(platform: str, kind: str) -> bool:
    """Whether a section has a table of the kind."""
    return kind not in LEFT_OUT or (platform, kind) in UNUSUAL
