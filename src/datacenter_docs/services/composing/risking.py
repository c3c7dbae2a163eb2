"""The section of risks: every declared rule that applies to something, the worst first."""

from collections.abc import Sequence

from datacenter_docs.domain import citing
from datacenter_docs.domain.citing import Words
from datacenter_docs.domain.derivations import Derivation, Recipe
from datacenter_docs.domain.documents import RiskRow, RisksPage, RiskTable
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.risk_rules import RISK_RULES
from datacenter_docs.domain.risks import RiskRule, Severity, risks_of
from datacenter_docs.domain.speaking import label
from datacenter_docs.domain.tally import Tally
from datacenter_docs.services.describing import named
from datacenter_docs.services.remembering import Known

ROWS = 200
"""Resources that are listed under a rule; the number beside it counts all."""


async def compose(estate: Known, tally: Tally) -> RisksPage:
    """The section as it is now; within a severity in the order in which the rules are declared."""
    order = list(Severity)
    rules = sorted(RISK_RULES.values(), key=lambda rule: order.index(rule.severity))
    found = [await _table(estate, tally, rule) for rule in rules]
    return RisksPage(tables=tuple(table for table in found if table is not None))


async def _table(estate: Known, tally: Tally, rule: RiskRule) -> RiskTable | None:
    numbers = [d for d, _ in tally.numbers(Recipe.RISKS, rule.platform) if d.risk == rule.name]
    if not numbers:
        return None
    ids = [one for derivation in numbers for one in tally.endangered(derivation)]
    resources = await estate.get_all(ids[:ROWS])
    every = Derivation(Recipe.RISKS, rule.platform, rule.kind, risk=rule.name)
    return RiskTable(
        severity=Words(rule.severity),
        kind=Words(label(rule.kind)),
        says=Words(rule.says),
        why=Words(rule.why),
        total=every.cite(len(ids)),
        rows=tuple(
            row for one in ids[:ROWS] if one in resources for row in _rows(resources[one], rule)
        ),
        more=every.cite(len(ids)) if len(ids) > ROWS else None,
    )


def _rows(resource: ObservedResource, rule: RiskRule) -> Sequence[RiskRow]:
    return [
        RiskRow(
            name=named(resource),
            facts=tuple((Words(label(fact.attribute)), citing.cited(fact)) for fact in risk.facts),
        )
        for risk in risks_of(resource, [rule])
    ]
