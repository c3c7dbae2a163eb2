"""Volumes and snapshots as resources of the contract, and their health. Pure.

Native ids: `nas1` (host), `nas1/<file system uuid>` (volume), `nas1/<file system uuid>/<snapshot uuid>` (snapshot).
"""

from collections.abc import Sequence
from datetime import datetime

from datacenter_mcp.contract.reading import Health, HealthStatus, Resource, Source
from datacenter_mcp.ids import Naming
from datacenter_mcp.readings import Reading, facts
from datacenter_mcp.storage.choosing import age_seconds
from datacenter_mcp.storage.linux.nouns import Details, Snapshot, Volume

HOST, VOLUME, SNAPSHOT = "host", "volume", "snapshot"
KINDS = (HOST, SNAPSHOT, VOLUME)
OK = Health(status=HealthStatus.OK)
NEARLY_FULL_RATIO = 0.9
FULL_RATIO = 0.98


def host(naming: Naming, name: str, kernel: str, source: Source) -> Resource:
    """A host."""
    return Resource(
        id=naming.name(HOST, name),
        kind=HOST,
        name=name,
        facts=facts({"kernel": kernel}),
        source=source,
    )


def volume(
    naming: Naming,
    owner: str,
    item: Volume,
    details: Details,
    snapshots: Reading[Sequence[Snapshot]],
    source: Source,
) -> Resource:
    """A volume; its name is where it is mounted. `oldest_snapshot_age_seconds` None: it has no snapshot."""
    ages = [age_seconds(one, snapshots.observed_at) for one in snapshots.value]
    return Resource(
        id=naming.name(VOLUME, f"{owner}/{item.uuid}"),
        kind=VOLUME,
        name=f"{owner} {item.mountpoint}",
        parent=naming.name(HOST, owner),
        facts=facts(
            {
                "filesystem": item.filesystem,
                "mountpoint": item.mountpoint,
                "device": item.device,
                "backing": "block device" if item.backing_file is None else "loop file",
                "backing_file": item.backing_file,
                "size_bytes": item.size_bytes,
                "used_bytes": item.used_bytes,
                "free_bytes": item.free_bytes,
                "usage_ratio": item.usage_ratio,
                "device_size_bytes": item.device_size_bytes,
                "device_count": details.devices,
                "device_errors": details.device_errors,
                "inodes_used": details.inodes_used,
                "inodes_free": details.inodes_free,
                "writable": item.writable,
                "snapshot_count": len(ages),
                "oldest_snapshot_age_seconds": max(ages, default=None),
            }
        ),
        source=source,
    )


def snapshot(
    naming: Naming, owner: str, of: Volume, item: Snapshot, now: datetime, source: Source
) -> Resource:
    """A snapshot of a volume."""
    return Resource(
        id=naming.name(SNAPSHOT, f"{owner}/{of.uuid}/{item.uuid}"),
        kind=SNAPSHOT,
        name=f"{owner} {item.path}",
        parent=naming.name(VOLUME, f"{owner}/{of.uuid}"),
        facts=facts(
            {
                "path": item.path,
                "created_at": item.created_at.isoformat(),
                "age_seconds": age_seconds(item, now),
                "parent_uuid": item.parent_uuid,
            }
        ),
        source=source,
    )


def volume_health(item: Volume, details: Details) -> Health:
    """Full, unwritable, or with device errors has failed; nearly full is degraded."""
    failed = []
    if not item.writable:
        failed.append(f"{item.mountpoint} is mounted read-only.")
    if details.device_errors:
        failed.append(f"The devices of {item.mountpoint} count {details.device_errors} errors.")
    percent = f"{item.mountpoint} is {item.usage_ratio:.1%} full."
    if item.usage_ratio >= FULL_RATIO:
        failed.append(percent)
    if failed:
        return Health(status=HealthStatus.FAILED, reasons=failed)
    if item.usage_ratio >= NEARLY_FULL_RATIO:
        return Health(status=HealthStatus.DEGRADED, reasons=[percent])
    return OK
