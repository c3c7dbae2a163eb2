"""Relations by comparing everything with everything: slow, and easy to believe."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.relation_rules import ends_of
from datacenter_docs.domain.relations import CROWD, Crowd, End, Relation, Side


def related(present: Sequence[ObservedResource]) -> Sequence[Relation]:
    """All relations between these, in the order of rule, left, right."""
    ids = {one.id for one in present}
    ends = [(end, fact) for end, fact in _ends(present) if end.of in ids]
    crowded = {key for key, members in _sharing(ends).items() if members > CROWD}
    right: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for end, fact in ends:
        if end.side in (Side.RIGHT, Side.EITHER) and (end.rule, end.key) not in crowded:
            right[end.rule, end.key].append((end.of, fact))
    found: dict[tuple[str, str, str], Relation] = {}
    for end, fact in sorted(ends):
        for other, proofs in _others(end, fact, ids, right):
            relation = Relation(end.rule, end.of, other, proofs)
            found.setdefault((end.rule, end.of, other), relation)
    return [found[key] for key in sorted(found)]


def crowds(present: Sequence[ObservedResource]) -> Sequence[Crowd]:
    """Keys that too many of these share."""
    sharing = _sharing(_ends(present))
    found = [Crowd(rule, key, n) for (rule, key), n in sharing.items() if n > CROWD]
    return sorted(found, key=lambda crowd: (-crowd.members, crowd.rule, crowd.key))[:100]


def _ends(present: Iterable[ObservedResource]) -> Iterator[tuple[End, str]]:
    """Every end, with the id of the fact that proves it."""
    for resource in present:
        stated = {name: value for name, (value, _) in resource.stated.values.items()}
        for end in ends_of(resource.id, stated):
            fact = resource.fact(end.attribute)
            assert fact is not None
            yield end, fact.id


def _sharing(ends: Iterable[tuple[End, str]]) -> Mapping[tuple[str, str], int]:
    members: dict[tuple[str, str], set[str]] = defaultdict(set)
    for end, _ in ends:
        if end.side in (Side.RIGHT, Side.EITHER):
            members[end.rule, end.key].add(end.of)
    return {key: len(of) for key, of in members.items()}


def _others(
    end: End,
    fact: str,
    ids: set[str],
    right: Mapping[tuple[str, str], Sequence[tuple[str, str]]],
) -> Iterator[tuple[str, tuple[str, ...]]]:
    if end.side is Side.POINTER and end.key in ids and end.key != end.of:
        yield end.key, (fact,)
    if end.side not in (Side.LEFT, Side.EITHER):
        return
    for other, other_fact in sorted(right.get((end.rule, end.key), ())):
        if other == end.of or (end.side is Side.EITHER and not _elsewhere(end.of, other)):
            continue
        yield other, (fact, other_fact)


def _elsewhere(one: str, other: str) -> bool:
    """Whether these are of different connections, in this order: what one connection shows twice is two things."""
    return one < other and one.split(":")[1] != other.split(":")[1]
