"""Faults of volumes and of what stands under them."""

from collections.abc import Sequence

from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.faults.fault import Breaking, Cure, Fault, Test, and_back, sets, share
from datacenter_mcp.demo.physics.storage import SNAPSHOT
from datacenter_mcp.demo.things import DAY_SECONDS, Thing, parts
from datacenter_mcp.demo.view import View

VOLUME = "storage:volume"
MONTH_SECONDS = 30 * 86_400
HALF_AS_MUCH = {"size_bytes": share(1.5, "size_bytes")}
OLD = {"older_than_seconds": MONTH_SECONDS}
ROOMY = Test("usage_ratio", at_most=0.85)


def old_snapshots(count: int, fills_to: float | None) -> Breaking:
    """Snapshots of 40 days and more. `fills_to`: they hold so much that the volume is so full; None: next to nothing."""

    def steps(view: View, key: str) -> Sequence[Step]:
        missing = (fills_to or 0) * view.number(key, "size_bytes") - view.number(key, "used_bytes")
        held = int(max(missing, 0) / count)
        return [
            Step(one.key, made=one)
            for one in (_old(view, key, number, held) for number in range(count))
        ]

    return steps


def _old(view: View, volume: str, number: int, held: int) -> Thing:
    native, taken = parts(volume).native, view.now - DAY_SECONDS * (40 + 7 * number)
    name = f"before-change-{number + 1}"
    return Thing(
        f"{SNAPSHOT}:{native}/{name}-{int(view.now)}",
        f"{native.partition('/')[0]} {name}",
        volume,
        {
            "path": name,
            "parent_uuid": native.rpartition("/")[2],
            "protected": False,
            "_taken_at": taken,
            "_held_bytes": held,
        },
    )


FAULTS = (
    Fault(
        name="volume-full",
        summary="A volume fills up with data.",
        target=(VOLUME, "nas1 /export/home"),
        category="storage",
        title="Disk full",
        tells=(
            "The volume {name} is almost full.",
            "No space left on {name}, disk full, users cannot save.",
            "File system {name} is running out of space.",
            "Disk space on {name} is low, it is almost full.",
        ),
        breaks=sets(_growth_bytes=share(0.96, "size_bytes", "used_bytes")),
        broken=(Test("usage_ratio", at_least=0.9),),
        healed=(ROOMY,),
        cure=Cure("expand_volume", HALF_AS_MUCH),
        wrong=Cure("clear_snapshots", OLD),
    ),
    Fault(
        name="snapshots-pile-up",
        summary="Old snapshots hold the room of a volume.",
        target=(VOLUME, "nas1 /export/backup"),
        category="storage",
        title="Volume full of snapshots",
        tells=(
            "The volume {name} is full of old snapshots.",
            "Too many old snapshots on {name}, the space runs out.",
            "Please clean up the old snapshots of {name}, it is almost full.",
        ),
        breaks=old_snapshots(6, 0.95),
        broken=(
            Test("usage_ratio", at_least=0.9),
            Test("oldest_snapshot_age_seconds", at_least=MONTH_SECONDS),
        ),
        healed=(ROOMY, Test("oldest_snapshot_age_seconds", at_most=MONTH_SECONDS)),
        cure=Cure("clear_snapshots", OLD),
        looks_like="volume-full",
    ),
    Fault(
        name="block-device-full",
        summary="A block device of the storage cluster is full.",
        target=(VOLUME, "ceph1 shop-data"),
        category="storage",
        title="Volume full",
        tells=(
            "The volume {name} is almost full.",
            "Storage volume {name} has no space left.",
            "Volume {name}: 97 percent used, space is running out.",
        ),
        breaks=sets(_growth_bytes=share(0.97, "size_bytes", "used_bytes")),
        broken=(Test("usage_ratio", at_least=0.9),),
        healed=(ROOMY,),
        cure=Cure("expand_volume", HALF_AS_MUCH),
    ),
    Fault(
        name="volume-read-only",
        summary="The file system found errors and went read-only; a person has to check it.",
        target=(VOLUME, "nas1 /var/log"),
        category="storage",
        title="Cannot write",
        tells=(
            "No space left on the volume {name}? Nothing can be written to the disk, is it full?",
            "Disk {name} seems full, writes fail.",
        ),
        breaks=sets(writable=False),
        broken=(Test("writable", equals=False),),
        healed=(Test("writable", equals=True),),
        wrong=Cure("expand_volume", HALF_AS_MUCH),
        looks_like="volume-full",
    ),
    Fault(
        name="snapshots-old",
        summary="Snapshots of changes long done were never removed.",
        target=(VOLUME, "nas1 /export/db"),
        category="storage",
        title="Old snapshots",
        tells=(
            "There are old snapshots on {name}, please delete those older than a month.",
            "Cleanup: many old snapshots on volume {name}.",
        ),
        breaks=old_snapshots(3, None),
        broken=(Test("oldest_snapshot_age_seconds", at_least=MONTH_SECONDS),),
        healed=(
            Test("oldest_snapshot_age_seconds", at_most=MONTH_SECONDS),
            Test("snapshot_count", at_least=1),
        ),
        cure=Cure("clear_snapshots", OLD),
    ),
    Fault(
        name="disk-lost",
        summary="The storage cluster lost a disk and makes its copies anew by itself.",
        target=("storage:cluster", "ceph1"),
        category="storage",
        title="Storage degraded",
        tells=(
            "The storage cluster {name} is degraded, one disk does not answer.",
            "Cluster {name}: disk lost, copies are rebuilt.",
        ),
        breaks=and_back(
            sets(_disks_lost=1, degraded_ratio=0.04), 600, _disks_lost=0, degraded_ratio=0.0
        ),
        broken=(Test("disks_up", at_most=11),),
        healed=(Test("disks_up", at_least=12), Test("degraded_ratio", at_most=0.0)),
        hands_off=True,
    ),
)
