"""From a thing to what is related to it, among things that were read live, by the declared rules of relations.

The rules say which facts give which keys; two things with the same key at opposite ends are related. So nothing that was
remembered is needed, and nothing stale can mislead. Two steps are no such rules, since they are clues and no identities: a
port whose description names the other thing, and a network that has room for two addresses.
"""

import ipaddress
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

from datacenter_docs.adapters.reasoning.live_reads import LiveReads, Place
from datacenter_docs.domain.estate import Resource
from datacenter_docs.domain.evaluating import Others
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.observed import NAME, PARENT
from datacenter_docs.domain.related import (
    DESCRIBED,
    HEARD_ON,
    SAME_HOST,
    SAME_NETWORK,
    Related,
    in_order,
)
from datacenter_docs.domain.relation_keys import Stated
from datacenter_docs.domain.relation_rules import ends_of
from datacenter_docs.domain.relations import CROWD, End, Side
from datacenter_docs.domain.runbooks import Runbook
from datacenter_docs.domain.words import phrase

TOLD_BY: Mapping[str, tuple[str, str]] = {"linked": ("network", "neighbour")}
"""Rules whose relations are told by a third kind of thing."""
OPPOSITE = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, Side.EITHER: Side.EITHER}
FEW_ADDRESSES = 4
"""A network of at most so many addresses joins two ports and no more."""


class Steps:
    """Takes steps over the reads of one ticket."""

    def __init__(self, reads: LiveReads) -> None:
        self._reads = reads
        self._joined: dict[tuple[str, Place], _Joints] = {}

    async def others(self, runbook: Runbook, target: Resource) -> Others:
        """Everything that a runbook calls related, by its name."""
        found: dict[str, Sequence[Resource]] = {}
        for step in in_order(runbook.related):
            starts = found[step.of] if step.of else [target]
            met = {one.id: one for start in starts for one in await self._follow(step, start)}
            found[step.name] = [met[key] for key in sorted(met)]
        return found

    async def _follow(self, step: Related, start: Resource) -> Sequence[Resource]:
        place = step.platform, step.kind
        pool = [one for one in await self._reads.of(*place) if one.id != start.id]
        for rule in step.by:
            ids = await self._by(rule, start, pool, place)
            met = [one for one in pool if one.id in ids]
            if met:
                return met
        return ()

    async def _by(
        self, rule: str, start: Resource, pool: Sequence[Resource], place: Place
    ) -> Set[str]:
        if rule in CLUES:
            return {one.id for one in pool if CLUES[rule](start, one) or CLUES[rule](one, start)}
        return (await self._joints(rule, place)).met(start.id, _ends_of(start, rule))

    async def _joints(self, rule: str, place: Place) -> "_Joints":
        """Made once for all starts: a large estate has many ends."""
        if (rule, place) not in self._joined:
            told_by = [place, *([TOLD_BY[rule]] if rule in TOLD_BY else [])]
            pools = [await self._reads.of(*one) for one in told_by]
            self._joined[rule, place] = _Joints(
                end for pool in pools for one in pool for end in _ends_of(one, rule)
            )
        return self._joined[rule, place]


class _Joints:
    """Ends of relations by one rule, by their key and by whose they are."""

    def __init__(self, ends: Iterable[End]) -> None:
        self._at: defaultdict[tuple[Side, str], set[str]] = defaultdict(set)
        self._of: defaultdict[str, set[tuple[Side, str]]] = defaultdict(set)
        for end in ends:
            self._at[end.side, end.key].add(end.of)
            self._of[end.of].add((end.side, end.key))

    def met(self, start: str, own: Sequence[End]) -> Set[str]:
        """What is joined to a thing, whose own ends may be among these or not. What a crowd shares joins nobody."""
        held = {(end.side, end.key) for end in own if end.of == start}
        met = {*self._owners(Side.POINTER, start, own)}
        for side, key in held | self._of.get(start, set()):
            if side is Side.POINTER:
                met.add(key)
                continue
            far = self._owners(OPPOSITE[side], key, own)
            met |= far if len(far) <= CROWD else set()
        return met

    def _owners(self, side: Side, key: str, own: Sequence[End]) -> Set[str]:
        """Whose ends have this key, on this side."""
        stated = {end.of for end in own if end.side is side and end.key == key}
        return stated | self._at.get((side, key), set())


def _ends_of(resource: Resource, rule: str) -> Sequence[End]:
    return tuple(ends_of(resource.id, _stated(resource), rule))


def _stated(resource: Resource) -> Stated:
    facts = {fact.attribute: fact.value for fact in resource.facts}
    return {**facts, NAME: resource.name, PARENT: resource.parent}


def _describes(port: Resource, other: Resource) -> bool:
    """Whether the description of a port names the other thing: a port by its device, and by itself where it says so."""
    said = port.value("description")
    if port.kind != "interface" or not isinstance(said, str):
        return False
    heard, (system, _, local) = phrase(said), _called(other)
    if phrase(system) not in heard:
        return False
    if other.kind != "interface":
        return True
    back = other.value("description")
    mutual = isinstance(back, str) and phrase(_called(port)[0]) in phrase(back)
    return phrase(local) in heard if _names_a_port(said) else mutual


def _called(resource: Resource) -> tuple[str, str, str]:
    """The name of its system, a separator, and its own within it; a thing at the top is its own system."""
    if resource.kind != "interface":
        return resource.name.partition(".")[0], "", resource.name
    return ResourceId.parse(resource.id).native.partition("/")


def _names_a_port(description: str) -> bool:
    """Whether a word of letters and digits follows the first one: `to sw1 eth7`."""
    coded = [word for word in description.split() if any(c.isdigit() for c in word)]
    return len(coded) > 1


def _is_heard_on(neighbour: Resource, port: Resource) -> bool:
    said = neighbour.value("interface")
    if neighbour.kind != "neighbour" or port.kind != "interface" or not isinstance(said, str):
        return False
    return neighbour.parent == port.parent and port.id.endswith(f"/{said}")


def _is_of_host(service: Resource, hypervisor: Resource) -> bool:
    said = service.value("host")
    return isinstance(said, str) and bool(said) and said == hypervisor.name


def _share_a_network(one: Resource, other: Resource) -> bool:
    return bool(_small_networks(one) & _small_networks(other))


def _small_networks(port: Resource) -> Set[str]:
    return set(_networks(port.value("addresses")))


def _networks(addresses: object) -> Iterator[str]:
    for text in addresses if isinstance(addresses, list) else ():
        try:
            network = ipaddress.ip_interface(str(text)).network
        except ValueError:
            continue
        if 1 < network.num_addresses <= FEW_ADDRESSES:
            yield str(network)


CLUES: Mapping[str, Callable[[Resource, Resource], bool]] = {
    DESCRIBED: _describes,
    SAME_NETWORK: _share_a_network,
    HEARD_ON: _is_heard_on,
    SAME_HOST: _is_of_host,
}
"""Steps that are no declared relations, tried from both sides."""
