"""How a thing of the world is, as the rooms of real platforms would say it. Pure."""

from collections.abc import Callable, Mapping

from datacenter_mcp.contract.reading import Health, HealthStatus
from datacenter_mcp.demo.things import sort_of
from datacenter_mcp.demo.view import View

OK = Health(status=HealthStatus.OK)
NEARLY_FULL_RATIO, FULL_RATIO = 0.9, 0.98


def health(view: View, key: str) -> Health:
    """The health of a thing that is there; kinds that cannot be ill are well."""
    judge = JUDGES.get(sort_of(key))
    return judge(view, key) if judge else OK


def _degraded(reason: str) -> Health:
    return Health(status=HealthStatus.DEGRADED, reasons=[reason])


def _failed(reason: str) -> Health:
    return Health(status=HealthStatus.FAILED, reasons=[reason])


def _interface(view: View, key: str) -> Health:
    if view.get(key, "admin_state") != "up":
        return _degraded(f"{key} is administratively down.")
    if view.get(key, "oper_state") == "up":
        return OK
    return _failed(f"{key} is enabled, and its link is down.")


def _neighbour(view: View, key: str) -> Health:
    return OK if view.get(key, "established") else _failed(f"{key} is {view.get(key, 'state')}.")


def _volume(view: View, key: str) -> Health:
    if not view.get(key, "writable"):
        return _failed(f"{key} is read-only.")
    if view.number(key, "device_errors"):
        return _failed(f"The devices of {key} count {view.get(key, 'device_errors')} errors.")
    return _fullness(view, key)


def _fullness(view: View, key: str) -> Health:
    ratio = view.number(key, "usage_ratio")
    told = f"{key} is {ratio:.1%} full."
    if ratio >= FULL_RATIO:
        return _failed(told)
    return _degraded(told) if ratio >= NEARLY_FULL_RATIO else OK


def _storage_cluster(view: View, key: str) -> Health:
    if view.number(key, "disks_up") < view.number(key, "disk_count"):
        return _degraded(
            f"{key}: {view.get(key, 'disks_up')} of {view.get(key, 'disk_count')} disks answer."
        )
    return _fullness(view, key)


def _by_alarm(view: View, key: str) -> Health:
    status = HealthStatus(view.text(key, "alarm_status") or "unknown")
    return (
        OK
        if status is HealthStatus.OK
        else Health(status=status, reasons=[f"An alarm stands on {key}."])
    )


def _node(view: View, key: str) -> Health:
    return (
        OK
        if view.get(key, "ready")
        else _failed(f"{key} is not ready: {view.get(key, 'ready_reason')}.")
    )


def _pod(view: View, key: str) -> Health:
    if view.get(key, "ready"):
        return OK
    why = view.get(key, "waiting_reason") or view.get(key, "reason") or view.get(key, "phase")
    return _failed(f"{key} is not ready: {why}.")


def _workload(view: View, key: str) -> Health:
    ready, wanted = view.number(key, "ready_replicas"), view.number(key, "replicas")
    if ready >= wanted:
        return OK
    told = f"{key}: {ready} of {wanted} pods are ready."
    return _degraded(told) if ready else _failed(told)


def _instance(view: View, key: str) -> Health:
    status, power = view.get(key, "status"), view.get(key, "power_state")
    if status in ("active", "verify_resize") and power == "running":
        return OK
    return _failed(f"{key} is {status}, its power state {power}.")


def _hypervisor(view: View, key: str) -> Health:
    if view.get(key, "state") != "up":
        return _failed(f"{key} does not answer.")
    return (
        OK if view.get(key, "status") == "enabled" else _degraded(f"{key} takes no new instances.")
    )


JUDGES: Mapping[str, Callable[[View, str], Health]] = {
    "network:interface": _interface,
    "network:neighbour": _neighbour,
    "storage:volume": _volume,
    "storage:pool": _fullness,
    "storage:cluster": _storage_cluster,
    "vmware:cluster": _by_alarm,
    "vmware:host": _by_alarm,
    "vmware:vm": _by_alarm,
    "vmware:datastore": _by_alarm,
    "kubernetes:node": _node,
    "kubernetes:pod": _pod,
    "kubernetes:deployment": _workload,
    "kubernetes:statefulset": _workload,
    "openstack:instance": _instance,
    "openstack:hypervisor": _hypervisor,
    "openstack:service": _hypervisor,
}
