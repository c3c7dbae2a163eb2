"""What endangers OpenStack."""

from functools import partial

from datacenter_docs.domain.risks import Severity, at_least, is_, risk_rule

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

rule = partial(risk_rule, "openstack")

RULES = (
    rule(
        "instance-in-error",
        "instance",
        HIGH,
        is_("status", "error"),
        says="It is in error.",
        why="It does not run, and does not come back by itself.",
    ),
    rule(
        "volume-in-error",
        "volume",
        HIGH,
        is_("status", "error"),
        says="It is in error.",
        why="It can be neither attached nor deleted in the usual way.",
    ),
    rule(
        "hypervisor-down",
        "hypervisor",
        HIGH,
        is_("state", "down"),
        says="It does not answer.",
        why="Its instances may be down, and cannot be managed.",
    ),
    rule(
        "service-down",
        "service",
        HIGH,
        is_("state", "down"),
        is_("status", "enabled"),
        says="It is enabled, and does not report.",
        why="What it does for its host or zone is not done.",
    ),
    rule(
        "network-down",
        "network",
        MEDIUM,
        is_("status", "down"),
        is_("admin_state", "up"),
        says="It is switched on, and down.",
        why="Its ports carry nothing.",
    ),
    rule(
        "quota-nearly-used",
        "quota",
        LOW,
        at_least("usage_ratio", 0.9),
        says="Nearly all of it is used.",
        why="The next request of the project may be refused.",
    ),
)
