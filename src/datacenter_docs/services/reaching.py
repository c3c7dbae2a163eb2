"""How far it would reach if a thing were gone: what stands on it, and what stands on that, as the rules of relations say.

It errs on the side of more: nobody says here whether a second link or a second host would step in.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.relation_rules import RULES
from datacenter_docs.domain.relations import Needs, Relation
from datacenter_docs.domain.web import needed_by

FARTHEST = 8
"""Steps that are followed."""
MOST = 200
"""Things that are told."""
DEPENDENT = frozenset(rule.name for rule in RULES.values() if rule.needs is not Needs.NOBODY)


@dataclass(frozen=True, slots=True)
class Affected:
    """Something that would be affected: `resource_id`, since it needs `through` by this relation, so many `steps` away."""

    resource_id: str
    through: str
    relation: Relation
    steps: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What would be affected, the nearest first. `cut`: there is more."""

    affected: Sequence[Affected]
    cut: bool


class Relating(Protocol):
    """Knows the relations of things: the estate, or what was read of it at once."""

    async def related(
        self,
        resource_ids: Collection[str],
        rules: Collection[str] | None = None,
        at: datetime | None = None,
    ) -> Sequence[Relation]:
        """As `EstateReader.related`."""
        ...


class Held:
    """All relations as they are now, held in memory, for whoever asks about everything: `Relating`."""

    def __init__(self, relations: Mapping[str, Sequence[Relation]]) -> None:
        self._relations = relations

    async def related(
        self,
        resource_ids: Collection[str],
        rules: Collection[str] | None = None,
        at: datetime | None = None,
    ) -> Sequence[Relation]:
        if at is not None:
            raise AssertionError("what is held is what is so now")
        found = {
            relation: None
            for one in resource_ids
            for relation in self._relations.get(one, ())
            if rules is None or relation.rule in rules
        }
        return sorted(found, key=lambda one: (one.rule, one.left, one.right))


async def reach(relating: Relating, resource_id: str, at: datetime | None = None) -> Reach:
    """What would be affected if the resource were gone. Circles end where they began."""
    met = {resource_id}
    affected: list[Affected] = []
    edge = [resource_id]
    for steps in range(1, FARTHEST + 1):
        relations = await relating.related(edge, DEPENDENT, at)
        found = [one for one in _next(relations, set(edge), steps) if one.resource_id not in met]
        unique = {one.resource_id: one for one in reversed(found)}
        ordered = sorted(unique.values(), key=lambda one: one.resource_id)
        room = MOST - len(affected)
        affected += ordered[:room]
        if len(ordered) > room:
            return Reach(affected, cut=True)
        edge = [one.resource_id for one in ordered]
        met.update(edge)
        if not edge:
            return Reach(affected, cut=False)
    beyond = await relating.related(edge, DEPENDENT, at)
    more = any(one.resource_id not in met for one in _next(beyond, set(edge), FARTHEST + 1))
    return Reach(affected, cut=more)


async def grounds(
    relating: Relating, resource_ids: Collection[str], at: datetime | None = None
) -> Set[str]:
    """What these stand on, and what that stands on: everything whose reach may take one of them in."""
    met = set(resource_ids)
    edge = met
    for _ in range(FARTHEST):
        relations = await relating.related(sorted(edge), DEPENDENT, at)
        below = {one for each in relations for one in needed_by(each) if _other(each, one) in edge}
        edge = below - met
        met |= edge
        if not edge:
            break
    return met - set(resource_ids)


def _next(relations: Sequence[Relation], edge: set[str], steps: int) -> Iterator[Affected]:
    """Who needs something of the edge."""
    for relation in relations:
        for needed in needed_by(relation):
            if needed in edge:
                yield Affected(_other(relation, needed), needed, relation, steps)


def _other(relation: Relation, end: str) -> str:
    return relation.left if end == relation.right else relation.right
