"""Two diagnoses of one ticket: the offline one, whose every step can be followed, and a model's. What stands? Pure.

The model may veto automation and never earn it: where the two disagree the plan stays the one that was confirmed by
reads, and how sure it is falls by as much as the model is sure of something else; where they agree the less sure of the
two counts. What the model alone proposes is a plan that nothing confirmed, which a person has to approve.
"""

from typing import TypeVar

from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.plans import Plan

Item = TypeVar("Item")


def joined(offline: Diagnosis, model: Diagnosis) -> Diagnosis:
    """The diagnosis that stands, and what the other one says."""
    if model.cause is None:
        return _noted(offline, "The model knows no cause.").replaced(
            confidence=_least(offline.confidence, model.confidence)
        )
    if offline.cause is None:
        return model.replaced(
            plan=model.plan.replaced(confirmed=False),
            unknowns=_together(model.unknowns, offline.unknowns),
        )
    if _same(offline.plan, model.plan):
        return offline.replaced(
            summary=model.summary,
            confidence=_least(offline.confidence, model.confidence),
            evidence=_together(offline.evidence, model.evidence),
            unknowns=_together(offline.unknowns, model.unknowns),
            resolver=f"{offline.resolver}, {model.resolver}",
        )
    return offline.replaced(
        confidence=_least(offline.confidence, 1.0 - model.confidence),
        unknowns=_together(
            (f"The model sees it otherwise: {model.cause} {_told(model.plan)}".rstrip(),),
            offline.unknowns,
        ),
        resolver=f"{offline.resolver}, {model.resolver}",
    )


def alone(offline: Diagnosis, why: str) -> Diagnosis:
    """The offline diagnosis, where the model had no part in it; `why` in a sentence."""
    return _noted(offline, f"Without the model: {why}")


def _noted(diagnosis: Diagnosis, note: str) -> Diagnosis:
    return diagnosis.replaced(unknowns=_together(diagnosis.unknowns, (note,)))


def _same(left: Plan, right: Plan) -> bool:
    return left.has_hashes and right.has_hashes and left.content_hash == right.content_hash


def _told(plan: Plan) -> str:
    """What a plan would do, in a few words; empty for nothing."""
    told = ", ".join(f"{action.operation} on {action.target}" for action in plan.actions)
    return f"It would do {told}." if told else "It would do nothing."


def _least(one: float, other: float) -> float:
    return round(max(0.0, min(one, other)), 3)


def _together(first: tuple[Item, ...], second: tuple[Item, ...]) -> tuple[Item, ...]:
    """Both, each thing once."""
    return (*first, *(one for one in second if one not in first))
