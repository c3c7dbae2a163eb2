"""Volumes and snapshots, as a host sees them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Volume:
    """A mounted file system. Sizes in bytes; `size_bytes` is what an expansion compares with: what the file system spans,
    with its own overhead. `backing_file` None: no loop device. `inside`: its root's path inside the file system, `/` for the whole.
    """

    uuid: str
    mountpoint: str
    filesystem: str
    device: str
    size_bytes: int
    used_bytes: int
    free_bytes: int
    inside: str
    backing_file: str | None = None
    device_size_bytes: int | None = None
    writable: bool = True

    @property
    def usage_ratio(self) -> float:
        """0..1, of what can be used at all; 0 for a volume without any."""
        usable = self.used_bytes + self.free_bytes
        return round(self.used_bytes / usable, 4) if usable else 0.0

    @property
    def can_snapshot(self) -> bool:
        """Whether snapshots are a thing of this file system."""
        return self.filesystem == "btrfs"


@dataclass(frozen=True, slots=True)
class Details:
    """What the file system's own tool adds. `device_errors` None: it keeps no count; `inodes_*` None: it has no limit."""

    devices: int = 1
    device_errors: int | None = None
    inodes_used: int | None = None
    inodes_free: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A read-only snapshot. `number` is btrfs's subvolume id, never used twice in a file system; `path` is from its top."""

    number: int
    uuid: str
    parent_uuid: str
    path: str
    created_at: datetime

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.path

    @property
    def origin(self) -> str:
        """The subvolume that it was taken of."""
        return self.parent_uuid
