"""Clusters of similar tickets: their statistics, and whether they may be automated. Spec section 5.

Which ticket belongs to which pattern is decided in `recognition.py` and `matching.py`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from datacenter_docs.domain.values import Value

AUTONOMOUS_OCCURRENCES = 20
AUTONOMOUS_SUCCESS_RATE = 0.90
"""From so many occurrences and such a rate on, a pattern is called autonomous (the seed's last stage)."""


class Stage(StrEnum):
    """How far a pattern has come: it is `learning`, it is `eligible` for automation, it is called `autonomous`."""

    LEARNING = "learning"
    ELIGIBLE = "eligible"
    AUTONOMOUS = "autonomous"


class Pattern(Value):
    """A pattern and its statistics. Rates are 0..1; None: nothing to divide by yet.

    `name`: what people call it; None: nobody gave it one. `merged_into`: the pattern that has its tickets now; None: itself.
    `executions` count plans that ran (automatic or by a person);
    `executions_succeeded` those whose verification passed. `automation_forbidden`: a person said never.
    `stage_told`: where it stood when that was last journaled. `set_aside`: words of praise that count for nothing (`credence.py`).
    """

    pattern_id: str
    signature: str
    category: str
    key_terms: tuple[str, ...]
    name: str | None = None
    merged_into: str | None = None
    occurrences: int = 0
    resolved: int = 0
    failed: int = 0
    positive: int = 0
    neutral: int = 0
    negative: int = 0
    rating_sum: float = 0.0
    rating_count: int = 0
    set_aside: int = 0
    confidence_sum: float = 0.0
    confidence_count: int = 0
    reliability_sum: float = 0.0
    reliability_count: int = 0
    executions: int = 0
    executions_succeeded: int = 0
    last_verification_failed: bool = False
    automation_forbidden: bool = False
    stage_told: Stage = Stage.LEARNING
    first_seen_at: datetime
    last_seen_at: datetime

    @property
    def positive_feedback_rate(self) -> float | None:
        """Of all feedback, neutral included, the positive share."""
        return _share(self.positive, self.positive + self.neutral + self.negative)

    @property
    def average_rating(self) -> float | None:
        """Stars, 1..5."""
        return _share(self.rating_sum, self.rating_count)

    @property
    def average_confidence(self) -> float | None:
        """The mean AI confidence, 0..1."""
        return _share(self.confidence_sum, self.confidence_count)

    @property
    def average_reliability(self) -> float | None:
        """The mean reliability score, 0..100."""
        return _share(self.reliability_sum, self.reliability_count)

    @property
    def execution_success_rate(self) -> float | None:
        """Of the plans that ran, the share whose verification passed."""
        return _share(self.executions_succeeded, self.executions)

    @property
    def resolution_rate(self) -> float | None:
        """Of the tickets that came to an end, the share that was resolved."""
        return _share(self.resolved, self.resolved + self.failed)


class Thresholds(Value):
    """What a pattern must reach to be eligible; the settings PATTERN_MIN_OCCURRENCES and PATTERN_MIN_POSITIVE_RATE fill two."""

    min_occurrences: Annotated[int, Field(ge=1)] = 5
    min_positive_rate: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.85
    min_average_reliability: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = 85.0
    min_success_rate: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.85


class Standing(Value):
    """Where a pattern stands, recomputed from its statistics at every outcome and feedback. `missing`: what is not met yet, as sentences."""

    eligible: bool
    autonomous: bool
    missing: tuple[str, ...] = ()

    @property
    def stage(self) -> Stage:
        """The same in one word."""
        if self.autonomous:
            return Stage.AUTONOMOUS
        return Stage.ELIGIBLE if self.eligible else Stage.LEARNING


class Match(Value):
    """A ticket's best pattern. `similarity`: the probability 0..1 that the ticket is of it; `pattern` None: a new pattern.
    `margin`: the distance to the runner-up. `terms`: the words that decided. `uncertain`: a near tie, or not sure enough to
    act on; needs a person.
    """

    pattern: Pattern | None
    similarity: float
    margin: float = 0.0
    uncertain: bool = False
    terms: tuple[str, ...] = ()


def standing(pattern: Pattern, thresholds: Thresholds | None = None) -> Standing:
    """Whether a pattern may be automated now. It depends on the statistics alone, so it is lost as easily as won.

    Without any execution its success rate is not asked for; otherwise nothing could ever run a first time.
    `thresholds` None: the seed's.
    """
    limits = thresholds or Thresholds()
    rate = pattern.execution_success_rate
    missing = [
        sentence
        for met, sentence in (
            (
                pattern.occurrences >= limits.min_occurrences,
                f"seen {pattern.occurrences} times, {limits.min_occurrences} are needed",
            ),
            (
                _reaches(pattern.positive_feedback_rate, limits.min_positive_rate),
                f"positive feedback {_percent(pattern.positive_feedback_rate)}, {limits.min_positive_rate:.0%} is needed",
            ),
            (
                _reaches(pattern.average_reliability, limits.min_average_reliability),
                f"average reliability {_points(pattern.average_reliability)}, {limits.min_average_reliability:g} is needed",
            ),
            (
                pattern.executions == 0 or _reaches(rate, limits.min_success_rate),
                f"{_percent(rate)} of its executions succeeded, {limits.min_success_rate:.0%} is needed",
            ),
            (
                not pattern.last_verification_failed,
                "the verification of its last execution failed",
            ),
            (not pattern.automation_forbidden, "a person has forbidden to automate it"),
        )
        if not met
    ]
    return Standing(
        eligible=not missing,
        autonomous=not missing
        and pattern.occurrences >= AUTONOMOUS_OCCURRENCES
        and _reaches(rate, AUTONOMOUS_SUCCESS_RATE),
        missing=tuple(missing),
    )


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole > 0 else None


def _reaches(value: float | None, limit: float) -> bool:
    """None and NaN reach nothing."""
    return value is not None and value >= limit


def _percent(rate: float | None) -> str:
    return "not known" if rate is None else f"{rate:.1%}"


def _points(value: float | None) -> str:
    return "not known" if value is None else f"{value:.1f}"
