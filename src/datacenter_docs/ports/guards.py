"""What holds between processes: resource locks, rate limits, the kill switch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.audit import Entry


class ResourceLocks(Protocol):
    """One resource is never under two remediations at once."""

    async def acquire(
        self, resources: Sequence[str], *, holder: str, at: datetime
    ) -> Mapping[str, str]:
        """Take all or none. Empty: taken (or held by `holder` already); else resource -> who holds it. Raises `Superseded` when
        this worker was taken over: its ticket may have ended elsewhere, and nobody would give the lock back.
        """
        ...

    async def release(self, holder: str) -> None:
        """Give back all that `holder` has; nothing held is fine."""
        ...


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `per_hour` actions under `scope` (`global`, or `policy:<name>`) in any 3,600 seconds."""

    scope: str
    per_hour: int


class RateLimiter(Protocol):
    """Counts actions over all processes."""

    async def reserve(
        self, action_ids: Sequence[str], limits: Sequence[RateLimit], *, at: datetime
    ) -> str | None:
        """Count all actions against all limits, or none. None: reserved. Else the sentence why not.
        An action id that was reserved before is not counted again.
        """
        ...

    async def would_allow(
        self, actions: int, limits: Sequence[RateLimit], *, at: datetime
    ) -> bool:
        """Whether `reserve` would say yes now; reserves nothing."""
        ...


@dataclass(frozen=True, slots=True)
class KillSwitchState:
    """`on` True: no new action starts anywhere. `set_at` None: never touched."""

    on: bool
    reason: str = ""
    actor: str = "system"
    set_at: datetime | None = None


class KillSwitch(Protocol):
    """Stops everything; survives restarts."""

    async def read(self) -> KillSwitchState:
        """The state now, from the database, never from memory. Raises `Unavailable` when it cannot be read: then do not act."""
        ...

    async def set(self, state: KillSwitchState, entry: Entry) -> None:
        """Durable before it returns."""
        ...
