"""How far a diagnosis can be trusted, 0..100: four factors, their sample sizes and intervals. Spec section 3."""

from enum import StrEnum

from datacenter_docs.domain.values import Value


class ConfidenceLevel(StrEnum):
    """The seed's four levels."""

    VERY_HIGH = "very_high"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Weights(Value):
    """The four weights; they must sum to 1 (within 1e-9), none negative."""

    ai_confidence: float = 0.25
    human_feedback: float = 0.30
    success_history: float = 0.25
    pattern_match: float = 0.20


class Factor(Value):
    """One component, 0..100. `low`/`high`: 90 % credible interval. `prior`: nothing known, the neutral value stands. `scope`: ticket, pattern, category or none."""

    value: float
    sample_size: int
    low: float
    high: float
    prior: bool = False
    scope: str = "none"


class Score(Value):
    """The reliability score. `without_ai`: the other three, re-weighted to 1: what the score is without the model's own word."""

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
