"""The fakes of `ports/guards.py`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tests.fakes.memory import Memory

from datacenter_docs.domain.audit import Entry
from datacenter_docs.ports.guards import KillSwitchState, RateLimit


class FakeResourceLocks:
    """Locks, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._locks = memory.locks

    async def acquire(
        self, resources: Sequence[str], *, holder: str, at: datetime
    ) -> Mapping[str, str]:
        others = {r: self._locks[r] for r in resources if self._locks.get(r, holder) != holder}
        if not others:
            self._locks.update(dict.fromkeys(resources, holder))
        return others

    async def release(self, holder: str) -> None:
        for resource in [r for r, who in self._locks.items() if who == holder]:
            del self._locks[resource]


class FakeRateLimiter:
    """Reservations, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._reservations = memory.reservations

    async def reserve(
        self, action_ids: Sequence[str], limits: Sequence[RateLimit], *, at: datetime
    ) -> str | None:
        fresh = {
            (limit.scope, action_id): at
            for limit in limits
            for action_id in action_ids
            if (limit.scope, action_id) not in self._reservations
        }
        for limit in limits:
            wanted = sum(scope == limit.scope for scope, _ in fresh)
            if wanted and self._used(limit, at) + wanted > limit.per_hour:
                return f"The rate limit of {limit.scope} is {limit.per_hour} actions an hour."
        self._reservations.update(fresh)
        return None

    async def would_allow(
        self, actions: int, limits: Sequence[RateLimit], *, at: datetime
    ) -> bool:
        return all(
            actions == 0 or self._used(limit, at) + actions <= limit.per_hour for limit in limits
        )

    def _used(self, limit: RateLimit, at: datetime) -> int:
        window = at - timedelta(hours=1)
        return sum(
            scope == limit.scope and reserved_at > window
            for (scope, _), reserved_at in self._reservations.items()
        )


class FakeKillSwitch:
    """The switch, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def read(self) -> KillSwitchState:
        return self._memory.kill_switch

    async def set(self, state: KillSwitchState, entry: Entry) -> None:
        self._memory.kill_switch = state
        self._memory.append([entry])
