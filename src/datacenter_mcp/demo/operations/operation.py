"""The shape of an operation on the world: how its target looks, and what it would let happen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from datacenter_mcp.contract.errors import Conflict, Refused
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.view import View
from datacenter_mcp.room import OperationSpec, State

RESTART_SECONDS = 5.0
"""How long anything takes to come back, in the world's time; real machines take longer, and nobody likes to wait."""
BACKUP_SECONDS = 86_400
"""A backup or snapshot that is older is not recent."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The part of a `Look` that differs from operation to operation."""

    state: State
    satisfied: bool | None = None
    marker: str | None = None
    hazards: Sequence[str] = ()
    backup_available: bool | None = None
    successor: str | None = None
    """The key of what stands in for a target that was replaced."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What it lets happen. No steps: it is so already. `would`: the same in a sentence, for a dry run."""

    would: str
    steps: Sequence[Step] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `plan` raises the contract's errors when the platform would say no; nothing has happened then."""

    spec: OperationSpec
    kind: str
    look: Callable[[View, str, Any], Sight]
    plan: Callable[[View, str, Any], Deed]
    after_seconds: float = field(default=0.0)
    """When its last step is over."""


def must_be_idle(view: View, key: str) -> None:
    """Raises `Conflict` while something else runs on a target."""
    left = view.number(key, "_busy_until") - view.now
    if left > 0:
        raise Conflict(
            f"Something else is running on {key}.", retry_after_seconds=left, sent=False
        )


def must_be_allowed(view: View, key: str) -> None:
    """Raises `Refused` where the account may not change a target."""
    if view.own(key, "_forbidden"):
        raise Refused(f"The account has no right to change {key}.", sent=False)
