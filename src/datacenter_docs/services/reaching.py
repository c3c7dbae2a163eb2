"""How far it would reach if a thing were gone: what stands on it, and what stands on that, as the rules of relations say.

It errs on the side of more: nobody says here whether a second link or a second host would step in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from datacenter_docs.domain.relation_rules import RULES
from datacenter_docs.domain.relations import Needs, Relation
from datacenter_docs.domain.web import needed_by
from datacenter_docs.ports.estate import EstateReader

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


async def reach(estate: EstateReader, resource_id: str, at: datetime | None = None) -> Reach:
    """What would be affected if the resource were gone. Circles end where they began."""
    met = {resource_id}
    affected: list[Affected] = []
    edge = [resource_id]
    for steps in range(1, FARTHEST + 1):
        relations = await estate.related(edge, DEPENDENT, at)
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
    beyond = await estate.related(edge, DEPENDENT, at)
    more = any(one.resource_id not in met for one in _next(beyond, set(edge), FARTHEST + 1))
    return Reach(affected, cut=more)


def _next(relations: Sequence[Relation], edge: set[str], steps: int) -> Iterator[Affected]:
    """Who needs something of the edge."""
    for relation in relations:
        for needed in needed_by(relation):
            if needed in edge:
                other = relation.left if needed == relation.right else relation.right
                yield Affected(other, needed, relation, steps)
