"""A hypervisor is as reachable as its port; an instance is as large as its flavor, and as well as its guest."""

from collections.abc import Sequence

from datacenter_mcp.demo.building.openstack import FLAVORS
from datacenter_mcp.demo.physics.network import is_up
from datacenter_mcp.demo.things import moment
from datacenter_mcp.demo.view import Rule, Rules, Seen, View

INSTANCE = "openstack:instance"


def _hypervisor_state(view: View, key: str) -> Seen:
    return "up" if is_up(view, view.text(key, "_port")) and not view.own(key, "_down") else "down"


def placed(view: View, hypervisor: str) -> Sequence[str]:
    """The instances on a hypervisor."""
    return view.where(INSTANCE, "hypervisor_id", hypervisor)


def _running(view: View, key: str) -> Seen:
    return len(placed(view, key))


def given(attribute: str) -> Rule:
    """What its instances take of it."""

    def rule(view: View, key: str) -> Seen:
        return int(sum(view.number(one, attribute) for one in placed(view, key)))

    return rule


def _status(view: View, key: str) -> Seen:
    if view.now < view.number(key, "_busy_until"):
        return view.own(key, "_busy_as")
    waits = view.own(key, "_resized_from") is not None and view.now < view.number(
        key, "_confirms_at"
    )
    return "verify_resize" if waits else view.own(key, "_status")


def _task_state(view: View, key: str) -> Seen:
    return view.own(key, "_task") if view.now < view.number(key, "_busy_until") else None


def _power_state(view: View, key: str) -> Seen:
    if view.own(key, "_crashed"):
        return "crashed"
    return "running" if view.own(key, "_status") == "active" else "shutdown"


def of_flavor(position: int) -> Rule:
    """What the flavor of an instance gives."""
    return lambda view, key: FLAVORS[view.text(key, "flavor")][position]


def _flavor_id(view: View, key: str) -> Seen:
    return f"openstack:flavor:{view.text(key, 'flavor')}"


def _larger_flavor(view: View, key: str) -> Seen:
    own = FLAVORS[view.text(key, "flavor")]
    larger = [
        (size, name)
        for name, size in FLAVORS.items()
        if size[0] > own[0] and size[1] > own[1] and size[2] >= own[2]
    ]
    return min(larger)[1] if larger else None


def _memory_ratio(view: View, key: str) -> Seen:
    need, size = view.number(key, "_memory_need_mib"), view.number(key, "memory_mib")
    return round(min(1.0, need / size), 4) if _power_state(view, key) == "running" else None


def _cpu_ratio(view: View, key: str) -> Seen:
    need, size = view.number(key, "_cpu_need"), view.number(key, "cpu_count")
    return round(min(1.0, need / size), 4) if _power_state(view, key) == "running" else None


def _rebooted_at(view: View, key: str) -> Seen:
    at = view.number(key, "_rebooted")
    return moment(at) if at else None


def _service_state(view: View, key: str) -> Seen:
    if view.own(key, "_down"):
        return "down"
    hypervisor = f"openstack:hypervisor:{view.text(key, 'host')}"
    return _hypervisor_state(view, hypervisor) if view.thing(hypervisor) else "up"


def _volume_size(view: View, key: str) -> Seen:
    return view.get(view.text(key, "_image"), "size_bytes")


def _quota_used(view: View, key: str) -> Seen:
    thing = view.thing(key)
    instances = list(view.children(thing.parent or "", INSTANCE)) if thing else []
    volumes = list(view.children(thing.parent or "", "openstack:volume")) if thing else []
    return {
        "cores": sum(int(view.number(one, "cpu_count")) for one in instances),
        "ram_mib": sum(int(view.number(one, "memory_mib")) for one in instances),
        "instances": len(instances),
        "gigabytes": sum(int(view.number(one, "size_bytes") / 2**30) for one in volumes),
    }[view.text(key, "resource")]


def _quota_ratio(view: View, key: str) -> Seen:
    return round(view.number(key, "used") / view.number(key, "limit"), 4)


RULES: Rules = {
    "openstack:hypervisor": {
        "state": _hypervisor_state,
        "running_instances": _running,
        "used_cpu_count": given("cpu_count"),
        "used_memory_mib": given("memory_mib"),
        "used_disk_gib": given("disk_gib"),
    },
    INSTANCE: {
        "status": _status,
        "task_state": _task_state,
        "power_state": _power_state,
        "flavor_id": _flavor_id,
        "larger_flavor": _larger_flavor,
        "cpu_count": of_flavor(0),
        "memory_mib": of_flavor(1),
        "disk_gib": of_flavor(2),
        "cpu_usage_ratio": _cpu_ratio,
        "memory_usage_ratio": _memory_ratio,
        "rebooted_at": _rebooted_at,
    },
    "openstack:service": {"state": _service_state},
    "openstack:volume": {"size_bytes": _volume_size},
    "openstack:quota": {"used": _quota_used, "usage_ratio": _quota_ratio},
}
