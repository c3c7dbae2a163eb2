"""May this plan run, and who has to say yes? Pure, total, default-deny functions. Spec section 4.

`decide` speaks for automation and follows the eight steps in order; each step adds findings, the strictest finding is
the verdict, and all of them are the reasons. `may_person_run` speaks for a person, whom the thresholds and the pattern
do not bind; what binds both is in `scrutiny.py` and `safety.py`, and the steps are in `rules.py`.
"""

from datetime import datetime

from datacenter_docs.domain.classification import risk_of
from datacenter_docs.domain.operations import ActionClass, RiskLevel
from datacenter_docs.domain.patterns import Match, Standing
from datacenter_docs.domain.plans import Plan
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.reliability import Score
from datacenter_docs.domain.rules import (
    ASK,
    AUTO,
    REFUSED,
    STRICTEST_FIRST,
    Finding,
    Gates,
    Verdict,
    of_approval,
    of_class,
    of_limits,
    of_no_policy,
    of_pattern,
    of_plan,
    of_switches,
    points,
    trusted,
)
from datacenter_docs.domain.safety import SafetyChecks, SafetyReport, failures, report
from datacenter_docs.domain.scrutiny import forbidden_by
from datacenter_docs.domain.values import Value

__all__ = [
    "Certificate",
    "Decision",
    "Gates",
    "SafetyChecks",
    "SafetyReport",
    "Verdict",
    "decide",
    "known_as",
    "may_person_run",
]


class Certificate(Value):
    """Enough to run the decision again: hashes of the inputs and the rule that fired.

    The inputs themselves are journaled beside it, so that `decide` re-run on them gives the same answer.
    `threshold_score`: what the thresholds were compared with: the overall score, or its lower bound.
    """

    rule: str
    plan_hash: str
    state_hash: str
    policy_name: str | None
    policy_hash: str | None
    pattern_id: str | None
    overall_score: float
    threshold_score: float
    decided_at: datetime


class Decision(Value):
    """The answer, with the seed's keys. `reasoning` lists every reason, not only the first.

    `allowed`: the plan may run, once a person has approved it where `requires_approval`.
    """

    verdict: Verdict
    allowed: bool
    action_type: ActionClass
    requires_approval: bool
    reasoning: tuple[str, ...]
    safety_checks: SafetyReport
    risk_level: RiskLevel
    certificate: Certificate


def decide(
    plan: Plan,
    *,
    score: Score | None,
    policy: Policy | None,
    match: Match | None,
    standing: Standing | None,
    checks: SafetyChecks | None,
    gates: Gates,
    now: datetime,
) -> Decision:
    """May automation run this plan? Never raises; None, NaN, stale and contradictory input make the answer stricter.

    `policy`: the one of the ticket's category. `match` and `standing`: the ticket's pattern and where it stands.
    """
    rules = policy if policy is not None and policy.enabled else None
    trust = trusted(score, rules)
    safety = report(plan, rules, checks, now)
    findings = [
        *of_switches(gates),
        *of_no_policy(rules),
        *of_plan(plan, rules),
        *of_class(plan),
        *(of_limits(plan, rules, trust, gates) if rules else ()),
        *(Finding(REFUSED, "safety", sentence) for sentence in failures(safety)),
        *(of_pattern(rules, match, standing) if rules else ()),
        *(of_approval(rules, trust, match, gates) if rules else ()),
    ]
    verdict, rule, _ = next(
        finding
        for strictest in STRICTEST_FIRST
        for finding in findings
        if finding.verdict is strictest
    )
    reasoning = tuple(
        finding.sentence for finding in findings if verdict is AUTO or finding.verdict is not AUTO
    )
    return Decision(
        verdict=verdict,
        allowed=verdict in (ASK, AUTO),
        action_type=plan.action_class,
        requires_approval=verdict is not AUTO,
        reasoning=("All checks passed", *reasoning) if verdict is AUTO else reasoning,
        safety_checks=safety,
        risk_level=risk_of(plan.action_class),
        certificate=Certificate(
            rule=rule,
            plan_hash=plan.content_hash if plan.has_hashes else "",
            state_hash=plan.state_hash if plan.has_hashes else "",
            policy_name=rules.name if rules else None,
            policy_hash=rules.content_hash if rules else None,
            pattern_id=match.pattern.pattern_id if match and match.pattern else None,
            overall_score=points(score.overall_score) if score else 0.0,
            threshold_score=trust.overall,
            decided_at=now,
        ),
    )


def may_person_run(
    plan: Plan,
    *,
    policy: Policy | None,
    checks: SafetyChecks | None,
    gates: Gates,
    approver: str,
    requester: str,
    now: datetime,
) -> tuple[str, ...]:
    """Why this person may not run this plan now, as sentences; empty: may. Never raises.

    That the person has the approver role is the caller's to know. Opt-in, the global switch, thresholds, the pattern and
    the policy's allowed classes and systems bind automation only.
    """
    reasons = list(plan.problems)
    reasons += forbidden_by(policy, plan.actions) if policy else ()
    if gates.kill_switch_on:
        reasons.append("the kill switch is on: no new action starts")
    reasons += failures(report(plan, policy, checks, now))
    name = known_as(approver)
    if not name:
        reasons.append("the approver has no name")
    if policy is not None and policy.approvers and name not in map(known_as, policy.approvers):
        reasons.append(f"{approver} is not among the approvers of the policy {policy.name}")
    if plan.action_class is ActionClass.CRITICAL_WRITE and name == known_as(requester):
        reasons.append("a critical action needs an approver other than the requester")
    return tuple(reasons)


def known_as(name: str) -> str:
    """The name that people are compared by: no case and no blanks around it make another person."""
    return name.strip().casefold()
