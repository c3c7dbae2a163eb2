"""What `ceph` and `rbd` answer, as values. Pure: text in, nouns out. Raises `Broken` for what makes no sense."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pydantic import TypeAdapter

from datacenter_mcp.contract.errors import Broken
from datacenter_mcp.readings import parsed
from datacenter_mcp.storage.ceph import shapes
from datacenter_mcp.storage.ceph.nouns import Image, Pool, Snapshot, State

VERSION = re.compile(r"^ceph version (\S+)")
SNAPSHOT_TIME = "%a %b %d %H:%M:%S %Y"
REPLICATED = 1
CLUSTER_TAKES_NO_WRITES = {"full", "pausewr"}
POOL_TAKES_NO_WRITES = {"full", "full_quota"}


def rates(read: float, written: float) -> Mapping[str, float]:
    """What clients read and write now."""
    return {"client_read_bytes_per_second": read, "client_written_bytes_per_second": written}


def state(text: str) -> State:
    """`ceph status`. What somebody muted is no complaint."""
    said = parsed(TypeAdapter(shapes.Status), text, "ceph status")
    groups = said.pgmap
    return State(
        fsid=said.fsid,
        health=said.health.status,
        complaints=[
            f"{name}: {check.summary.message}"
            for name, check in sorted(said.health.checks.items())
            if not check.muted
        ],
        size_bytes=groups.bytes_total,
        used_bytes=groups.bytes_used,
        free_bytes=groups.bytes_avail,
        disk_count=said.osdmap.num_osds,
        disks_up=said.osdmap.num_up_osds,
        degraded_ratio=round(groups.degraded_ratio, 4),
        rates=rates(groups.read_bytes_sec, groups.write_bytes_sec),
    )


def software(text: str) -> str:
    """`ceph versions`; several while a cluster is being upgraded."""
    told = parsed(TypeAdapter(shapes.Versions), text, "ceph versions").overall
    found = sorted({match[1] for name in told if (match := VERSION.match(name))})
    return ", ".join(f"ceph {version}" for version in found)


def pools(usage: str, osd_map: str) -> Sequence[Pool]:
    """`ceph df` and `ceph osd dump`; a pool that only one of them knows was made or removed in between."""
    stats = {
        one.name: one.stats for one in parsed(TypeAdapter(shapes.Usage), usage, "ceph df").pools
    }
    said = parsed(TypeAdapter(shapes.OsdMap), osd_map, "ceph osd dump")
    stopped = not CLUSTER_TAKES_NO_WRITES.isdisjoint(said.flags_set)
    return [
        _pool(one, stats[one.pool_name], stopped=stopped)
        for one in said.pools
        if one.pool_name in stats
    ]


def _pool(said: shapes.PoolSettings, stats: shapes.PoolStats, *, stopped: bool) -> Pool:
    quota = said.quota_max_bytes or None
    free = stats.max_avail if quota is None else min(stats.max_avail, quota - stats.stored)
    full = not POOL_TAKES_NO_WRITES.isdisjoint(said.flags_names.split(","))
    return Pool(
        name=said.pool_name,
        used_bytes=stats.stored,
        free_bytes=max(0, free),
        copies=said.size if said.type == REPLICATED else None,
        quota_bytes=quota,
        writable=not (stopped or full),
        for_images="rbd" in said.application_metadata,
    )


def pool_rates(text: str, pool: str) -> Mapping[str, float]:
    """`ceph osd pool stats`, of one pool."""
    said = parsed(TypeAdapter(list[shapes.PoolRates]), text, "ceph osd pool stats")
    found = next((one.client_io_rate for one in said if one.pool_name == pool), shapes.Rates())
    return rates(found.read_bytes_sec, found.write_bytes_sec)


def names(text: str) -> Sequence[str]:
    """`rbd ls`."""
    return parsed(TypeAdapter(list[str]), text, "rbd ls")


def images(pool: str, listed: str, usage: str) -> tuple[Sequence[Image], frozenset[str]]:
    """`rbd ls -l` and `rbd du`: the images, and the keys of those that have snapshots or a parent, of which `rbd du` tells
    only what changed since. An image that only one of them knows was made or removed in between.
    """
    rows = parsed(TypeAdapter(list[shapes.Listed]), listed, "rbd ls")
    every = parsed(TypeAdapter(shapes.DiskUsage), usage, "rbd du").images
    used = {one.id: one.used_size for one in every if one.snapshot is None}
    found = [
        Image(pool, row.id, row.image, row.size, used[row.id])
        for row in rows
        if row.snapshot is None and row.id in used
    ]
    return found, frozenset(row.id for row in rows if row.snapshot or row.parent)


def image(pool: str, text: str) -> Image:
    """`rbd info`; what it uses is not told."""
    said = parsed(TypeAdapter(shapes.Info), text, "rbd info")
    return Image(pool, said.id, said.name, said.size)


def snapshots(text: str) -> Sequence[Snapshot]:
    """`rbd snap ls` in UTC, oldest first."""
    found = []
    for one in parsed(TypeAdapter(list[shapes.SnapshotAnswer]), text, "rbd snap ls"):
        try:
            created = datetime.strptime(one.timestamp, SNAPSHOT_TIME).replace(tzinfo=UTC)
        except ValueError as error:
            raise Broken(f"rbd snap ls does not tell when {one.name} was taken.") from error
        found.append(Snapshot(one.id, one.name, one.size, one.protected == "true", created))
    return sorted(found, key=lambda one: (one.created_at, one.number))


def children(text: str) -> Sequence[str]:
    """`rbd children`, as specs."""
    said = parsed(TypeAdapter(list[shapes.Child]), text, "rbd children")
    return [f"{one.pool}/{one.image}" for one in said]


def watchers(text: str) -> Sequence[str]:
    """`rbd status`: the addresses of those who have it open."""
    said = parsed(TypeAdapter(shapes.Watchers), text, "rbd status")
    return sorted({one.address for one in said.watchers})
