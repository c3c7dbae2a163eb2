"""What endangers VMware."""

from functools import partial

from datacenter_docs.domain.risks import (
    OfFact,
    Severity,
    above,
    at_least,
    below,
    is_,
    is_not,
    risk_rule,
)

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

DAY_SECONDS = 86_400

rule = partial(risk_rule, "vmware")

RULES = (
    rule(
        "host-not-connected",
        "host",
        HIGH,
        is_not("connection_state", "connected"),
        says="vCenter does not reach it.",
        why="What runs on it can neither be moved nor restarted from vCenter.",
    ),
    rule(
        "host-memory-tight",
        "host",
        MEDIUM,
        at_least("memory_usage_ratio", 0.9),
        says="Nearly all of its memory is in use.",
        why="Machines of a failed neighbour would find no room here.",
    ),
    rule(
        "cluster-without-ha",
        "cluster",
        MEDIUM,
        is_("ha_enabled", False),
        says="High availability is off.",
        why="Machines of a failed host stay down until somebody starts them.",
    ),
    rule(
        "datastore-inaccessible",
        "datastore",
        HIGH,
        is_("accessible", False),
        says="Its hosts do not reach it.",
        why="Machines with a disk on it stand still.",
    ),
    rule(
        "datastore-full",
        "datastore",
        HIGH,
        at_least("usage_ratio", 0.95),
        says="It is full but for a rest.",
        why="Machines with growing disks or snapshots on it will be stopped.",
    ),
    rule(
        "datastore-filling",
        "datastore",
        MEDIUM,
        at_least("usage_ratio", 0.85),
        below("usage_ratio", 0.95),
        says="It is nearly full.",
        why="There is little room for snapshots and growth.",
    ),
    rule(
        "datastore-overpromised",
        "datastore",
        LOW,
        above("promised_bytes", OfFact("size_bytes", 1.5)),
        says="Far more is promised to machines than there is.",
        why="When thin disks fill, it fills with them.",
    ),
    rule(
        "vm-snapshot-old",
        "vm",
        MEDIUM,
        at_least("oldest_snapshot_age_seconds", 7 * DAY_SECONDS),
        says="It has an old snapshot.",
        why="A snapshot grows with every write, slows the machine, and is no backup.",
    ),
    rule(
        "vm-needs-consolidation",
        "vm",
        MEDIUM,
        is_("needs_consolidation", True),
        says="Its disks have to be consolidated.",
        why="Left-over snapshot files grow where nobody sees them.",
    ),
    rule(
        "vm-filesystem-full",
        "vm",
        HIGH,
        at_least("fullest_filesystem_ratio", 0.95),
        says="A file system inside is full.",
        why="Services inside stop when they cannot write.",
    ),
    rule(
        "vm-waits-for-an-answer",
        "vm",
        HIGH,
        is_not("question", ""),
        says="It is stopped by a question of its host.",
        why="It does nothing until somebody answers.",
    ),
    rule(
        "vm-unreachable",
        "vm",
        HIGH,
        is_not("connection_state", "connected"),
        says="vCenter cannot reach its files.",
        why="It can be neither managed nor restarted.",
    ),
    rule(
        "vm-without-tools",
        "vm",
        LOW,
        is_("tools_state", "not_running"),
        is_("power_state", "on"),
        says="The guest's tools do not run.",
        why="It can only be restarted hard, and nothing inside can be seen.",
    ),
    rule(
        "alarm-raised",
        "alarm",
        HIGH,
        is_("status", "failed"),
        says="vCenter has raised an alarm.",
        why="vCenter's own rules say that something failed.",
    ),
)
