"""How a value is said to people. The unit is in the attribute's name; the exact value stays in the fact. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime

from datacenter_docs.domain.observed import NAME, PARENT, FactValue
from datacenter_docs.domain.values import Scalar

NOT_KNOWN = "not known"
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_SPANS = ((86_400, "days"), (3_600, "h"), (60, "min"))
_LABELS = {NAME: "name", PARENT: "part of", "mtu_bytes": "MTU", "mac": "MAC", "fsid": "FSID"}
_SHORT = {
    "cpu": "CPU",
    "ha": "HA",
    "drs": "DRS",
    "vm": "VM",
    "vlan": "VLAN",
    "uuid": "UUID",
    "uid": "UID",
    "id": "",
    "ids": "",
    "mac": "MAC",
    "rx": "received",
    "tx": "sent",
    "os": "OS",
}
_UNIT_WORDS = ("bytes", "mib", "gib", "mbps", "mhz", "ratio", "seconds", "at")
"""Last words of an attribute that are its unit: the value says it."""


def spoken(attribute: str, value: FactValue) -> str:
    """A value in words: `4 GiB`, `83 %`, `yes`, `a, b`; None is `not known`, an empty list `none`."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_one(attribute, item) for item in value) or "none"
    return _one(attribute, value)


def label(attribute: str) -> str:
    """What an attribute is called in a document, without its unit."""
    if attribute in _LABELS:
        return _LABELS[attribute]
    words = attribute.split("_")
    if len(words) > 1 and words[-1] in _UNIT_WORDS:
        words = words[:-1]
    return " ".join(filter(None, (_SHORT.get(word, word) for word in words)))


def bytes_in_words(value: float) -> str:
    """`12 B`, `1.5 GiB`: with one decimal below ten."""
    size, unit = float(value), 0
    while abs(size) >= 1_024 and unit < len(_UNITS) - 1:
        size, unit = size / 1_024, unit + 1
    return f"{_number(size)} {_UNITS[unit]}"


def span_in_words(seconds: float) -> str:
    """`3 days`, `5 h`, `12 min`, `40 s`: the largest unit of which there are at least two, rounded down."""
    for length, unit in _SPANS:
        if abs(seconds) >= 2 * length:
            return f"{int(seconds // length):,} {unit}"
    return f"{_number(seconds)} s"


def _one(attribute: str, value: Scalar) -> str:
    if value is None:
        return NOT_KNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _time(value) if attribute.endswith("_at") else value or "empty"
    return _with_unit(attribute, value)


def _with_unit(attribute: str, value: float) -> str:
    suffix = attribute.rpartition("_")[2]
    speak = _EXACT.get(attribute) or _SPEAKERS.get(suffix)
    return speak(value) if speak else _exact(value)


def _number(value: float) -> str:
    """At most one decimal, and none from ten on or where there is nothing behind the point."""
    if abs(value) >= 10 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}"


def _exact(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def _time(text: str) -> str:
    """An ISO time to the minute; any other text as it is."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return at.strftime("%Y-%m-%d %H:%M %Z").strip()


_EXACT: dict[str, Callable[[float], str]] = {"mtu_bytes": lambda value: f"{value:,} bytes"}
"""Attributes that nobody says in larger units."""
_SPEAKERS: dict[str, Callable[[float], str]] = {
    "bytes": bytes_in_words,
    "mib": lambda value: bytes_in_words(value * 1_048_576),
    "gib": lambda value: bytes_in_words(value * 1_073_741_824),
    "ratio": lambda value: f"{_number(value * 100)} %",
    "seconds": span_in_words,
    "mbps": lambda value: f"{_exact(value)} Mbit/s",
    "mhz": lambda value: f"{_exact(value)} MHz",
}
