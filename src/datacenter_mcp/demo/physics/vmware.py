"""A host is as connected as its port on the switch; a VM is as well as its host, its datastore and its guest."""

from datacenter_mcp.demo.physics.network import is_up
from datacenter_mcp.demo.things import moment
from datacenter_mcp.demo.view import Rules, Seen, View

HOST, VM, SNAPSHOT = "vmware:host", "vmware:vm", "vmware:snapshot"
NEARLY_FULL, FULL = 0.9, 0.98
WORST = ("failed", "degraded", "ok")


def _host_connection(view: View, key: str) -> Seen:
    on = view.own(key, "power_state") == "on"
    reached = is_up(view, view.listed(key, "_ports")[0])
    return "connected" if on and reached else "not_responding"


def _vm_count(view: View, key: str) -> Seen:
    return sum(1 for _ in view.children(key, VM))


def _host_alarm(view: View, key: str) -> Seen:
    if view.get(key, "connection_state") != "connected":
        return "failed"
    busy = max(view.number(key, "cpu_usage_ratio"), view.number(key, "memory_usage_ratio"))
    return "degraded" if busy >= NEARLY_FULL else "ok"


def _worst_of_hosts(view: View, key: str) -> Seen:
    seen = {view.get(host, "alarm_status") for host in view.children(key, HOST)}
    return next(status for status in (*WORST, "ok") if status in seen or status == "ok")


def _host_count(view: View, key: str) -> Seen:
    return sum(1 for _ in view.children(key, HOST))


def _hosts_usable(view: View, key: str) -> Seen:
    return sum(
        view.get(host, "connection_state") == "connected" and not view.get(host, "in_maintenance")
        for host in view.children(key, HOST)
    )


def _effective_mhz(view: View, key: str) -> Seen:
    hosts = view.number(key, "host_count")
    return int(view.number(key, "cpu_total_mhz") * view.number(key, "hosts_usable") / hosts)


def _effective_bytes(view: View, key: str) -> Seen:
    hosts = view.number(key, "host_count")
    return int(view.number(key, "memory_total_bytes") * view.number(key, "hosts_usable") / hosts)


def _booted_at(view: View, key: str) -> Seen:
    return moment(view.number(key, "_booted")) if view.own(key, "power_state") == "on" else None


def _uptime(view: View, key: str) -> Seen:
    if view.own(key, "power_state") != "on":
        return None
    return max(0, int(view.now - view.number(key, "_booted")))


def _host_mhz(view: View, key: str) -> Seen:
    return int(view.number(key, "cpu_usage_ratio") * view.number(key, "cpu_total_mhz"))


def _host_memory(view: View, key: str) -> Seen:
    return int(view.number(key, "memory_usage_ratio") * view.number(key, "memory_total_bytes"))


def runs(view: View, vm: str) -> bool:
    """Whether the guest lives: on, booted, not hung, and with nothing that it waits for."""
    return (
        view.own(vm, "power_state") == "on"
        and view.now >= view.number(vm, "_booted")
        and not view.own(vm, "_hung")
        and view.get(vm, "question") is None
    )


def reached(view: View, vm: str) -> bool:
    """Whether others can speak to the guest."""
    return runs(view, vm) and view.get(vm, "connection_state") == "connected"


def _vm_connection(view: View, key: str) -> Seen:
    if not all(view.get(store, "accessible") for store in view.listed(key, "datastore_ids")):
        return "inaccessible"
    host = view.text(key, "host_id")
    return "connected" if view.get(host, "connection_state") == "connected" else "disconnected"


def _question(view: View, key: str) -> Seen:
    if view.own(key, "power_state") != "on":
        return None
    for store in view.listed(key, "datastore_ids"):
        if view.number(store, "usage_ratio") >= FULL:
            name = view.base.things[store].name
            return f"There is no more space on the datastore {name}. Retry or cancel?"
    return None


def _tools(view: View, key: str) -> Seen:
    return "running" if runs(view, key) else "not_running"


def _heartbeat(view: View, key: str) -> Seen:
    if view.own(key, "power_state") != "on":
        return None
    if not runs(view, key):
        return "failed"
    return "degraded" if view.own(key, "_ailing") else "ok"


def _hostname(view: View, key: str) -> Seen:
    thing = view.thing(key)
    return thing.name if thing and runs(view, key) else None


def _addresses(view: View, key: str) -> Seen:
    return [view.text(key, "_address")] if runs(view, key) else []


def _memory_ratio(view: View, key: str) -> Seen:
    if view.own(key, "power_state") != "on":
        return None
    return round(
        min(1.0, view.number(key, "_memory_need_mib") / view.number(key, "memory_mib")), 4
    )


