"""What is observed: resources, their facts, and the call that each fact came from.

No value without the observation that it came from: a fact cannot be made without its source.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from datacenter_docs.domain.values import Scalar, Value


class Source(Value):
    """The call that read a fact. `payload_sha256` is of the platform's raw answer, 64 hex digits."""

    connection: str
    tool: str
    arguments: dict[str, Any]
    observed_at: datetime
    payload_sha256: str


class Fact(Value):
    """One attribute value. The unit is in the name where there is one (`size_bytes`); None: the platform does not know."""

    attribute: str
    value: Scalar | list[Scalar]


class Resource(Value):
    """One thing of the estate. `parent` is the id of what contains it (interface -> device); None at the top."""

    id: str
    kind: str
    name: str
    parent: str | None = None
    facts: tuple[Fact, ...] = ()
    source: Source

    def value(self, attribute: str) -> Scalar | list[Scalar]:
        """The value of a fact; None when there is no such fact or the platform does not know it."""
        for fact in self.facts:
            if fact.attribute == attribute:
                return fact.value
        return None


class HealthStatus(StrEnum):
    """How a resource or a connection is; `unknown` is never taken for `ok`."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Health(Value):
    """A health answer and why; reasons are empty only for `ok`."""

    status: HealthStatus
    reasons: tuple[str, ...] = ()


class Look(Value):
    """What an operation's target is like right now: read before acting, after acting, and after a crash.

    `satisfied`: True when the wanted state is there already, None when the platform cannot tell (a restart never is).
    `marker`: an opaque value that changes exactly when a restart-like operation took effect; None where the platform
    has none. `hazards`: names of what makes the operation riskier here (`management_path`, `system_namespace`, ...);
    None: could not be found out. `backup_available`: None: could not be found out.
    `state` is what the inverse restores and what a grant is bound to; it holds no counters and no times.
    `successor`: the id of what stands in for a target that a restart replaced by another; None: it goes on as itself.
    """

    exists: bool
    satisfied: bool | None
    state: dict[str, Scalar | list[Scalar]] = {}
    marker: str | None = None
    hazards: tuple[str, ...] | None = None
    backup_available: bool | None = None
    health: Health = Health(status=HealthStatus.UNKNOWN, reasons=("not read",))
    successor: str | None = None
    source: Source
