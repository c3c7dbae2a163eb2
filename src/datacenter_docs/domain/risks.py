"""What endangers the estate, by declared rules over single resources. Pure; the rules are in `risk_rules.py`.

A rule says something only where every fact that it needs is known: not knowing is a gap, which the coverage tells, and
no risk.
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeGuard

from datacenter_docs.domain.changes import same
from datacenter_docs.domain.observed import CitedFact, FactValue, ObservedResource


class Severity(StrEnum):
    """How bad it is, worst first: something does not work, it will soon, it may one day."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Comparison(StrEnum):
    """How a fact is compared. `below` and `above` are strict; only numbers are ever below or above."""

    IS = "is"
    IS_NOT = "is_not"
    BELOW = "below"
    ABOVE = "above"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class OfFact:
    """The other side of a comparison: another fact of the same resource, times something."""

    attribute: str
    times: float = 1.0


@dataclass(frozen=True, slots=True)
class Criterion:
    """A comparison of one fact with a value or with another fact."""

    attribute: str
    comparison: Comparison
    against: FactValue | OfFact


def is_(attribute: str, value: FactValue) -> Criterion:
    """The fact is exactly this."""
    return Criterion(attribute, Comparison.IS, value)


def is_not(attribute: str, value: FactValue) -> Criterion:
    """The fact is known, and something else."""
    return Criterion(attribute, Comparison.IS_NOT, value)


def below(attribute: str, value: float | OfFact) -> Criterion:
    """The fact is less than this."""
    return Criterion(attribute, Comparison.BELOW, value)


def above(attribute: str, value: float | OfFact) -> Criterion:
    """The fact is more than this."""
    return Criterion(attribute, Comparison.ABOVE, value)


def at_least(attribute: str, value: float | OfFact) -> Criterion:
    """The fact is this or more."""
    return Criterion(attribute, Comparison.AT_LEAST, value)


@dataclass(frozen=True, slots=True)
class RiskRule:
    """A rule. All `criteria` must hold. `says`: a sentence without any number, since the facts beside it have them; `why`: what
    may come of it.
    """

    name: str
    platform: str
    kind: str
    severity: Severity
    criteria: tuple[Criterion, ...]
    says: str
    why: str


def risk_rule(
    platform: str,
    name: str,
    kind: str,
    severity: Severity,
    *criteria: Criterion,
    says: str,
    why: str,
) -> RiskRule:
    """A rule, as the lists of platforms write it."""
    return RiskRule(name, platform, kind, severity, criteria, says, why)


@dataclass(frozen=True, slots=True)
class Risk:
    """A rule that applies to a resource, with the facts that say so."""

    rule: RiskRule
    resource_id: str
    facts: tuple[CitedFact, ...]


def risks_of(resource: ObservedResource, rules: Sequence[RiskRule]) -> Iterator[Risk]:
    """The risks of one resource, in the order of the rules; one that is gone has none."""
    if resource.vanished_at is not None:
        return
    for rule in rules:
        if (rule.platform, rule.kind) != (resource.platform, resource.kind):
            continue
        if all(_holds(criterion, resource) for criterion in rule.criteria):
            yield Risk(rule, resource.id, tuple(_facts(rule, resource)))


def _holds(criterion: Criterion, resource: ObservedResource) -> bool:
    seen = resource.value(criterion.attribute)
    wanted = criterion.against
    if isinstance(wanted, OfFact):
        other = resource.value(wanted.attribute)
        wanted = other * wanted.times if is_number(other) else None
    if seen is None or wanted is None:
        return False
    if criterion.comparison in (Comparison.IS, Comparison.IS_NOT):
        return same(seen, wanted) is (criterion.comparison is Comparison.IS)
    if not (is_number(seen) and is_number(wanted)):
        return False
    return _ORDER[criterion.comparison](seen, wanted)


_ORDER: Mapping[Comparison, Callable[[float, float], bool]] = {
    Comparison.BELOW: operator.lt,
    Comparison.ABOVE: operator.gt,
    Comparison.AT_LEAST: operator.ge,
}


def is_number(value: FactValue) -> TypeGuard[int | float]:
    """Whether a fact is a number; a truth value is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _facts(rule: RiskRule, resource: ObservedResource) -> Iterator[CitedFact]:
    names = [criterion.attribute for criterion in rule.criteria]
    names += [
        criterion.against.attribute
        for criterion in rule.criteria
        if isinstance(criterion.against, OfFact)
    ]
    for name in dict.fromkeys(names):
        fact = resource.fact(name)
        if fact is not None:
            yield fact
