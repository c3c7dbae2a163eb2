"""What can be done to a volume; all of it touches data, so all of it is critical."""

from datacenter_docs.domain.operations import CRITICAL, Operation
from datacenter_docs.domain.parameters import schema_of

OPERATIONS = (
    Operation(
        name="expand_volume",
        platform="storage",
        target_kind="volume",
        parameters=schema_of("expand_volume"),
        base_class=CRITICAL,
        summary="Make a volume bigger; cannot be undone where the platform cannot shrink.",
        changes=("size_bytes",),
        inverse="shrink_volume",
        inverse_from_state={"size_bytes": "size_bytes"},
        no_inverse_with=frozenset({"cannot_shrink"}),
        refused_when_lowered="size_bytes",
        backup=None,  # growing keeps all data; only the way back could lose some, and it is a tool of its own
        pre_check="the pool has the space free, and the volume is healthy",
        already_done="the volume has at least that size",
        verification="the volume reports the new size and is healthy",
        blast_radius="the pool's free space; the users of the volume see more room",
        settle_seconds=60.0,
    ),
    Operation(
        name="shrink_volume",
        platform="storage",
        target_kind="volume",
        parameters=schema_of("shrink_volume"),
        base_class=CRITICAL,
        plannable=False,
        summary="Set a volume back to the size it had; refused where the platform cannot, or the data would not fit.",
        changes=("size_bytes",),
        inverse="expand_volume",
        inverse_from_state={"size_bytes": "size_bytes"},
        pre_check="the data fits into the smaller size",
        already_done="the volume has that size",
        verification="the volume reports the old size and is healthy",
        blast_radius="the users of the volume",
        settle_seconds=300.0,
    ),
    Operation(
        name="clear_snapshots",
        platform="storage",
        target_kind="volume",
        parameters=schema_of("clear_snapshots"),
        base_class=CRITICAL,
        summary="Remove the snapshots of a volume that are older than an age, never the last one.",
        changes=("snapshots",),
        no_inverse_because="a removed snapshot cannot be brought back",
        backup="a recent backup of the volume",
        pre_check="at least one snapshot stays, and none of the removed ones is in use",
        already_done="no snapshot but the last one is older than that age",
        verification="the old snapshots are gone, the newest is there",
        blast_radius="whoever would have gone back to one of these snapshots",
        settle_seconds=60.0,
    ),
)
