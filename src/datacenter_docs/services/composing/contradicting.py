"""The section of contradictions: every declared rule that is broken between two things, with both facts."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from datacenter_docs.domain import citing
from datacenter_docs.domain.citing import Words
from datacenter_docs.domain.contradiction_rules import BY_RELATION, COMPARED, CONTRADICTION_RULES
from datacenter_docs.domain.contradictions import (
    Contradiction,
    ContradictionRule,
    contradictions_of,
)
from datacenter_docs.domain.drift_pages import (
    ContradictionRow,
    ContradictionsPage,
    ContradictionTable,
)
from datacenter_docs.domain.observed import CitedFact
from datacenter_docs.domain.relations import Relation
from datacenter_docs.domain.speaking import label
from datacenter_docs.ports.estate import EstateReader
from datacenter_docs.services.describing import Named, named, proofs

ROWS = 200
"""Contradictions that are listed under a rule."""
_BUNCH = 500


async def found_between(
    estate: EstateReader, relations: Iterable[Relation], at: datetime | None = None
) -> Sequence[Contradiction]:
    """The contradictions between the ends of relations."""
    compared = [relation for relation in relations if relation.rule in COMPARED]
    found: list[Contradiction] = []
    for start in range(0, len(compared), _BUNCH):
        some = compared[start : start + _BUNCH]
        ids = {end for relation in some for end in (relation.left, relation.right)}
        resources = await estate.get_all(sorted(ids), at)
        for relation in some:
            found += contradictions_of(relation, resources, BY_RELATION[relation.rule])
    return found


async def found_everywhere(
    estate: EstateReader, at: datetime | None = None
) -> Sequence[Contradiction]:
    """All of them, by a walk over all relations."""
    found: list[Contradiction] = []
    async for relations in estate.walk_relations(at):
        found += await found_between(estate, relations, at)
    return found


def members(found: Collection[Contradiction]) -> tuple[str, ...]:
    """The ids of the things that contradict another one, in order."""
    return tuple(sorted({fact.resource_id for one in found for fact in (one.left, one.right)}))


async def compose(
    estate: EstateReader, found: Collection[Contradiction], at: datetime | None = None
) -> ContradictionsPage:
    """The section, the rules in the order in which they are declared."""
    resources = await estate.get_all(members(found), at)
    tables = (
        _table(rule, [one for one in found if one.rule is rule], resources)
        for rule in CONTRADICTION_RULES.values()
    )
    return ContradictionsPage(tuple(table for table in tables if table.rows))


def _table(
    rule: ContradictionRule, found: Iterable[Contradiction], resources: Named
) -> ContradictionTable:
    ordered = sorted(found, key=lambda one: (one.left.id, one.right.id))
    rows = (_row(one, resources) for one in ordered[:ROWS])
    return ContradictionTable(
        says=Words(rule.says),
        left=Words(f"{label(rule.left.kind)}: {label(rule.left.attribute)}"),
        right=Words(f"{label(rule.right.kind)}: {label(rule.right.attribute)}"),
        rows=tuple(rows),
        cut=len(ordered) > ROWS,
    )


def _row(one: Contradiction, resources: Named) -> ContradictionRow:
    def said(fact: CitedFact) -> tuple[citing.Cite, citing.Cite]:
        return named(resources[fact.resource_id]), citing.cited(fact)

    return ContradictionRow(*said(one.left), *said(one.right), proofs(one.relation))
