"""What endangers network."""

from functools import partial

from datacenter_docs.domain.risks import Severity, at_least, is_, risk_rule

HIGH, MEDIUM = Severity.HIGH, Severity.MEDIUM

rule = partial(risk_rule, "network")

RULES = (
    rule(
        "link-down",
        "interface",
        HIGH,
        is_("admin_state", "up"),
        is_("oper_state", "down"),
        says="It is switched on, and has no link.",
        why="A cable, a module or the other end has failed.",
    ),
    rule(
        "interface-errors",
        "interface",
        MEDIUM,
        at_least("rx_errors", 100),
        says="It received many broken frames.",
        why="A bad cable, module or duplex setting costs throughput before it costs the link.",
    ),
    rule(
        "interface-flaps",
        "interface",
        MEDIUM,
        at_least("link_downs", 10),
        says="Its link went down many times.",
        why="Every time, routes and sessions over it break.",
    ),
    rule(
        "session-not-established",
        "neighbour",
        HIGH,
        is_("established", False),
        says="The routing session is not established.",
        why="Routes over this neighbour are missing.",
    ),
)
