"""What is in use: the data, what it grew by, and what snapshots hold. A pool holds what its volumes do."""

from datacenter_mcp.demo.things import DAY_SECONDS, moment
from datacenter_mcp.demo.view import Rules, Seen, View

VOLUME, SNAPSHOT = "storage:volume", "storage:snapshot"


def _used(view: View, key: str) -> Seen:
    held = sum(view.number(one, "_held_bytes") for one in view.children(key, SNAPSHOT))
    wanted = view.number(key, "_data_bytes") + view.number(key, "_growth_bytes") + held
    return int(min(wanted, view.number(key, "size_bytes")))


def _free(view: View, key: str) -> Seen:
    return int(view.number(key, "size_bytes") - view.number(key, "used_bytes"))


def _ratio(view: View, key: str) -> Seen:
    size = view.number(key, "used_bytes") + view.number(key, "free_bytes")
    return round(view.number(key, "used_bytes") / size, 4) if size else 0.0


def _inodes(view: View, key: str) -> Seen:
    return 4_000_000 if view.own(key, "filesystem") == "xfs" else None


def _snapshot_count(view: View, key: str) -> Seen:
    return sum(1 for _ in view.children(key, SNAPSHOT))


def _oldest(view: View, key: str) -> Seen:
    ages = [int(view.now - taken_at(view, one)) for one in view.children(key, SNAPSHOT)]
    return max(ages, default=None)


def taken_at(view: View, snapshot: str) -> float:
    """When a snapshot was taken: at a fixed time, or so many nights back."""
    fixed = view.own(snapshot, "_taken_at")
    if isinstance(fixed, int | float):
        return fixed
    return (view.now // DAY_SECONDS - view.number(snapshot, "_nights_back")) * DAY_SECONDS


def _created(view: View, key: str) -> Seen:
    return moment(taken_at(view, key))


def _age(view: View, key: str) -> Seen:
    return max(0, int(view.now - taken_at(view, key)))


def _snapshot_size(view: View, key: str) -> Seen:
    thing = view.thing(key)
    return view.get(thing.parent, "size_bytes") if thing and thing.parent else None


def _pool_used(view: View, key: str) -> Seen:
    return int(sum(view.number(one, "used_bytes") for one in view.children(key, VOLUME)))


def _pool_free(view: View, key: str) -> Seen:
    return int(view.number(key, "_size_bytes") - view.number(key, "used_bytes"))


def _volume_count(view: View, key: str) -> Seen:
    return sum(1 for _ in view.children(key, VOLUME))


def _cluster_used(view: View, key: str) -> Seen:
    pools = view.children(key, "storage:pool")
    return int(sum(view.number(one, "used_bytes") * view.number(one, "copies") for one in pools))


def _disks_up(view: View, key: str) -> Seen:
    return int(view.number(key, "disk_count") - view.number(key, "_disks_lost"))


RULES: Rules = {
    VOLUME: {
        "used_bytes": _used,
        "free_bytes": _free,
        "usage_ratio": _ratio,
        "inodes_free": _inodes,
        "snapshot_count": _snapshot_count,
        "oldest_snapshot_age_seconds": _oldest,
    },
    SNAPSHOT: {"created_at": _created, "age_seconds": _age, "size_bytes": _snapshot_size},
    "storage:pool": {
        "used_bytes": _pool_used,
        "free_bytes": _pool_free,
        "usage_ratio": _ratio,
        "volume_count": _volume_count,
    },
    "storage:cluster": {
        "used_bytes": _cluster_used,
        "free_bytes": _free,
        "usage_ratio": _ratio,
        "disks_up": _disks_up,
    },
}
