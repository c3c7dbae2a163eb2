"""The section of dependencies: on what most others stand, and every rule of relations with its number and examples."""

from collections.abc import Sequence
from datetime import datetime

from datacenter_docs.domain.citing import Words
from datacenter_docs.domain.drift_pages import DependenciesPage, RelationTable
from datacenter_docs.domain.reckonings import Reckoned, Reckoning
from datacenter_docs.domain.relation_rules import RULES
from datacenter_docs.domain.relations import Needs, Relation
from datacenter_docs.domain.speaking import label
from datacenter_docs.domain.web import Strand, Web
from datacenter_docs.ports.estate import EstateReader
from datacenter_docs.services.describing import Named, named, proofs

MOST_NEEDED = 25
EXAMPLES = 5
_NEEDS = {
    Needs.NOBODY: "Neither needs the other one for this.",
    Needs.LEFT: "The first one needs the second one.",
    Needs.RIGHT: "The second one needs the first one.",
    Needs.EACH: "Each needs the other one.",
}


async def compose(estate: EstateReader, web: Web, at: datetime | None = None) -> DependenciesPage:
    """The section of these relations, which hold at that time (None: now)."""
    needed = web.most_needed(MOST_NEEDED)
    shown = {rule: web.examples(rule, EXAMPLES) for rule, _ in web.numbers()}
    strands = [strand for some in shown.values() for strand in some]
    ids = {end for strand in strands for end in (strand.left, strand.right)}
    resources = await estate.get_all(sorted({*ids, *(one for one, _ in needed)}), at)
    proven = await _proven(estate, strands, at)
    return DependenciesPage(
        most=tuple(
            (named(resources[one]), Words(label(resources[one].kind)), Reckoning(Reckoned.NEEDED, one).cite(number))
            for one, number in needed
            if one in resources
        ),
        tables=tuple(
            RelationTable(
                words=Words(RULES[rule].words),
                needs=Words(_NEEDS[RULES[rule].needs]),
                number=Reckoning(Reckoned.RELATIONS, rule).cite(number),
                examples=tuple(
                    (named(resources[one.left]), Words(RULES[rule].words), named(resources[one.right]), proofs(one))
                    for one in (proven[strand] for strand in shown[rule] if strand in proven)
                    if _known(one, resources)
                ),
            )
            for rule, number in web.numbers()
        ),
    )  # fmt: skip


async def _proven(
    estate: EstateReader, strands: Sequence[Strand], at: datetime | None
) -> dict[Strand, Relation]:
    """The strands with their proofs."""
    lefts = {strand.left for strand in strands}
    relations = await estate.related(lefts, {strand.rule for strand in strands}, at)
    found = {Strand(one.rule, one.left, one.right): one for one in relations}
    return {strand: found[strand] for strand in strands if strand in found}


def _known(relation: Relation, resources: Named) -> bool:
    return relation.left in resources and relation.right in resources
