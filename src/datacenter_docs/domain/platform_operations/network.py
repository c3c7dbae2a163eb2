"""What can be done to an interface; what carries the management path may be the branch one sits on."""

from datacenter_docs.domain.operations import CRITICAL, SAFE, UNCHANGED, Operation
from datacenter_docs.domain.parameters import schema_of

MANAGEMENT_PATH = frozenset({"management_path"})
HANDS_OFF = frozenset({"hands_off"})
"""Somebody wrote on the port that it is to be left alone."""

OPERATIONS = (
    Operation(
        name="clear_interface_errors",
        platform="network",
        target_kind="interface",
        parameters=schema_of("clear_interface_errors"),
        base_class=SAFE,
        summary="Set the error counters of an interface to zero.",
        no_inverse_because="the old counters are kept in the journal; the interface itself is as before",
        pre_check="the counters were read and journaled",
        already_done="all error counters are zero",
        verification="the error counters are lower than before",
        blast_radius="whoever watches these counters",
        settle_seconds=5.0,
    ),
    Operation(
        name="enable_port",
        platform="network",
        target_kind="interface",
        parameters=schema_of("enable_port"),
        base_class=SAFE,
        summary="Enable an interface that was shut by configuration.",
        changes=("admin_state",),
        inverse="disable_port",
        raised_by=HANDS_OFF,
        pre_check="the interface is there and is administratively down",
        already_done="the interface is administratively up",
        verification="the interface is administratively up, and the link comes up where the other side is",
        blast_radius="what is connected to this port: traffic may flow again",
        settle_seconds=15.0,
    ),
    Operation(
        name="disable_port",
        platform="network",
        target_kind="interface",
        parameters=schema_of("disable_port"),
        base_class=CRITICAL,
        plannable=False,
        summary="Shut an interface.",
        changes=("admin_state",),
        inverse="enable_port",
        raised_by=MANAGEMENT_PATH,
        pre_check="the interface does not carry the management path",
        already_done="the interface is administratively down",
        verification="the interface is administratively down",
        blast_radius="everything behind this port",
        settle_seconds=15.0,
    ),
    Operation(
        name="restart_interface",
        platform="network",
        target_kind="interface",
        parameters=schema_of("restart_interface"),
        base_class=SAFE,
        summary="Bounce an interface: down, then up again by itself even if the session is lost.",
        no_inverse_because=UNCHANGED,
        restart_like=True,
        raised_by=MANAGEMENT_PATH | HANDS_OFF,
        pre_check="the interface is administratively up; the device can bring it back without us",
        already_done="never: a restart is an event, only the time of the last change tells",
        verification="the interface is up again, later than before",
        blast_radius="what is connected to this port, for some seconds; routing over it converges anew",
        settle_seconds=30.0,
    ),
)
