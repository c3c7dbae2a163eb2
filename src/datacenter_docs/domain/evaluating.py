"""What the reads say about a runbook: whether a candidate is this trouble, and the action that would help. Pure.

Called by the resolver, which brings the resources; `runbooks.py` has the form of a runbook, and when one is considered.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from datacenter_docs.domain import conditions
from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.conditions import Condition
from datacenter_docs.domain.diagnosis import Evidence
from datacenter_docs.domain.estate import Resource
from datacenter_docs.domain.runbooks import FromFact, Runbook
from datacenter_docs.domain.values import Scalar

FULL_CONFIDENCE = 0.95
"""What a runbook is sure of when every condition was confirmed: never 1, since it cannot see what nobody wrote into it."""
Others = Mapping[str, Sequence[Resource]]
"""The related things that were found, by the name that the runbook gives them."""
NONE_ELSE: Others = {}


class Evaluation(NamedTuple):
    """What the reads of one candidate say. `fits` False: a required condition failed, or it is another trouble, so it is no
    candidate, and `because` is the sentence. `seen`: what it was judged by; key `resource#attribute`.
    """

    fits: bool
    passed: tuple[Evidence, ...]
    failed: tuple[Evidence, ...]
    confidence: float
    because: str = ""
    seen: Mapping[str, Scalar | list[Scalar]] = {}


def evaluate(runbook: Runbook, resource: Resource, others: Others = NONE_ELSE) -> Evaluation:
    """Test all conditions on one candidate, and on what is related to it.

    Confidence (0..1) is `FULL_CONFIDENCE` times the share of conditions that the reads confirmed, and 0 when it does
    not fit.
    """
    passed: list[Evidence] = []
    failed: list[Evidence] = []
    because = ""
    for condition in runbook.conditions:
        about, holds = _tested(condition, resource, others)
        if not holds and condition.required:
            because = because or condition.otherwise
        (passed if holds else failed).append(_evidence(condition, about or resource, holds=holds))
    for condition in runbook.unless:
        about, holds = _tested(condition, resource, others)
        if holds and about:
            because = because or condition.says
            failed.append(_evidence(condition, about, holds=True).replaced(supports=False))
    share = len(passed) / len(runbook.conditions)
    confidence = 0.0 if because else FULL_CONFIDENCE * share
    seen = dict(_seen(runbook, resource, others))
    return Evaluation(not because, tuple(passed), tuple(failed), confidence, because, seen)


def ruled_out(runbook: Runbook, resource: Resource) -> bool:
    """Whether the candidate's own facts are enough to say that it is not this trouble."""
    own = [
        one for one in runbook.conditions if one.required and not one.of and one.growing is None
    ]
    refuting = [one for one in runbook.unless if not one.of]
    return not all(conditions.holds(one, resource) for one in own) or any(
        conditions.holds(one, resource) for one in refuting
    )


def watched(runbook: Runbook) -> frozenset[str]:
    """The attributes of the target that have to be read twice."""
    return frozenset(one.attribute for one in runbook.conditions if one.growing is not None)


def _tested(
    condition: Condition, resource: Resource, others: Others
) -> tuple[Resource | None, bool]:
    """Which thing it was tested on, and whether it holds: of several related things one will do. None: there is none."""
    things = [resource] if not condition.of else others.get(condition.of, ())
    for thing in things:
        if conditions.holds(condition, thing):
            return thing, True
    return next(iter(things), None), False


def _seen(
    runbook: Runbook, resource: Resource, others: Others
) -> Iterator[tuple[str, Scalar | list[Scalar]]]:
    asked = [(one.of, one.attribute) for one in (*runbook.conditions, *runbook.unless)]
    asked += [(one.of, one.attribute) for one in runbook.context]
    for of, attribute in asked:
        for thing in others.get(of, ()) if of else [resource]:
            yield f"{thing.id}#{attribute}", thing.value(attribute)


def suggested_action(
    runbook: Runbook, resource: Resource, others: Others = NONE_ELSE
) -> Action | None:
    """The action that a runbook suggests for a candidate, without a look. None: it suggests none, or a fact that it needs is
    not known, or no number where one is needed, or it is not one thing alone that it is for.
    """
    suggestion = runbook.suggests
    if suggestion is None:
        return None
    if suggestion.on:
        meant = others.get(suggestion.on, ())
        if len(meant) != 1:
            return None
        resource = meant[0]
    parameters: dict[str, Scalar | list[Scalar]] = {}
    for name, wanted in suggestion.parameters.items():
        if isinstance(wanted, FromFact):
            wanted = _computed(wanted, resource.value(wanted.fact))
        if wanted is None:
            return None
        parameters[name] = wanted
    return Action(
        operation=suggestion.operation,
        target=resource.id,
        parameters=parameters,
        why=runbook.why,
    )


def _computed(wanted: FromFact, fact: Scalar | list[Scalar]) -> int | str | None:
    if isinstance(fact, str) and wanted.is_plain:
        return fact
    if not isinstance(fact, int | float) or isinstance(fact, bool):
        return None
    try:
        return math.ceil(fact * wanted.times / wanted.multiple_of) * wanted.multiple_of
    except (OverflowError, ValueError):  # infinite, NaN, or beyond what a float holds
        return None


def _evidence(condition: Condition, resource: Resource, *, holds: bool) -> Evidence:
    return Evidence(
        statement=condition.says if holds else condition.otherwise,
        supports=holds,
        resource=resource.id,
        attribute=condition.attribute,
        value=resource.value(condition.attribute),
        source=f"{resource.source.connection}: {resource.source.tool}",
    )
