"""Clusters of similar tickets: signature, similarity, statistics, eligibility. Spec section 5."""

from datetime import datetime

from datacenter_docs.domain.values import Value


class Pattern(Value):
    """A pattern and its statistics. Rates are 0..1; None: nothing to divide by yet.

    `terms`: the prototype: term -> weight. `executions` count plans that ran (automatic or by a person);
    `executions_succeeded` those whose verification passed. `automation_forbidden`: a person said never.
    """

    pattern_id: str
    signature: str
    category: str
    key_terms: tuple[str, ...]
    terms: dict[str, float] = {}
    occurrences: int = 0
    resolved: int = 0
    failed: int = 0
    positive: int = 0
    neutral: int = 0
    negative: int = 0
    rating_sum: float = 0.0
    rating_count: int = 0
    confidence_sum: float = 0.0
    confidence_count: int = 0
    reliability_sum: float = 0.0
    reliability_count: int = 0
    executions: int = 0
    executions_succeeded: int = 0
    last_verification_failed: bool = False
    automation_forbidden: bool = False
    first_seen_at: datetime
    last_seen_at: datetime


class Standing(Value):
    """Where a pattern stands, recomputed from its statistics at every outcome and feedback. `missing`: what is not met yet, as sentences."""

    eligible: bool
    autonomous: bool
    missing: tuple[str, ...] = ()


class Match(Value):
    """A ticket's best pattern. `similarity` 0..1; `pattern` None: a new pattern. `terms`: the words that decided. `uncertain`: a near tie, needs a person."""

    pattern: Pattern | None
    similarity: float
    margin: float = 0.0
    uncertain: bool = False
    terms: tuple[str, ...] = ()