def _memory_active(view: View, key: str) -> Seen:
    ratio = view.get(key, "memory_usage_ratio")
    return int(ratio * view.number(key, "memory_mib")) if isinstance(ratio, float) else None


def _cpu_ratio(view: View, key: str) -> Seen:
    if view.own(key, "power_state") != "on":
        return None
    if view.own(key, "_hung"):
        return 0.0
    return round(min(1.0, view.number(key, "_cpu_need") / view.number(key, "cpu_count")), 4)


def _cpu_mhz(view: View, key: str) -> Seen:
    ratio = view.get(key, "cpu_usage_ratio")
    return int(ratio * view.number(key, "cpu_count") * 2_600) if isinstance(ratio, float) else None


def _vm_alarm(view: View, key: str) -> Seen:
    beat = view.get(key, "heartbeat_status")
    if beat in ("failed", "degraded"):
        return beat
    busy = max(view.number(key, "memory_usage_ratio"), view.number(key, "cpu_usage_ratio"))
    return "degraded" if busy >= NEARLY_FULL else "ok"


def _snapshot_count(view: View, key: str) -> Seen:
    return sum(1 for _ in view.children(key, SNAPSHOT))


def _oldest(view: View, key: str) -> Seen:
    return max(_ages(view, key), default=None)


def _newest(view: View, key: str) -> Seen:
    return min(_ages(view, key), default=None)


def _ages(view: View, vm: str) -> list[int]:
    return [int(view.number(one, "age_seconds")) for one in view.children(vm, SNAPSHOT)]


def accessible(view: View, key: str) -> Seen:
    """Over the storage cards of its hosts, and the server's own port."""
    volume = view.thing(view.text(key, "_volume"))
    served = volume is not None and not view.own(volume.parent or "", "_down")
    hosts = view.listed(key, "host_ids")
    return served and any(is_up(view, view.listed(host, "_ports")[1]) for host in hosts)


def _volume_fact(view: View, key: str, attribute: str) -> Seen:
    return view.get(view.text(key, "_volume"), attribute) if view.get(key, "accessible") else None


def _datastore_alarm(view: View, key: str) -> Seen:
    if not view.get(key, "accessible") or view.number(key, "usage_ratio") >= FULL:
        return "failed"
    return "degraded" if view.number(key, "usage_ratio") >= NEARLY_FULL else "ok"


def _happened_at(view: View, key: str) -> Seen:
    return moment(_happened(view, key))


def _event_age(view: View, key: str) -> Seen:
    return max(0, int(view.now - _happened(view, key)))


def _happened(view: View, event: str) -> float:
    every = view.number(event, "_every_seconds")
    shift = view.number(event, "_phase") * every
    return (view.now - shift) // every * every + shift


RULES: Rules = {
    "vmware:datacenter": {"alarm_status": lambda view, key: "ok"},
    "vmware:cluster": {
        "alarm_status": _worst_of_hosts,
        "host_count": _host_count,
        "hosts_usable": _hosts_usable,
        "cpu_effective_mhz": _effective_mhz,
        "memory_effective_bytes": _effective_bytes,
    },
    HOST: {
        "alarm_status": _host_alarm,
        "connection_state": _host_connection,
        "vm_count": _vm_count,
        "booted_at": _booted_at,
        "uptime_seconds": _uptime,
        "cpu_used_mhz": _host_mhz,
        "memory_used_bytes": _host_memory,
    },
    VM: {
        "alarm_status": _vm_alarm,
        "connection_state": _vm_connection,
        "question": _question,
        "tools_state": _tools,
        "heartbeat_status": _heartbeat,
        "hostname": _hostname,
        "addresses": _addresses,
        "booted_at": _booted_at,
        "uptime_seconds": _uptime,
        "cpu_usage_ratio": _cpu_ratio,
        "cpu_used_mhz": _cpu_mhz,
        "memory_usage_ratio": _memory_ratio,
        "memory_active_mib": _memory_active,
        "snapshot_count": _snapshot_count,
        "oldest_snapshot_age_seconds": _oldest,
        "newest_snapshot_age_seconds": _newest,
    },
    "vmware:datastore": {
        "alarm_status": _datastore_alarm,
        "accessible": accessible,
        "size_bytes": lambda view, key: _volume_fact(view, key, "size_bytes"),
        "used_bytes": lambda view, key: _volume_fact(view, key, "used_bytes"),
        "free_bytes": lambda view, key: _volume_fact(view, key, "free_bytes"),
        "usage_ratio": lambda view, key: _volume_fact(view, key, "usage_ratio"),
        "writable": lambda view, key: _volume_fact(view, key, "writable"),
    },
    "vmware:event": {"happened_at": _happened_at, "age_seconds": _event_age},
}
