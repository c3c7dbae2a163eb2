"""The JSON of `ceph` and `rbd`, as far as it is read. What is zero is left out by some of their answers."""

from typing import Literal

from datacenter_mcp.readings import Answer


class Summary(Answer):
    """What a check says."""

    message: str


class HealthCheck(Answer):
    """A check that found something."""

    summary: Summary
    muted: bool = False


class HealthAnswer(Answer):
    """`health` of `ceph status`."""

    status: Literal["HEALTH_OK", "HEALTH_WARN", "HEALTH_ERR"]
    checks: dict[str, HealthCheck] = {}


class OsdCounts(Answer):
    """`osdmap` of `ceph status`."""

    num_osds: int
    num_up_osds: int


class PgMap(Answer):
    """`pgmap` of `ceph status`; what is zero is left out."""

    bytes_total: int
    bytes_used: int
    bytes_avail: int
    degraded_ratio: float = 0.0
    read_bytes_sec: float = 0.0
    write_bytes_sec: float = 0.0


class Status(Answer):
    """`ceph status`."""

    fsid: str
    health: HealthAnswer
    osdmap: OsdCounts
    pgmap: PgMap


class Versions(Answer):
    """`ceph versions`: what each daemon calls itself -> how many do."""

    overall: dict[str, int]


class PoolStats(Answer):
    """Bytes that are stored, and that could be."""

    stored: int
    max_avail: int


class PoolUsage(Answer):
    """A pool of `ceph df`."""

    name: str
    stats: PoolStats


class Usage(Answer):
    """`ceph df`."""

    pools: list[PoolUsage]


class PoolSettings(Answer):
    """A pool of `ceph osd dump`."""

    pool_name: str
    type: int
    size: int
    flags_names: str
    quota_max_bytes: int
    application_metadata: dict[str, object] = {}


class OsdMap(Answer):
    """`ceph osd dump`."""

    flags_set: list[str]
    pools: list[PoolSettings]


class Rates(Answer):
    """What clients do to a pool; what is zero is left out."""

    read_bytes_sec: float = 0.0
    write_bytes_sec: float = 0.0


class PoolRates(Answer):
    """An element of `ceph osd pool stats`."""

    pool_name: str
    client_io_rate: Rates


class Listed(Answer):
    """An element of `rbd ls -l`: an image, or one of its snapshots."""

    image: str
    id: str
    size: int
    snapshot: str | None = None
    parent: dict[str, str] | None = None


class Used(Answer):
    """An element of `rbd du`."""

    id: str
    used_size: int
    snapshot: str | None = None


class DiskUsage(Answer):
    """`rbd du`."""

    images: list[Used]


class Info(Answer):
    """`rbd info`."""

    name: str
    id: str
    size: int


class SnapshotAnswer(Answer):
    """An element of `rbd snap ls`."""

    id: int
    name: str
    size: int
    protected: Literal["true", "false"]
    timestamp: str


class Child(Answer):
    """An element of `rbd children`."""

    pool: str
    image: str


class Watcher(Answer):
    """Who has an image open."""

    address: str


class Watchers(Answer):
    """`rbd status`."""

    watchers: list[Watcher]
