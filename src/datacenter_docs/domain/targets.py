"""Which resource does a ticket speak of? From its words, and from the names that were observed. Pure.

A name counts only as a whole (`eth1` is not in `eth10`), in any case. The device decides first: where devices are
named, only what belongs to one of them is considered; where interfaces are named, only those.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.estate import Resource
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.words import phrase

SHORTEST_NAME = 2
"""A name of one letter is a word of too many sentences to mean anything."""
NAMED, OF_A_NAMED_SYSTEM, TOWARDS_A_NAMED_SYSTEM = 4, 2, 1


class Candidate(NamedTuple):
    """A resource that the ticket may mean; the more `relevance`, the plainer it was said."""

    resource: Resource
    relevance: int


def candidates(text: str, resources: Iterable[Resource]) -> Sequence[Candidate]:
    """Those of one kind that the ticket may mean, the plainest first, then by id. Empty: it names none of them."""
    heard = text.casefold()
    pool = list(resources)
    systems = {_system(resource) for resource in pool}
    named_systems = frozenset(system for system in systems if _is_named(system, heard))
    named = {resource.id for resource in pool if _names(resource, heard)}
    scored = [
        Candidate(resource, _relevance(resource, named, named_systems))
        for resource in pool
        if (resource.id in named or not named)
        and (_system(resource) in named_systems or not named_systems)
    ]
    return sorted(
        (candidate for candidate in scored if candidate.relevance >= OF_A_NAMED_SYSTEM),
        key=lambda candidate: (-candidate.relevance, candidate.resource.id),
    )


def _relevance(resource: Resource, named: set[str], named_systems: frozenset[str]) -> int:
    own = _system(resource)
    return (
        NAMED * (resource.id in named)
        + OF_A_NAMED_SYSTEM * (own in named_systems)
        + TOWARDS_A_NAMED_SYSTEM * _points_to(resource, named_systems - {own})
    )


def _points_to(resource: Resource, systems: frozenset[str]) -> bool:
    """Whether a text of the resource, its description for example, names one of the systems as a word."""
    texts = [phrase(fact.value) for fact in resource.facts if isinstance(fact.value, str)]
    return any(phrase(system) in text for system in systems for text in texts)


def _names(resource: Resource, heard: str) -> bool:
    """Whether one of its own names or addresses is in the text; people also write the native id (`shop/web`)."""
    own = resource.name.casefold()
    local = own.removeprefix(f"{_system(resource)} ")
    native = resource.id.split(":", 3)[-1].casefold()
    addresses = resource.value("addresses")
    listed = (
        [str(a).split("/")[0].casefold() for a in addresses] if isinstance(addresses, list) else []
    )
    return any(
        _is_named(name, heard)
        for name in (own, local, native, *listed)
        if name != _system(resource) or not resource.parent
    )


def _system(resource: Resource) -> str:
    """The name of what the resource belongs to; a resource at the top belongs to itself."""
    if resource.parent is None:
        return resource.name.casefold()
    try:
        return ResourceId.parse(resource.parent).native.casefold()
    except Invalid:
        return resource.parent.casefold()


def _is_named(name: str, heard: str) -> bool:
    if len(name) < SHORTEST_NAME or name not in heard:
        return False
    return re.search(rf"(?<![\w/.-]){re.escape(name)}(?![\w/-]|\.\w)", heard) is not None
