"""How good each driver is, and the law that follows: no operation below gold is offered.

*Bronze* reads and documents. *Silver* endures a lost login, an outage, long lists. *Gold* acts, each operation by
itself: with its undo, or with the proof that it leaves nothing to undo. The table holds what tests in
`tests/contract/rooms` show against real systems and say so by their mark `shows`; a test compares the two, and
`docs/connectors.md` with both. The server asks here before it lists, offers or does anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

READS, ENDURES = "reads", "endures"


class Grade(StrEnum):
    """How far a driver has come."""

    NONE = "none"
    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was shown of one driver: `READS`, `ENDURES`, and the names of operations. `cannot`: operation -> why no such
    system can do it at all.
    """

    driver: str
    shown: frozenset[str]
    cannot: Mapping[str, str] = field(default_factory=dict)

    @property
    def grade(self) -> Grade:
        """The highest step of the ladder that stands on all below it."""
        if READS not in self.shown:
            return Grade.NONE
        if ENDURES not in self.shown:
            return Grade.BRONZE
        return Grade.GOLD if self.operates else Grade.SILVER

    @property
    def operates(self) -> frozenset[str]:
        """The operations that are gold; none while what they stand on was not shown."""
        ground = frozenset({READS, ENDURES})
        return self.shown - ground if ground <= self.shown else frozenset()

    def refusal(self, operation: str) -> str | None:
        """Why the driver does not offer an operation; None: it does."""
        if operation in self.cannot:
            return self.cannot[operation]
        if operation in self.operates:
            return None
        return (
            f"{operation} was not shown to work with the driver {self.driver} ({self.grade}): "
            "no operation below gold is offered."
        )


def refusal(proofs: Sequence[Proof], operation: str) -> str | None:
    """Why none of these drivers offers an operation; None: at least one does."""
    reasons = [proof.refusal(operation) for proof in proofs]
    if not reasons:
        return f"Nothing here could do {operation}."
    return None if None in reasons else " ".join(dict.fromkeys(filter(None, reasons)))


PORTS = frozenset({"enable_port", "disable_port", "restart_interface"})
COUNTERS = frozenset({"clear_interface_errors"})
VOLUMES = frozenset({"expand_volume", "clear_snapshots"})
DEPLOYMENTS = frozenset({"restart_pod", "scale_deployment", "rollback_deployment"})
INSTANCES = frozenset({"reboot_instance", "resize_instance", "revert_resize"})
VMS = frozenset(
    {
        "restart_vm",
        "snapshot_vm",
        "delete_snapshot",
        "increase_memory",
        "decrease_memory",
        "increase_cpu",
        "decrease_cpu",
    }
)
SILVER = frozenset({READS, ENDURES})

SHOWN: Mapping[str, frozenset[str]] = {
    "network linux": SILVER | PORTS,
    "network frr": SILVER | PORTS,
    "network frr vtysh": SILVER | PORTS,
    "network ios": SILVER | PORTS | COUNTERS,
    "network snmp": frozenset({READS}),
    "storage linux": SILVER | VOLUMES,
    "storage ceph": SILVER | VOLUMES,
    "vmware": SILVER | VMS,
    "kubernetes": SILVER | DEPLOYMENTS,
    "openstack": SILVER | INSTANCES | {"confirm_resize"},
    "demo": SILVER.union(
        PORTS, COUNTERS, VMS, DEPLOYMENTS, VOLUMES, INSTANCES, {"shrink_volume", "confirm_resize"}
    ),
}
"""Our own drivers by name. Those of bindings are in their files."""


def proof(driver: str, cannot: Mapping[str, str] | None = None) -> Proof:
    """What was shown of one of our drivers; of one that the table does not know: nothing."""
    return Proof(driver, SHOWN.get(driver, frozenset()), cannot or {})
