"""Which resource does a ticket speak of? From its words, and from the names that were observed. Pure.

A name counts only as a whole (`eth1` is not in `eth10`), in any case. The device decides first: where devices are
named, only what belongs to one of them is considered; where interfaces are named, only those.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.estate import Resource
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.relation_keys import port
from datacenter_docs.domain.words import phrase

SHORTEST_NAME = 2
"""A name of one letter is a word of too many sentences to mean anything."""
LONG_NAME = 6
"""From so many characters on, a name is also known without its `-` and `_`."""
AROUND = ".,;:!?()[]{}<>'\"`"
"""What stands around a word and is no part of it."""
_PARTS = re.compile(r"[\s_-]")
_PORT = re.compile(r"[a-z]{2}[a-z-]*\d[\d/.:]*")
NAMED, OF_A_NAMED_SYSTEM, TOWARDS_A_NAMED_SYSTEM = 4, 2, 1


class Candidate(NamedTuple):
    """A resource that the ticket may mean; the more `relevance`, the plainer it was said."""

    resource: Resource
    relevance: int


def candidates(text: str, resources: Iterable[Resource]) -> Sequence[Candidate]:
    """Those of one kind that the ticket may mean, the plainest first, then by id. Empty: it names none of them."""
    heard = _Heard.of(text)
    pool = [(one, _called(one.id, one.kind, one.name, one.parent)) for one in resources]
    systems = {called.system for _, called in pool}
    named_systems = frozenset(system for system in systems if _is_named(system, heard))
    named = {resource.id for resource, called in pool if _names(resource, called, heard)}
    scored = [
        Candidate(resource, _relevance(resource, called.system, named, named_systems))
        for resource, called in pool
        if (resource.id in named or not named)
        and (called.system in named_systems or not named_systems)
    ]
    return sorted(
        (candidate for candidate in scored if candidate.relevance >= OF_A_NAMED_SYSTEM),
        key=lambda candidate: (-candidate.relevance, candidate.resource.id),
    )


def _relevance(
    resource: Resource, system: str, named: set[str], named_systems: frozenset[str]
) -> int:
    return (
        NAMED * (resource.id in named)
        + OF_A_NAMED_SYSTEM * (system in named_systems)
        + TOWARDS_A_NAMED_SYSTEM * _points_to(resource, named_systems - {system})
    )


def _points_to(resource: Resource, systems: frozenset[str]) -> bool:
    """Whether a text of the resource, its description for example, names one of the systems as a word."""
    if not systems:
        return False
    texts = [phrase(fact.value) for fact in resource.facts if isinstance(fact.value, str)]
    return any(phrase(system) in text for system in systems for text in texts)


class _Heard(NamedTuple):
    """A ticket's text as it is searched for names: as it stands; its words without `-` and `_`, and without what is around
    them; and the ports that it names, long names shortened.
    """

    text: str
    words: frozenset[str]
    ports: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "_Heard":
        """What is heard in a text."""
        folded = text.casefold()
        words = [word.strip(AROUND) for word in folded.split()]
        return cls(
            folded,
            frozenset(_squeezed(word) for word in words if "/" not in word),
            frozenset(port(word) for word in words if _PORT.fullmatch(word)),
        )


class _Called(NamedTuple):
    """How people call a resource: the system that it belongs to, its own names, and its port by the short name; None: it is
    no port.
    """

    system: str
    names: tuple[str, ...]
    port: str | None


@lru_cache(maxsize=16_384)  # the same resources for every ticket
def _called(resource_id: str, kind: str, name: str, parent: str | None) -> _Called:
    """People also write the native id (`shop/web`), and its last part where that is a name."""
    system = _system(name, parent)
    own = name.casefold()
    local = own.removeprefix(f"{system} ")
    native = resource_id.split(":", 3)[-1].casefold()
    last = native.rpartition("/")[2]
    names = dict.fromkeys((own, local, native, *([last] if _is_a_name(last) else [])))
    return _Called(system, tuple(names), port(local) if kind == "interface" else None)


def _names(resource: Resource, called: _Called, heard: _Heard) -> bool:
    """Whether one of its own names or addresses is in the text, or its port by the long name."""
    if called.port in heard.ports:
        return True
    addresses = resource.value("addresses")
    listed = (
        [str(a).split("/")[0].casefold() for a in addresses] if isinstance(addresses, list) else []
    )
    return any(
        _is_named(name, heard)
        for name in (*called.names, *listed)
        if name != called.system or not resource.parent
    )


def _system(name: str, parent: str | None) -> str:
    """The name of what a resource belongs to; one at the top belongs to itself."""
    if parent is None:
        return name.casefold()
    try:
        return ResourceId.parse(parent).native.casefold()
    except Invalid:
        return parent.casefold()


def _is_named(name: str, heard: _Heard) -> bool:
    if len(name) < SHORTEST_NAME:
        return False
    sought = _sought(name)
    if all(part in heard.text for part in sought.parts) and _whole(name).search(heard.text):
        return True
    return sought.squeezed in heard.words


class _Sought(NamedTuple):
    """A name as it is looked for: its parts, and without what parts them; None: that could be another word."""

    parts: tuple[str, ...]
    squeezed: str | None


@lru_cache(maxsize=16_384)  # the same names for every ticket
def _sought(name: str) -> _Sought:
    squeezable = len(name) >= LONG_NAME and _is_a_name(name)
    return _Sought(tuple(_PARTS.split(name)), _squeezed(name) if squeezable else None)


@lru_cache(maxsize=16_384)
def _whole(name: str) -> re.Pattern[str]:
    """The name as a whole, its parts with a blank, `-` or `_` between them; a machine's with its domain behind it too."""
    domain = r"\.(?=\d)" if _is_a_name(name) and "/" not in name else r"\.\w"
    parts = r"[\s_-]".join(re.escape(part) for part in _PARTS.split(name))
    return re.compile(rf"(?<![\w/.-]){parts}(?![\w/-]|{domain})")


def _is_a_name(text: str) -> bool:
    """Whether nobody writes it but for a thing: letters with a digit or a `-` among them."""
    return "-" in text.strip("-") or (text.isalnum() and not text.isalpha() and not text.isdigit())


def _squeezed(text: str) -> str:
    return text.replace("-", "").replace("_", "").replace(" ", "")
