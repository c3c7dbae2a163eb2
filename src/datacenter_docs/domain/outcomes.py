"""What became of an action: one outcome each, then one verification of the whole."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from datacenter_docs.domain.estate import Look
from datacenter_docs.domain.values import Scalar, Value


class OutcomeKind(StrEnum):
    """`changed`: done and seen. `unchanged`: it was so already. `refused`: not done, by rule. `failed`: tried, not there.

    `ambiguous`: nobody can tell whether it took effect; only a person may go on. `undone`: a rollback that was seen.
    """

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"
    UNDONE = "undone"


class Outcome(Value):
    """The outcome of one action. `recovered`: the effect was found by looking after a crash or a lost answer."""

    action_id: str
    operation: str
    target: str
    kind: OutcomeKind
    message: str
    before: dict[str, Scalar | list[Scalar]] = {}
    after: dict[str, Scalar | list[Scalar]] = {}
    recovered: bool = False
    finished_at: datetime

    @property
    def succeeded(self) -> bool:
        return self.kind in (OutcomeKind.CHANGED, OutcomeKind.UNCHANGED)

    @property
    def may_have_changed(self) -> bool:
        """Whether there is something to undo. A failure before the target was even seen touched nothing: undoing it would
        undo what somebody else did.
        """
        return self.kind is OutcomeKind.CHANGED or (
            self.kind is OutcomeKind.FAILED and bool(self.before)
        )


class Effect(StrEnum):
    """The answer to: did it take effect?"""

    DONE = "done"
    NOT_DONE = "not_done"
    AMBIGUOUS = "ambiguous"


def judge_effect(baseline: Look | None, seen: Look) -> Effect:
    """Whether an action that may have been sent took effect, from the look before it and a look now.

    `baseline` None: the intent was journaled but the target was not looked at, so nothing was sent.
    A platform that can say `satisfied` decides by that; otherwise the marker does; without either it is ambiguous.
    """
    if baseline is None:
        return Effect.NOT_DONE
    if seen.satisfied is not None:
        return Effect.DONE if seen.satisfied else Effect.NOT_DONE
    if baseline.marker is None or seen.marker is None:
        return Effect.AMBIGUOUS
    return Effect.NOT_DONE if baseline.marker == seen.marker else Effect.DONE


class Check(Value):
    """One thing that was wanted and what was seen; `passed` None: could not be evaluated, which is not a pass."""

    name: str
    wanted: str
    seen: str
    passed: bool | None


class Verification(Value):
    """Wanted against seen after all actions. Passed only if every check did."""

    checks: tuple[Check, ...] = ()

    @property
    def passed(self) -> bool:
        return all(check.passed is True for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        """For people: `passed` and the checks."""
        return {"passed": self.passed, "checks": [c.model_dump(mode="json") for c in self.checks]}
