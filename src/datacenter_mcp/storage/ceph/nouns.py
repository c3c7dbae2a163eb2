"""A cluster, its pools, its images and their snapshots, as Ceph sees them. Sizes in bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class State:
    """A cluster. `health`: `HEALTH_OK`, `HEALTH_WARN`, `HEALTH_ERR`; `complaints`: what is wrong, in sentences. Sizes are
    raw. `rates`: what its clients do, metric -> bytes per second.
    """

    fsid: str
    health: str
    complaints: Sequence[str]
    size_bytes: int
    used_bytes: int
    free_bytes: int
    disk_count: int
    disks_up: int
    degraded_ratio: float
    rates: Mapping[str, float]

    @property
    def usage_ratio(self) -> float:
        """0..1 of the raw capacity."""
        return ratio(self.used_bytes, self.size_bytes)


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool. `used_bytes` without copies; `free_bytes` what could be stored besides, within its quota. `copies` None: it
    is erasure-coded; `quota_bytes` None: it has none. `for_images`: RBD may use it.
    """

    name: str
    used_bytes: int
    free_bytes: int
    copies: int | None
    quota_bytes: int | None
    writable: bool
    for_images: bool

    @property
    def usage_ratio(self) -> float:
        """0..1 of what could be stored."""
        return ratio(self.used_bytes, self.used_bytes + self.free_bytes)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot of an image. `number` is never used twice in a pool."""

    number: int
    name: str
    size_bytes: int
    protected: bool
    created_at: datetime

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.name

    @property
    def origin(self) -> str:
        """All are snapshots of the one image that was asked."""
        return ""


@dataclass(frozen=True, slots=True)
class Image:
    """An image of a pool. `key` is its id, which stays when it is renamed and is not given again. `used_bytes`: the parts
    of the device that hold data, be it its own, its snapshots' or its parent's.
    """

    pool: str
    key: str
    name: str
    size_bytes: int
    used_bytes: int = 0
    snapshots: Sequence[Snapshot] = ()

    @property
    def spec(self) -> str:
        """As `rbd` and people write it."""
        return f"{self.pool}/{self.name}"

    @property
    def usage_ratio(self) -> float:
        """0..1 of its size."""
        return ratio(self.used_bytes, self.size_bytes)


def ratio(part: int, whole: int) -> float:
    """0..1; 0 of nothing."""
    return round(min(1.0, part / whole), 4) if whole else 0.0
