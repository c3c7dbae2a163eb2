"""Which interfaces carry the management path: the way that our own session takes into a device."""

from collections.abc import Sequence

from datacenter_mcp.network.nouns import Interface

MANAGEMENT_PATH = "management_path"


def carrying(interfaces: Sequence[Interface], entrances: frozenset[str]) -> frozenset[str]:
    """`entrances` and all that they stand on: members of a bridge or bond, parents of a VLAN, down to the wire."""
    carried = set(entrances)
    while True:
        below = {interface.name for interface in interfaces if interface.master in carried} | {
            low for interface in interfaces if interface.name in carried for low in interface.lower
        }
        if below <= carried:
            return frozenset(carried)
        carried |= below


def owner_of(interfaces: Sequence[Interface], address: str) -> str | None:
    """The interface with an address (without prefix length); None: none has it."""
    return next(
        (
            interface.name
            for interface in interfaces
            if any(own.partition("/")[0] == address for own in interface.addresses)
        ),
        None,
    )
