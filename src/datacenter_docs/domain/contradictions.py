"""Where two sources disagree about the same thing, by declared rules over relations. Pure; the rules are in
`contradiction_rules.py`.

A rule says something only where both facts are known: not knowing contradicts nobody.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from datacenter_docs.domain.changes import same
from datacenter_docs.domain.observed import CitedFact, FactValue, ObservedResource
from datacenter_docs.domain.relations import Relation
from datacenter_docs.domain.risks import is_number

Agrees = Callable[[FactValue, FactValue], bool]
"""Whether two known values go together."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared at one end: an attribute of a kind."""

    platform: str
    kind: str
    attribute: str


@dataclass(frozen=True, slots=True)
class ContradictionRule:
    """A rule over the two ends of one `relation`. `says`: a sentence without any number, since the facts beside it have them."""

    name: str
    relation: str
    left: Compared
    right: Compared
    agrees: Agrees
    says: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A rule that is broken between two things, with the fact of each, and those that prove that the two are related."""

    rule: ContradictionRule
    left: CitedFact
    right: CitedFact
    relation: Relation


def equal(left: FactValue, right: FactValue) -> bool:
    """The same value; numbers by their size alone."""
    if is_number(left) and is_number(right):
        return left == right
    return same(left, right)


def about(times: float, tolerance: float) -> Agrees:
    """The left number is the right one `times` something, but for a part of it (0..1): different units, and what each side
    keeps for itself. Anything but numbers agrees.
    """

    def agrees(left: FactValue, right: FactValue) -> bool:
        if not (is_number(left) and is_number(right)):
            return True
        wanted = right * times
        return abs(left - wanted) <= tolerance * abs(wanted)

    return agrees


def at_most(times: float) -> Agrees:
    """The left number is not more than the right one `times` something. Anything but numbers agrees."""

    def agrees(left: FactValue, right: FactValue) -> bool:
        return not (is_number(left) and is_number(right)) or left <= right * times

    return agrees


def implies(left: Sequence[FactValue], right: Sequence[FactValue]) -> Agrees:
    """Where the left value is one of these, the right one is one of those."""

    def agrees(one: FactValue, other: FactValue) -> bool:
        return not any(same(one, value) for value in left) or any(
            same(other, value) for value in right
        )

    return agrees


def contradictions_of(
    relation: Relation,
    resources: Mapping[str, ObservedResource],
    rules: Sequence[ContradictionRule],
) -> Iterator[Contradiction]:
    """The rules that a relation breaks, in their order. A thing that is gone, or not among `resources`, contradicts nobody."""
    left, right = resources.get(relation.left), resources.get(relation.right)
    if left is None or right is None or left.vanished_at or right.vanished_at:
        return
    for rule in rules:
        one, other = _fact(left, rule.left), _fact(right, rule.right)
        if one is not None and other is not None and not rule.agrees(one.value, other.value):
            yield Contradiction(rule, one, other, relation)


def _fact(resource: ObservedResource, end: Compared) -> CitedFact | None:
    """The fact that is compared; None: it is another kind of thing, or the value is not known."""
    if (end.platform, end.kind) != (resource.platform, resource.kind):
        return None
    fact = resource.fact(end.attribute)
    return None if fact is None or fact.value is None else fact
