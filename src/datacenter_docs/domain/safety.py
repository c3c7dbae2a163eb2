"""The seed's five safety answers, from what was observed just before. Whatever was not, or not lately, has failed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from datacenter_docs.domain.catalogue import operation
from datacenter_docs.domain.plans import Plan
from datacenter_docs.domain.policy import Policy, window_open
from datacenter_docs.domain.values import Value

CLOCK_SKEW = timedelta(seconds=5)
"""So far in the future may an observation of another process lie; beyond it is no observation."""


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


def report(
    plan: Plan, policy: Policy | None, checks: SafetyChecks | None, now: datetime
) -> SafetyReport:
    """The five answers. `policy` None: no window and no own limit. `checks` None: nothing was observed."""
    seen = checks if checks is not None and _is_fresh(checks, now) else SafetyChecks()
    window = policy is None or window_open(policy, now)
    rate = seen.rate_limit_ok is True and (
        policy is None or len(plan.actions) <= policy.max_actions_per_hour
    )
    backup = seen.backup_available is True or not needs_backup(plan, policy)
    healthy = seen.system_healthy is True
    return SafetyReport(
        time_window_ok=window,
        rate_limit_ok=rate,
        backup_available=backup,
        system_healthy=healthy,
        all_passed=window and rate and backup and healthy,
    )


def needs_backup(plan: Plan, policy: Policy | None) -> bool:
    """Whether the policy or one of the operations asks for a backup; an unknown operation does."""
    return (policy is not None and policy.requires_backup) or any(
        entry is None or entry.backup is not None
        for entry in (operation(action.operation) for action in plan.actions)
    )


def failures(safety: SafetyReport) -> Iterator[str]:
    """A sentence for each check that did not pass."""
    if not safety.time_window_ok:
        yield "safety check failed: outside the policy's hours and days"
    if not safety.rate_limit_ok:
        yield "safety check failed: the rate limit is reached, or could not be evaluated"
    if not safety.backup_available:
        yield "safety check failed: no backup is known to be available"
    if not safety.system_healthy:
        yield "safety check failed: the system is not known to be healthy"


def _is_fresh(checks: SafetyChecks, now: datetime) -> bool:
    observed_at = checks.observed_at
    if observed_at is None or observed_at.utcoffset() is None or now.utcoffset() is None:
        return False
    age = now - observed_at
    return age >= -CLOCK_SKEW and age.total_seconds() <= checks.max_age_seconds
