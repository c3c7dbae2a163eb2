"""From what platforms say to what can be compared: addresses, UUIDs, names, as keys of relations. Pure.

A key is text; equal keys at both ends of a rule join two things. What cannot name one thing (an empty serial number, a
loopback address, a MAC of zeros) is no key at all.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.observed import NAME, FactValue

Stated = Mapping[str, FactValue]

MAX_LABELS = 5
"""Labels of a selector that are combined; 2 to the power of this, less one, is the most keys of a workload."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}\Z")
_ADDRESS = re.compile(r"[0-9a-fA-F.:]{3,45}")
_PORT = re.compile(r"([a-z]+)[^0-9]*(.*)")
_SAYS_NOTHING = frozenset(
    {
        "",
        "none",
        "n/a",
        "na",
        "unknown",
        "not specified",
        "default string",
        "to be filled by o.e.m.",
    }
)


def texts(value: FactValue) -> Iterator[str]:
    """The texts of a fact, without spaces around them; whatever else it holds is left out."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, list | tuple):
        yield from (one.strip() for one in value if isinstance(one, str))


def names(value: FactValue) -> Iterator[str]:
    """Serial numbers and the like, in small letters."""
    yield from (text.lower() for text in texts(value) if text.lower() not in _SAYS_NOTHING)


def macs(value: FactValue) -> Iterator[str]:
    """Hardware addresses that may belong to one card: not zero, not for groups."""
    for text in texts(value):
        mac = text.lower().replace("-", ":")
        if _MAC.match(mac) and mac != "00:00:00:00:00:00" and not int(mac[:2], 16) & 1:
            yield mac


def addresses(value: FactValue) -> Iterator[str]:
    """IP addresses that are in the texts, with or without prefix length or port, that others can reach."""
    for text in texts(value):
        for candidate in _ADDRESS.findall(text):
            address = _address(candidate)
            if address is not None:
                yield address


def uuids(value: FactValue) -> Iterator[str]:
    """The last UUID of each text: what comes before it names the system that keeps the thing. One of zeros is none."""
    for text in texts(value):
        found = [one for one in _UUID.findall(text.lower()) if one.strip("0-")]
        yield from found[-1:]


def firmware_uuids(value: FactValue) -> Iterator[str]:
    """UUIDs of a machine's firmware, in both orders of bytes: guests and hypervisors differ in how they read them."""
    for uuid in uuids(value):
        yield uuid
        first, second, third, rest = uuid[:8], uuid[9:13], uuid[14:18], uuid[18:]
        yield "-".join(_swapped(part) for part in (first, second, third)) + rest


def volume_names(value: FactValue) -> Iterator[str]:
    """What a storage system calls a volume: as it is, and the UUID in it."""
    for text in texts(value):
        if text.lower() not in _SAYS_NOTHING:
            yield text.lower()
    yield from uuids(value)


def system(name: str) -> str:
    """The name of a machine without its domain, in small letters."""
    return name.strip().lower().partition(".")[0]


def port(name: str) -> str:
    """A port by its name, long or short: `GigabitEthernet1/0/1` is `gi1/0/1`."""
    text = name.strip().lower()
    match = _PORT.fullmatch(text)
    return f"{match[1][:2]}{match[2]}" if match and match[2] else text


def selector(resource_id: str, value: FactValue) -> Iterator[str]:
    """The labels that a service looks for, all together. None, where it looks for none."""
    labels = sorted(texts(value))
    if labels:
        yield _labelled(resource_id, labels)


def selectable(resource_id: str, value: FactValue) -> Iterator[str]:
    """All that a service may look for to find these labels."""
    labels = sorted(texts(value))
    most = labels if len(labels) <= MAX_LABELS else []
    for size in range(1, len(most) + 1):
        for some in combinations(most, size):
            yield _labelled(resource_id, some)


def native(resource_id: str) -> str:
    """What the platform calls the thing."""
    return ResourceId.parse(resource_id).native


def owner(resource_id: str) -> str:
    """The first part of what the platform calls the thing: the device, the host, the namespace."""
    return native(resource_id).partition("/")[0]


def name_of(stated: Stated) -> str:
    """What people call the thing; empty: nothing."""
    return next(texts(stated.get(NAME)), "")


def _labelled(resource_id: str, labels: Sequence[str]) -> str:
    name = ResourceId.parse(resource_id)
    return f"{name.connection}|{owner(resource_id)}|{','.join(labels)}"


def _address(text: str) -> str | None:
    dotted = text.partition(":")[0] if "." in text else text  # without the port
    try:
        address = ipaddress.ip_address(dotted.rstrip(".:"))
    except ValueError:
        return None
    usable = not (
        address.is_loopback
        or address.is_unspecified
        or address.is_multicast
        or address.is_link_local
    )
    return str(address) if usable else None


def _swapped(hexadecimal: str) -> str:
    return bytes.fromhex(hexadecimal)[::-1].hex()
