"""The eight steps of a decision, one function each, and what they find. Called by `decision.decide` only."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from datacenter_docs.domain.matching import THRESHOLD
from datacenter_docs.domain.operations import ActionClass
from datacenter_docs.domain.patterns import Match, Standing
from datacenter_docs.domain.plans import Plan
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.reliability import Score
from datacenter_docs.domain.scrutiny import forbidden_by
from datacenter_docs.domain.values import Value


class Verdict(StrEnum):
    """`skipped`: automation is off here. `refused`: not by automation. `approval_required`: ask a person. `auto_approved`: run."""

    SKIPPED = "skipped"
    REFUSED = "refused"
    APPROVAL_REQUIRED = "approval_required"
    AUTO_APPROVED = "auto_approved"


class Gates(Value):
    """The switches outside any policy. Defaults are the safe side."""

    opted_in: bool = False
    automation_enabled: bool = False
    kill_switch_on: bool = True
    require_approval: bool = True
    min_reliability: float = 85.0


class Finding(NamedTuple):
    """One thing that a step found: the most that it leaves open, the rule's name, and the sentence."""

    verdict: Verdict
    rule: str
    sentence: str


class Trust(NamedTuple):
    """The score as a policy wants it compared, 0..100: whole or its lower bound, with and without the AI factor."""

    overall: float
    without_ai: float
    confidence: float


SKIPPED, REFUSED, ASK, AUTO = STRICTEST_FIRST = tuple(Verdict)


def points(value: float) -> float:
    """A score of 0..100; NaN and what is outside count as 0."""
    return value if 0 <= value <= 100 else 0.0


def trusted(score: Score | None, policy: Policy | None) -> Trust:
    """What a score is worth under a policy; None is worth nothing, a lower bound above the score is not believed."""
    if score is None:
        return Trust(0.0, 0.0, 0.0)
    overall, without_ai = points(score.overall_score), points(score.without_ai)
    if policy is not None and policy.use_lower_bound:
        overall = min(overall, points(score.low))
        without_ai = min(without_ai, points(score.without_ai_low))
    return Trust(overall, without_ai, points(score.ai_confidence.value))


def of_switches(gates: Gates) -> Iterator[Finding]:
    """Step 1."""
    if not gates.opted_in:
        yield Finding(SKIPPED, "off.ticket", "auto-remediation is not enabled for this ticket")
    if not gates.automation_enabled:
        yield Finding(SKIPPED, "off.global", "auto-remediation is switched off globally")
    if gates.kill_switch_on:
        yield Finding(SKIPPED, "off.kill_switch", "the kill switch is on: no new action starts")


def of_no_policy(policy: Policy | None) -> Iterator[Finding]:
    """Step 2."""
    if policy is None:
        yield Finding(ASK, "policy.none", "no enabled policy for this category: a person decides")


def of_plan(plan: Plan, policy: Policy | None) -> Iterator[Finding]:
    """Step 3, what no class can allow: the plan against the catalogue."""
    for problem in plan.problems:
        yield Finding(REFUSED, "plan", problem)
    for sentence in forbidden_by(policy, plan.actions) if policy else ():
        yield Finding(REFUSED, "policy.forbidden", sentence)
    if not plan.confirmed:
        yield Finding(
            ASK, "plan.unconfirmed", "a model alone proposes this plan: a person decides"
        )


def of_class(plan: Plan) -> Iterator[Finding]:
    """Step 3, and the part of step 7 that comes before anything else: critical always asks a person."""
    if plan.action_class is ActionClass.CRITICAL_WRITE:
        yield Finding(ASK, "critical", "a critical action always requires a person's approval")
    for found in plan.classified:
        for reason in found.reasons if found else ():
            yield Finding(ASK, "critical.raised", reason)


