"""The safety checks that need eyes: rate limit, backup, health of the system. Read just before a decision."""

import asyncio
from collections.abc import Sequence

from datacenter_docs.domain import catalogue
from datacenter_docs.domain.decision import SafetyChecks
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.estate import HealthStatus
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.domain.policy import Policy
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.guards import RateLimit, RateLimiter
from datacenter_docs.ports.platforms import PlatformReader


class Checking:
    """Evaluates the checks; one that cannot be evaluated is None, which counts as failed."""

    def __init__(
        self,
        reader: PlatformReader,
        limiter: RateLimiter,
        clock: Clock,
        *,
        global_limit: RateLimit,
        max_age_seconds: float,
    ) -> None:
        self._reader = reader
        self._limiter = limiter
        self._clock = clock
        self._global_limit = global_limit
        self._max_age_seconds = max_age_seconds

    async def check(self, plan: Plan, policy: Policy | None) -> SafetyChecks:
        """Evaluate for a plan, now. The time window is not here: it follows from the policy and the clock alone."""
        limits = limits_of(self._global_limit, policy)
        within_limits, healthy = await asyncio.gather(
            self._rate_limit_ok(plan, limits), self._system_healthy(plan)
        )
        return SafetyChecks(
            rate_limit_ok=within_limits,
            backup_available=_backup_available(plan),
            system_healthy=healthy,
            observed_at=self._clock.now(),
            max_age_seconds=self._max_age_seconds,
        )

    async def _rate_limit_ok(self, plan: Plan, limits: Sequence[RateLimit]) -> bool | None:
        try:
            return await self._limiter.would_allow(len(plan.actions), limits, at=self._clock.now())
        except DatacenterDocsError:
            return None

    async def _system_healthy(self, plan: Plan) -> bool | None:
        """Every target's system answers and is not failed. None: at least one could not be asked."""
        if not plan.actions:
            return None
        answers = await asyncio.gather(*(self._healthy(action) for action in plan.actions))
        return None if None in answers else all(answers)

    async def _healthy(self, action: Action) -> bool | None:
        try:
            health = await self._reader.system_health(action.target)
        except DatacenterDocsError:
            return None
        return (
            None
            if health.status is HealthStatus.UNKNOWN
            else health.status is not HealthStatus.FAILED
        )


def limits_of(global_limit: RateLimit, policy: Policy | None) -> Sequence[RateLimit]:
    """The limits that actions count against."""
    if policy is None:
        return [global_limit]
    return [global_limit, RateLimit(f"policy:{policy.name}", policy.max_actions_per_hour)]


def _backup_available(plan: Plan) -> bool | None:
    """Whether what each action needs to be undone is kept. None: unknown for one.

    An operation that asks for a backup has one where the platform says so. For any other, the pre-state that was seen
    is the backup: it is journaled before the action starts, and the inverse restores it.
    """
    known = [_backed_up(action) for action in plan.actions]
    return None if None in known else all(known)


def _backed_up(action: Action) -> bool | None:
    if action.look is None:
        return None
    operation = catalogue.operation(action.operation)
    asks = operation is None or operation.backup is not None
    return action.look.backup_available if asks else True
