"""What property reads answer. Pure: bytes of XML in, values out. Raises `Broken` for what makes no sense.

Wire form: `objects` with `obj` (type and name), `propSet` (name and val) and `missingSet`; see RetrieveResult in the vSphere
Web Services reference. Values stay elements until somebody asks for one: most of an answer is never looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from datacenter_mcp.contract.errors import Broken

VIM = "{urn:vim25}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class Ref(NamedTuple):
    """An object of the platform: `VirtualMachine`, `vm-42`."""

    type: str
    value: str


class Node:
    """A value, or a part of one. Every question has the answer None (or nothing) where the platform did not say."""

    __slots__ = ("_element",)

    def __init__(self, element: Element | None) -> None:
        self._element = element

    def __bool__(self) -> bool:
        return self._element is not None

    @property
    def type(self) -> str:
        """What the platform calls its type, without namespace; empty: it did not say."""
        named = "" if self._element is None else self._element.get(TYPE, "")
        return named.rpartition(":")[2]

    def part(self, *path: str) -> "Node":
        """A part of a part."""
        found = self._element
        for name in path:
            found = None if found is None else found.find(VIM + name)
        return Node(found)

    def parts(self, name: str | None = None) -> "Iterator[Node]":
        """The elements of a list; with a name, the parts that are called so."""
        for child in self._element if self._element is not None else ():
            if name is None or child.tag == VIM + name:
                yield Node(child)

    @property
    def text(self) -> str | None:
        """None also for an empty text."""
        return None if self._element is None else self._element.text or None

    @property
    def texts(self) -> list[str]:
        """The texts of a list."""
        return [one.text for one in self.parts() if one.text is not None]

    @property
    def number(self) -> int | None:
        """Raises `Broken` for what is none."""
        return None if self.text is None else _number(self.text)

    @property
    def flag(self) -> bool | None:
        """True or false."""
        return None if self.text is None else self.text in ("true", "1")

    @property
    def moment(self) -> datetime | None:
        """A time, in UTC. Raises `Broken` for what is none."""
        return None if self.text is None else _moment(self.text)

    @property
    def ref(self) -> Ref | None:
        """A reference to another object."""
        if self._element is None or self.text is None:
            return None
        return Ref(self._element.get("type", ""), self.text)

    @property
    def refs(self) -> list[Ref]:
        """A list of references."""
        return [ref for one in self.parts() if (ref := one.ref) is not None]


NOTHING = Node(None)


@dataclass(frozen=True, slots=True)
class Seen:
    """One object with what was read of it. `denied`: the paths that our account may not read."""

    ref: Ref
    properties: Mapping[str, Node]
    denied: Sequence[str] = ()

    def get(self, path: str) -> Node:
        """A property."""
        return self.properties.get(path, NOTHING)


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of an answer. `token` None: the last one."""

    objects: Sequence[Seen]
    token: str | None = None


def portion(body: bytes) -> Portion:
    """The answer of RetrievePropertiesEx or of its continuation; one without a result is empty."""
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - expat of today limits what entities may grow to
    except ElementTree.ParseError as error:
        raise Broken("A property read was answered with something that is no XML.") from error
    result = root.find(f"*/*/{VIM}returnval")
    if result is None:
        if root.find(f"*/{VIM}RetrievePropertiesExResponse") is None:
            raise Broken("A property read was answered with something else than properties.")
        return Portion(())
    objects = [_seen(one) for one in result.findall(f"{VIM}objects")]
    return Portion(objects, result.findtext(f"{VIM}token") or None)


def _seen(element: Element) -> Seen:
    ref = Node(element).part("obj").ref
    if ref is None:
        raise Broken("A property read was answered with an object without a name.")
    properties = {
        one.findtext(f"{VIM}name", ""): Node(one.find(f"{VIM}val"))
        for one in element.iterfind(f"{VIM}propSet")
    }
    denied = [
        one.findtext(f"{VIM}path", "")
        for one in element.iterfind(f"{VIM}missingSet")
        if Node(one).part("fault", "fault").type in ("NoPermission", "NotAuthenticated")
    ]
    return Seen(ref, properties, denied)


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Broken(f"A number is {text[:40]!r}.") from error


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Broken(f"A time is {text[:40]!r}.") from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
