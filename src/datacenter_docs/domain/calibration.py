"""Does a score mean what it says? Scores of decisions compared with what really happened, and the map between them. Pure.

The map is isotonic: a higher score never means less. It is fitted by pooling adjacent violators, each pool taken for a
share seen in its sample with one success and one failure added, so that a few outcomes never claim certainty. Thresholds
are compared with the score and never with this; it is for people, and for the report.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Annotated, NamedTuple

from pydantic import Field

from datacenter_docs.domain.feedback import FeedbackType
from datacenter_docs.domain.intervals import credible_interval
from datacenter_docs.domain.values import Value, content_hash

ENOUGH = 100
"""Outcomes that a map needs: below, it would show chance."""
BINS = 10
FOLDS = 5
"""The map is judged on outcomes that it was not fitted on: each fifth by a map of the other four."""
MOST = 5_000
"""The latest so many outcomes count."""

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Hindsight(NamedTuple):
    """A decision's score (0..100) and whether it came true."""

    score: float
    true: bool


def came_true(*, repaired: bool | None, said: Collection[FeedbackType]) -> bool | None:
    """Whether a diagnosis came true: its repair was verified, or people said so; one word against it is enough for no.

    `repaired`: what the verification of an executed plan said, False also where it ended otherwise; None: nothing was
    executed. None: nobody knows.
    """
    if repaired is False or FeedbackType.NEGATIVE in said:
        return False
    return True if repaired or FeedbackType.POSITIVE in said else None


class Knot(Value):
    """From this score (0..100) on the probability is this one (0..1); in between it is a straight line."""

    score: float
    probability: Share


class Calibration(Value):
    """A map from score to probability. `version`: a hash of what it was fitted on, 12 hex digits."""

    version: str
    fitted_at: datetime
    outcomes: int
    knots: tuple[Knot, ...]


class Bin(Value):
    """Scores from `low` to below `high`: how many decisions had one, their mean score, and the share that came true with its
    90 % credible interval; None where there are none.
    """

    low: float
    high: float
    outcomes: int
    mean_score: float | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None


class Measures(Value):
    """How far predictions are off. `brier`: the mean squared error, 0 is best; `ece`: the mean distance between what was said
    and what happened, over bins weighted by their outcomes.
    """

    brier: float
    ece: float


class CalibrationReport(Value):
    """Scores and what happened. `share`: of all outcomes, those that came true; `raw`: of the score taken as a percentage;
    `calibrated`: of maps on outcomes that they were not fitted on; None: there are too few. `missing`: how many more are needed.
    """

    outcomes: int
    share: float | None
    raw: Measures | None
    calibrated: Measures | None
    bins: tuple[Bin, ...]
    calibration: Calibration | None
    missing: int


def report(outcomes: Sequence[Hindsight], now: datetime) -> CalibrationReport:
    """The report over outcomes, in the order in which they were decided."""
    raw = [one.score / 100 for one in outcomes]
    fitted = fit(outcomes, now)
    return CalibrationReport(
        outcomes=len(outcomes),
        share=_mean([float(one.true) for one in outcomes]),
        raw=measures(raw, outcomes) if outcomes else None,
        calibrated=measures(_held_out(outcomes, now), outcomes) if fitted else None,
        bins=tuple(_bins(outcomes)),
        calibration=fitted,
        missing=max(0, ENOUGH - len(outcomes)),
    )


def fit(outcomes: Sequence[Hindsight], now: datetime) -> Calibration | None:
    """The map; None: there are too few outcomes."""
    if len(outcomes) < ENOUGH:
        return None
    return Calibration(
        version=content_hash([[one.score, one.true] for one in outcomes])[:12],
        fitted_at=now,
        outcomes=len(outcomes),
        knots=tuple(_knots(outcomes)),
    )


def probability(calibration: Calibration, score: float) -> float:
    """What a score means, 0..1; below the first knot what the first says, above the last what the last says."""
    knots = calibration.knots
    if not score > knots[0].score:  # NaN too
        return knots[0].probability
    for left, right in pairwise(knots):
        if score <= right.score:
            part = (score - left.score) / (right.score - left.score)
            return left.probability + part * (right.probability - left.probability)
    return knots[-1].probability


def measures(predicted: Sequence[float], outcomes: Sequence[Hindsight]) -> Measures:
    """Of predictions (0..1) for at least one outcome."""
    errors = [(p - one.true) ** 2 for p, one in zip(predicted, outcomes, strict=True)]
    binned: dict[int, list[tuple[float, bool]]] = {}
    for p, one in zip(predicted, outcomes, strict=True):
        binned.setdefault(_bin_of(p * 100), []).append((p, one.true))
    distances = [
        abs(sum(p for p, _ in some) - sum(t for _, t in some)) for some in binned.values()
    ]
    return Measures(
        brier=round(sum(errors) / len(errors), 6), ece=round(sum(distances) / len(errors), 6)
    )


def _held_out(outcomes: Sequence[Hindsight], now: datetime) -> Sequence[float]:
    """For each outcome what a map of the other folds says."""
    maps = []
    for fold in range(FOLDS):
        rest = [one for place, one in enumerate(outcomes) if place % FOLDS != fold]
        knots = tuple(_knots(rest))
        maps.append(Calibration(version="", fitted_at=now, outcomes=len(rest), knots=knots))
    return [probability(maps[place % FOLDS], one.score) for place, one in enumerate(outcomes)]


class _Pool(NamedTuple):
    """Adjacent scores that share one probability."""

    score: float
    true: float
    size: float

    @property
    def share(self) -> float:
        return (self.true + 1) / (self.size + 2)

    def with_(self, other: "_Pool") -> "_Pool":
        size = self.size + other.size
        score = (self.score * self.size + other.score * other.size) / size
        return _Pool(score, self.true + other.true, size)


def _knots(outcomes: Sequence[Hindsight]) -> Sequence[Knot]:
    """One knot a pool, at the mean of its scores."""
    pools: list[_Pool] = []
    for score, true in sorted(outcomes):
        pools.append(_Pool(score, float(true), 1.0))
        while len(pools) > 1 and _violate(pools[-2], pools[-1]):
            last = pools.pop()
            pools[-1] = pools[-1].with_(last)
    return [Knot(score=pool.score, probability=pool.share) for pool in pools]


def _violate(left: _Pool, right: _Pool) -> bool:
    """Whether two pools are one: the left says more than the right, or they are of the same scores."""
    return left.share >= right.share or left.score >= right.score


def _bins(outcomes: Sequence[Hindsight]) -> Sequence[Bin]:
    width = 100 / BINS
    found = []
    for number in range(BINS):
        some = [one for one in outcomes if _bin_of(one.score) == number]
        low, high = number * width, (number + 1) * width
        if not some:
            found.append(Bin(low=low, high=high, outcomes=0))
            continue
        share = sum(one.true for one in some) / len(some)
        interval = credible_interval(share, len(some))
        found.append(
            Bin(
                low=low,
                high=high,
                outcomes=len(some),
                mean_score=round(sum(one.score for one in some) / len(some), 2),
                share=share,
                share_low=interval[0],
                share_high=interval[1],
            )
        )
    return found


def _bin_of(score: float) -> int:
    """Which bin a score of 0..100 is in; 100 is in the last."""
    return min(BINS - 1, max(0, int(score * BINS / 100)))


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