def of_limits(plan: Plan, policy: Policy, trust: Trust, gates: Gates) -> Iterator[Finding]:
    """Step 4: thresholds and what the policy allows automation to touch."""
    confidence = policy.min_confidence_score * 100
    if not trust.confidence >= confidence:
        yield Finding(
            REFUSED,
            "threshold.confidence",
            f"AI confidence {trust.confidence:.0f}% < {confidence:.0f}%",
        )
    minimum = _minimum(policy, gates)
    if not trust.overall >= minimum:
        yield Finding(
            REFUSED, "threshold.reliability", f"reliability {trust.overall:.1f}% < {minimum:g}%"
        )
    for action, classified in zip(plan.actions, plan.classified, strict=True):
        # Both classes: raising one must not lead from a class that is not allowed into one that is.
        for each in classified.classes if classified else ():
            if each not in policy.allowed_action_types:
                yield Finding(
                    REFUSED,
                    "policy.class",
                    f"the policy does not allow {each}: {action.operation}",
                )
        if not policy.allows_system(action.target):
            yield Finding(
                REFUSED, "policy.system", f"{action.target} is not among the allowed systems"
            )
        if policy.requires_rollback_plan and classified and not classified.undoable:
            yield Finding(
                REFUSED,
                "policy.rollback",
                f"the policy requires a rollback plan: {action.operation} on {action.target} has none",
            )


def of_pattern(
    policy: Policy, match: Match | None, standing: Standing | None
) -> Iterator[Finding]:
    """Step 6."""
    pattern = match.pattern if match else None
    if match is None or pattern is None:
        yield Finding(ASK, "pattern.unknown", "no known pattern: a person decides")
        return
    if match.uncertain or not match.similarity >= THRESHOLD:
        yield Finding(ASK, "pattern.uncertain", "the match with the known pattern is uncertain")
    if pattern.category != policy.category:
        yield Finding(ASK, "pattern.category", f"the pattern is of category {pattern.category}")
    if standing is None or not standing.eligible or pattern.automation_forbidden:
        missing = "; ".join(standing.missing if standing else ()) or "its standing is not known"
        yield Finding(ASK, "pattern.not_eligible", f"the pattern is not eligible: {missing}")
    if pattern.resolved < policy.min_similar_tickets:
        yield Finding(
            ASK,
            "pattern.too_few",
            f"{pattern.resolved} similar tickets resolved, the policy wants {policy.min_similar_tickets}",
        )
    rate = pattern.positive_feedback_rate
    if not (rate or 0.0) >= policy.min_positive_feedback_rate:
        yield Finding(
            ASK,
            "pattern.feedback",
            f"positive feedback {rate or 0.0:.0%} < {policy.min_positive_feedback_rate:.0%}",
        )


def of_approval(
    policy: Policy, trust: Trust, match: Match | None, gates: Gates
) -> Iterator[Finding]:
    """Step 7, after `of_class`: the threshold; then what the policy says."""
    executions = match.pattern.executions if match and match.pattern else 0
    if executions < policy.supervised_occurrences:
        yield Finding(
            ASK,
            "supervised",
            f"{executions} executions seen, the first {policy.supervised_occurrences} are supervised",
        )
    yield _by_score(policy, trust, gates)


def _by_score(policy: Policy, trust: Trust, gates: Gates) -> Finding:
    threshold = policy.auto_approve_threshold
    if threshold is None:
        return Finding(ASK, "policy.never", "the policy never approves without a person")
    if trust.overall >= threshold and _earned(policy, trust, threshold):
        return Finding(
            AUTO,
            "auto.threshold",
            f"Auto-approved: reliability {trust.overall:.1f}% >= {threshold:g}%",
        )
    if policy.requires_approval or gates.require_approval:
        why = (
            f"reliability {trust.overall:.1f}% < {threshold:g}%"
            if trust.overall < threshold
            else f"reliability without the AI factor {trust.without_ai:.1f}% < {threshold:g}%"
        )
        return Finding(ASK, "policy.approval", f"approval required: {why}")
    minimum = _minimum(policy, gates)
    if not _earned(policy, trust, minimum):
        return Finding(
            ASK,
            "veto_only",
            f"reliability without the AI factor {trust.without_ai:.1f}% < {minimum:g}%",
        )
    return Finding(AUTO, "auto.policy", "Auto-approved: the policy requires no approval")


def _earned(policy: Policy, trust: Trust, threshold: float) -> bool:
    """Whether the score reaches a threshold without the model's own word, where the policy asks for that."""
    return trust.without_ai >= threshold or not policy.ai_may_only_veto


def _minimum(policy: Policy, gates: Gates) -> float:
    """The least score for automation; a policy without one takes the global one, and a NaN there is never reached."""
    return (
        gates.min_reliability
        if policy.min_reliability_score is None
        else policy.min_reliability_score
    )
