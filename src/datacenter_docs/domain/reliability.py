"""How far a diagnosis can be trusted, 0..100: four factors, their sample sizes and intervals. Spec section 3.

The four values are the seed's formulas to the letter. The intervals say how much they rest on: each factor is taken for
a share seen in its sample (`intervals.py`); the overall interval adds the four half-widths in quadrature, as errors that
are independent of each other. How the factors come about is in `factors.py`.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from datacenter_docs.domain.factors import (
    HALF_LIFE_DAYS,
    Factor,
    ai_factor,
    feedback_factor,
    history_factor,
    pattern_factor,
)
from datacenter_docs.domain.feedback import Feedback
from datacenter_docs.domain.patterns import Match
from datacenter_docs.domain.values import Value

Weight = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class ConfidenceLevel(StrEnum):
    """The seed's four levels."""

    VERY_HIGH = "very_high"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Weights(Value):
    """The four weights; they must sum to 1 (within 1e-9), none negative."""

    ai_confidence: Weight = 0.25
    human_feedback: Weight = 0.30
    success_history: Weight = 0.25
    pattern_match: Weight = 0.20

    @model_validator(mode="after")
    def _sum_to_one(self) -> Self:
        total = math.fsum(self.of_each())
        if abs(total - 1) > 1e-9:
            raise ValueError(f"the four weights must sum to 1, these sum to {total:.6g}")
        return self

    def of_each(self) -> tuple[float, float, float, float]:
        """In the order of the factors: AI confidence, human feedback, success history, pattern match."""
        return self.ai_confidence, self.human_feedback, self.success_history, self.pattern_match


class Score(Value):
    """The reliability score, 0..100 with one decimal, and its 90 % credible interval.

    `without_ai`: the other three, re-weighted to 1: what the score is without the model's own word.
    """

    overall_score: float
    low: float
    high: float
    without_ai: float
    without_ai_low: float
    confidence_level: ConfidenceLevel
    ai_confidence: Factor
    human_feedback: Factor
    success_history: Factor
    pattern_match: Factor


def score(
    *,
    ai_confidence: float | None,
    ticket_feedback: Sequence[Feedback],
    pattern_feedback: Sequence[Feedback],
    category_feedback: Sequence[Feedback],
    resolved: int,
    closed: int,
    match: Match | None,
    now: datetime,
    half_life_days: float = HALF_LIFE_DAYS,
    weights: Weights | None = None,
) -> Score:
    """The reliability score of one ticket.

    `ai_confidence`: the resolver's own 0..1. `resolved` of `closed`: tickets of the category in the last 180 days.
    `half_life_days`: after so many days a word counts half; more than 0, else `ValueError`.
    """
    return combined(
        ai_confidence=ai_factor(ai_confidence, closed=closed),
        human_feedback=feedback_factor(
            ticket=ticket_feedback,
            pattern=pattern_feedback,
            category=category_feedback,
            now=now,
            half_life_days=half_life_days,
        ),
        success_history=history_factor(resolved=resolved, closed=closed),
        pattern_match=pattern_factor(match),
        weights=weights,
    )


def combined(
    *,
    ai_confidence: Factor,
    human_feedback: Factor,
    success_history: Factor,
    pattern_match: Factor,
    weights: Weights | None = None,
) -> Score:
    """The weighted score of four factors. `weights` None: the seed's."""
    factors = (ai_confidence, human_feedback, success_history, pattern_match)
    shares = (weights or Weights()).of_each()
    overall, low, high = _weighted(factors, shares)
    without_ai, without_ai_low, _ = _weighted(factors[1:], shares[1:])
    return Score(
        overall_score=overall,
        low=low,
        high=high,
        without_ai=without_ai,
        without_ai_low=without_ai_low,
        confidence_level=level_of(overall),
        ai_confidence=ai_confidence,
        human_feedback=human_feedback,
        success_history=success_history,
        pattern_match=pattern_match,
    )


def level_of(overall_score: float) -> ConfidenceLevel:
    """The seed's level of a score; NaN is low."""
    if overall_score >= 90:
        return ConfidenceLevel.VERY_HIGH
    if overall_score >= 75:
        return ConfidenceLevel.HIGH
    return ConfidenceLevel.MEDIUM if overall_score >= 60 else ConfidenceLevel.LOW


def breakdown(score: Score) -> dict[str, Any]:
    """The seed's response shape, then what we add to it: sample sizes, intervals, and whether a prior stood in."""
    factors = {
        "ai_confidence": score.ai_confidence,
        "human_validation": score.human_feedback,
        "success_history": score.success_history,
        "pattern_recognition": score.pattern_match,
    }
    return {
        "overall_score": score.overall_score,
        "confidence_level": score.confidence_level.value,
        "breakdown": {name: f"{factor.value:.0f}%" for name, factor in factors.items()},
        "interval": [score.low, score.high],
        "without_ai": score.without_ai,
        "prior": any(factor.prior for factor in factors.values()),
        "factors": {
            name: {
                **factor.model_dump(),
                "low": round(factor.low, 1),
                "high": round(factor.high, 1),
            }
            for name, factor in factors.items()
        },
    }


def _weighted(
    factors: tuple[Factor, ...], shares: tuple[float, ...]
) -> tuple[float, float, float]:
    """Value, low and high, each with one decimal; the shares are brought to a sum of 1. No share at all: nothing is known, 0."""
    total = math.fsum(shares)
    if total == 0:
        return 0.0, 0.0, 100.0
    weighted = [(factor, share / total) for factor, share in zip(factors, shares, strict=True)]
    value = math.fsum(share * factor.value for factor, share in weighted)
    below = math.hypot(*(share * (factor.value - factor.low) for factor, share in weighted))
    above = math.hypot(*(share * (factor.high - factor.value) for factor, share in weighted))
    return round(value, 1), round(max(0.0, value - below), 1), round(min(100.0, value + above), 1)
