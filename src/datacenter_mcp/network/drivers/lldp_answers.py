"""What lldpd answers (`lldpcli -f json0`, where everything is a list), as values. Pure: text in, nouns out.

A port announces an id and a description. The id is the name of the port only where its kind says so; lldpd announces
the hardware address and describes the port by its name.
"""

from collections.abc import Sequence

from pydantic import Field, TypeAdapter

from datacenter_mcp.network.nouns import Neighbour
from datacenter_mcp.readings import Answer, parsed

PROTOCOLS = {"LLDP": "lldp", "CDPv1": "cdp", "CDPv2": "cdp"}
NAMING = frozenset({"ifname", "local"})
"""Kinds of port ids that are names."""


class Text(Answer):
    """One value."""

    value: str = ""


class Identity(Answer):
    """A value that says of what kind it is."""

    type: str
    value: str


class Chassis(Answer):
    """The neighbour as a whole."""

    name: list[Text] = []


class Port(Answer):
    """The neighbour's end of the cable."""

    id: list[Identity]
    descr: list[Text] = []


class Sight(Answer):
    """One neighbour at one of our interfaces."""

    name: str
    via: str
    chassis: list[Chassis]
    port: list[Port]


class Interfaces(Answer):
    """All sights; the key is missing where there are none."""

    interface: list[Sight] = []


class Document(Answer):
    """The whole answer."""

    lldp: list[Interfaces] = Field(default_factory=list)


DOCUMENT = TypeAdapter(Document)


def neighbours(text: str) -> Sequence[Neighbour]:
    """`lldpcli -f json0 show neighbors`; nothing: no lldpd. Raises `Broken`."""
    document = parsed(DOCUMENT, text.strip() or "{}", "lldpcli show neighbors")
    sights = [sight for part in document.lldp for sight in part.interface]
    found = [_neighbour(sight) for sight in sights if sight.via in PROTOCOLS]
    return list({neighbour.key: neighbour for neighbour in found}.values())


def port_name(kind: str | None, identity: str, description: str | None) -> str:
    """What a port is called: its id where that is a name, else its description, else the id all the same."""
    return identity if kind in NAMING or not description else description


def _neighbour(sight: Sight) -> Neighbour:
    chassis = sight.chassis[0] if sight.chassis else Chassis()
    ports = [
        port_name(i.type, i.value, _first(port.descr)) for port in sight.port for i in port.id
    ]
    return Neighbour.announced(
        PROTOCOLS[sight.via],
        sight.name,
        _first(chassis.name),
        ports[0] if ports else "unknown",
    )


def _first(texts: Sequence[Text]) -> str | None:
    return texts[0].value or None if texts else None
