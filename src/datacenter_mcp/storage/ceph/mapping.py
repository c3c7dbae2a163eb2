"""A cluster's things as resources of the contract, and their health. Pure.

Native ids: `ceph1` (cluster), `ceph1/rbd` (pool), `ceph1/rbd/<image id>` (volume), `ceph1/rbd/<image id>/<snapshot id>`
(snapshot).
"""

from collections.abc import Sequence

from datacenter_mcp.contract.reading import Health, HealthStatus, Resource, Source
from datacenter_mcp.ids import Naming
from datacenter_mcp.readings import Reading, facts
from datacenter_mcp.storage.ceph.nouns import Image, Pool, Snapshot, State
from datacenter_mcp.storage.choosing import age_seconds

CLUSTER, POOL, VOLUME, SNAPSHOT = "cluster", "pool", "volume", "snapshot"
OK = Health(status=HealthStatus.OK)
STATUSES = {
    "HEALTH_OK": HealthStatus.OK,
    "HEALTH_WARN": HealthStatus.DEGRADED,
    "HEALTH_ERR": HealthStatus.FAILED,
}
NEARLY_FULL_RATIO = 0.9
FULL_RATIO = 0.98


def cluster(naming: Naming, name: str, item: State, software: str, source: Source) -> Resource:
    """A cluster."""
    return Resource(
        id=naming.name(CLUSTER, name),
        kind=CLUSTER,
        name=name,
        facts=facts(
            {
                "software": software,
                "fsid": item.fsid,
                "size_bytes": item.size_bytes,
                "used_bytes": item.used_bytes,
                "free_bytes": item.free_bytes,
                "usage_ratio": item.usage_ratio,
                "disk_count": item.disk_count,
                "disks_up": item.disks_up,
                "degraded_ratio": item.degraded_ratio,
            }
        ),
        source=source,
    )


def pool(naming: Naming, owner: str, item: Pool, count: int | None, source: Source) -> Resource:
    """A pool; `count` None: not of a kind that has images."""
    return Resource(
        id=naming.name(POOL, f"{owner}/{item.name}"),
        kind=POOL,
        name=f"{owner} {item.name}",
        parent=naming.name(CLUSTER, owner),
        facts=facts(
            {
                "used_bytes": item.used_bytes,
                "free_bytes": item.free_bytes,
                "usage_ratio": item.usage_ratio,
                "copies": item.copies,
                "quota_bytes": item.quota_bytes,
                "writable": item.writable,
                "volume_count": count,
            }
        ),
        source=source,
    )


def volume(
    naming: Naming,
    owner: str,
    within: Pool,
    of: Reading[Image],
    consumers: Sequence[str] | None,
    source: Source,
) -> Resource:
    """An image; its name is as `rbd` and people write it. `consumers` None: nobody asked."""
    item = of.value
    ages = [age_seconds(one, of.observed_at) for one in item.snapshots]
    unused = max(0, item.size_bytes - item.used_bytes)
    return Resource(
        id=naming.name(VOLUME, f"{owner}/{item.pool}/{item.key}"),
        kind=VOLUME,
        name=item.spec,
        parent=naming.name(POOL, f"{owner}/{item.pool}"),
        facts=facts(
            {
                "filesystem": None,
                "backing": "pool",
                "size_bytes": item.size_bytes,
                "used_bytes": item.used_bytes,
                "free_bytes": min(unused, within.free_bytes),
                "usage_ratio": item.usage_ratio,
                "writable": within.writable,
                "snapshot_count": len(ages),
                "oldest_snapshot_age_seconds": max(ages, default=None),
                **({} if consumers is None else {"consumers": list(consumers)}),
            }
        ),
        source=source,
    )


def snapshot(
    naming: Naming, owner: str, of: Reading[Image], item: Snapshot, source: Source
) -> Resource:
    """A snapshot of an image."""
    own = f"{owner}/{of.value.pool}/{of.value.key}"
    return Resource(
        id=naming.name(SNAPSHOT, f"{own}/{item.number}"),
        kind=SNAPSHOT,
        name=f"{of.value.spec}@{item.name}",
        parent=naming.name(VOLUME, own),
        facts=facts(
            {
                "path": None,
                "created_at": item.created_at.isoformat(),
                "age_seconds": age_seconds(item, of.observed_at),
                "size_bytes": item.size_bytes,
                "protected": item.protected,
            }
        ),
        source=source,
    )


def cluster_health(item: State) -> Health:
    """As Ceph says it."""
    status = STATUSES[item.health]
    return (
        OK
        if status is HealthStatus.OK
        else Health(status=status, reasons=list(item.complaints) or [item.health])
    )


def pool_health(item: Pool) -> Health:
    """Full, or not written to for another reason, has failed; nearly full is degraded."""
    if not item.writable:
        return Health(status=HealthStatus.FAILED, reasons=[_no_writes(item)])
    if item.usage_ratio < NEARLY_FULL_RATIO:
        return OK
    failed = item.usage_ratio >= FULL_RATIO
    return Health(
        status=HealthStatus.FAILED if failed else HealthStatus.DEGRADED,
        reasons=[f"The pool {item.name} is {item.usage_ratio:.1%} full."],
    )


def volume_health(item: Image, within: Pool) -> Health:
    """An image that cannot be written to has failed. One that is written all over is degraded and never failed: only its
    guest knows how much of that it still needs.
    """
    if not within.writable:
        return Health(status=HealthStatus.FAILED, reasons=[_no_writes(within)])
    if item.usage_ratio >= NEARLY_FULL_RATIO:
        said = f"Of {item.spec}, {item.usage_ratio:.1%} has been written and not given back."
        return Health(status=HealthStatus.DEGRADED, reasons=[said])
    return OK


def _no_writes(item: Pool) -> str:
    return f"The pool {item.name} takes no writes: it is full, at its quota, or paused."
