"""What endangers storage."""

from functools import partial

from datacenter_docs.domain.risks import (
    OfFact,
    Severity,
    above,
    at_least,
    below,
    is_,
    risk_rule,
)

HIGH, MEDIUM = Severity.HIGH, Severity.MEDIUM

rule = partial(risk_rule, "storage")

RULES = (
    rule(
        "volume-full",
        "volume",
        HIGH,
        at_least("usage_ratio", 0.95),
        says="It is full but for a rest.",
        why="Whatever writes to it stops.",
    ),
    rule(
        "volume-filling",
        "volume",
        MEDIUM,
        at_least("usage_ratio", 0.85),
        below("usage_ratio", 0.95),
        says="It is nearly full.",
        why="There is little time to make room.",
    ),
    rule(
        "volume-device-errors",
        "volume",
        HIGH,
        above("device_errors", 0),
        says="Its devices report errors.",
        why="A disk that errs is a disk that fails.",
    ),
    rule(
        "volume-read-only",
        "volume",
        HIGH,
        is_("writable", False),
        says="It cannot be written to.",
        why="File systems go read-only when they meet an error.",
    ),
    rule(
        "pool-filling",
        "pool",
        HIGH,
        at_least("usage_ratio", 0.85),
        says="It is nearly full.",
        why="A full pool stops every volume in it.",
    ),
    rule(
        "cluster-degraded",
        "cluster",
        HIGH,
        above("degraded_ratio", 0),
        says="A part of its data has fewer copies than it should.",
        why="One more failure may lose data.",
    ),
    rule(
        "cluster-disks-down",
        "cluster",
        MEDIUM,
        below("disks_up", OfFact("disk_count")),
        says="Not all of its disks are up.",
        why="Data is being copied again, and there is less room.",
    ),
)
