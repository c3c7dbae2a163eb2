"""A rack's file server with its exports, and its storage cluster with block devices."""

from collections.abc import Iterator

from datacenter_mcp.demo.building.rack import GIB, Rack
from datacenter_mcp.demo.things import Thing, Value

EXPORTS = {
    "/export/vmfs1": ("xfs", 4_000, 0.62, 0),
    "/export/vmfs2": ("xfs", 4_000, 0.55, 0),
    "/export/home": ("btrfs", 800, 0.48, 3),
    "/export/db": ("btrfs", 500, 0.50, 3),
    "/export/backup": ("btrfs", 6_000, 0.66, 2),
    "/var/log": ("xfs", 60, 0.41, 0),
}
"""Mount point -> file system, GiB, share of it that data takes, nightly snapshots that are kept."""
IMAGES = {
    "orders-db": (120, 0.45, 2),
    "metrics": (200, 0.52, 1),
    "shop-frontend": (40, 0.35, 0),
    "shop-data": (250, 0.58, 2),
}
"""Block device -> GiB, share, snapshots."""


def things(rack: Rack) -> Iterator[Thing]:
    """All storage things of a rack."""
    nas, ceph = f"storage:host:{rack.nas}", f"storage:cluster:{rack.ceph}"
    yield Thing(nas, rack.nas, None, {"kernel": "6.1.0-28-amd64", "_down": False})
    for mountpoint, (filesystem, gib, share, snapshots) in EXPORTS.items():
        key = rack.volume(mountpoint)
        kept: dict[str, Value] = {
            "filesystem": filesystem,
            "mountpoint": mountpoint,
            "backing": "block device",
            "device": f"/dev/mapper/{mountpoint.rpartition('/')[2]}",
            "device_count": 1,
            "backing_file": None,
            "device_size_bytes": gib * GIB * 4,
            "device_errors": 0 if filesystem == "btrfs" else None,
        }
        yield _volume(rack, key, f"{rack.nas} {mountpoint}", nas, kept, gib, share)
        yield from _snapshots(rack, key, rack.nas, mountpoint, snapshots)
    yield Thing(
        ceph,
        rack.ceph,
        None,
        {
            "software": "ceph 18.2.4",
            "fsid": rack.dice.uuid("fsid", rack.ceph),
            "size_bytes": 24_000 * GIB,
            "disk_count": 12,
            "degraded_ratio": 0.0,
            "_disks_lost": 0,
        },
    )
    pool = f"storage:pool:{rack.ceph}/volumes"
    yield Thing(pool, f"{rack.ceph} volumes", ceph, {"copies": 3, "_size_bytes": 8_000 * GIB})
    for name, (gib, share, snapshots) in IMAGES.items():
        kept = {
            "filesystem": None,
            "mountpoint": None,
            "device": None,
            "backing": "pool",
            "backing_file": None,
        }
        key = rack.image(name)
        yield _volume(rack, key, f"{rack.ceph} {name}", pool, kept, gib, share)
        yield from _snapshots(rack, key, rack.ceph, name, snapshots)


def _volume(
    rack: Rack,
    key: str,
    name: str,
    parent: str,
    kept: dict[str, Value],
    gib: int,
    share: float,
) -> Thing:
    size = gib * GIB
    data = rack.dice.wave(share * size, 0.01 * size, "data", key, whole=True)
    attributes: dict[str, Value] = {
        **kept,
        "size_bytes": size,
        "_data_bytes": data,
        "_growth_bytes": 0,
        "writable": True,
        "consumers": [],
    }
    return Thing(key, name, parent, attributes)


def _snapshots(rack: Rack, volume: str, owner: str, path: str, count: int) -> Iterator[Thing]:
    """Nightly ones, which roll: the first is of last night."""
    native = volume.split(":", 2)[2]
    for back in range(count):
        label = f"{path}@nightly-{back + 1}"
        yield Thing(
            f"storage:snapshot:{native}/{rack.dice.uuid('snapshot', volume, back)}",
            f"{owner} {label}",
            volume,
            {
                "path": label if path.startswith("/") else None,
                "parent_uuid": native.rpartition("/")[2],
                "protected": False,
                "_nights_back": back,
                "_held_bytes": 2 * GIB,
            },
        )
