"""May this plan run, and who has to say yes? One pure, total, default-deny function. Spec section 4."""

from datetime import datetime
from enum import StrEnum

from datacenter_docs.domain.operations import ActionClass, RiskLevel
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


class SafetyChecks(Value):
    """What was observed just before deciding; None: could not be evaluated, which counts as failed.

    `backup_available` is evaluated only where the policy or an operation asks for one.
    `observed_at` None or older than `max_age_seconds`: all of it is stale and counts as failed.
    """

    rate_limit_ok: bool | None = None
    backup_available: bool | None = None
    system_healthy: bool | None = None
    observed_at: datetime | None = None
    max_age_seconds: float = 300.0


class SafetyReport(Value):
    """The seed's five answers."""

    time_window_ok: bool
    rate_limit_ok: bool
    backup_available: bool
    system_healthy: bool
    all_passed: bool


class Certificate(Value):
    """Enough to run the decision again: hashes of the inputs and the rule that fired.

    The inputs themselves are journaled beside it, so that `decide` re-run on them gives the same answer.
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
    """The answer, with the seed's keys. `reasoning` lists every reason, not only the first."""

    verdict: Verdict
    allowed: bool
    action_type: ActionClass
    requires_approval: bool
    reasoning: tuple[str, ...]
    safety_checks: SafetyReport
    risk_level: RiskLevel
    certificate: Certificate
