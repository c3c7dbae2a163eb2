"""The four factors of the reliability score, each from what it rests on. Spec section 3.

Whatever is missing, NaN or contradictory counts as the worst it could be, except that no feedback and no history at all
take the neutral prior, as the spec says.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from datacenter_docs.domain.feedback import Feedback, FeedbackType
from datacenter_docs.domain.intervals import credible_interval
from datacenter_docs.domain.patterns import Match
from datacenter_docs.domain.values import Value

NEUTRAL = 50.0
"""What feedback and history count while nothing is known."""
HALF_LIFE_DAYS = 30.0
MIN_PATTERN_FEEDBACK = 3
"""From so many on, a pattern's feedback speaks for a ticket that has none of its own."""
MIN_PATTERN_TICKETS = 3
"""Fewer similar tickets are no pattern yet."""
MAX_BOOST = 0.10
"""How much of itself a pattern match gains when all feedback on the pattern is positive."""


class Factor(Value):
    """One component, 0..100. `low`/`high`: 90 % credible interval; it contains `value`.

    `sample_size`: how many observations it rests on. `prior`: nothing known, the neutral value stands.
    `scope`: whose observations: ticket, pattern, category or none.
    """

    value: float
    sample_size: int
    low: float
    high: float
    prior: bool = False
    scope: str = "none"


def ai_factor(confidence: float | None, *, closed: int) -> Factor:
    """The resolver's own word; None, NaN and what is outside 0..1 count as 0.

    Its sample are the closed tickets of the category: so often its word was put to the test here.
    """
    usable = confidence is not None and 0 <= confidence <= 1
    share = confidence if usable and confidence is not None else 0.0
    return _factor(share, max(0, closed), scope="category" if closed > 0 else "none")


def history_factor(*, resolved: int, closed: int) -> Factor:
    """The share of closed tickets that were resolved. More resolved than closed is contradictory and counts as none."""
    if closed <= 0:
        return _prior()
    share = resolved / closed if 0 <= resolved <= closed else 0.0
    return _factor(share, closed, scope="category")


def pattern_factor(match: Match | None) -> Factor:
    """Similarity to the best known pattern, boosted by its positive feedback; 0 without a pattern or while it is too young."""
    pattern = match.pattern if match else None
    if match is None or pattern is None:
        return _factor(0.0, 0)
    known = pattern.occurrences >= MIN_PATTERN_TICKETS and 0 <= match.similarity <= 1
    boost = 1 + MAX_BOOST * (pattern.positive_feedback_rate or 0.0)
    share = min(1.0, match.similarity * boost) if known else 0.0
    return _factor(share, max(0, pattern.occurrences), scope="pattern")


def feedback_factor(
    *,
    ticket: Sequence[Feedback],
    pattern: Sequence[Feedback],
    category: Sequence[Feedback],
    now: datetime,
    half_life_days: float = HALF_LIFE_DAYS,
) -> Factor:
    """What people said, newer words weighing more: the ticket's own, else its pattern's from 3 on, else its category's."""
    if not half_life_days > 0:
        raise ValueError(f"the half-life must be more than 0 days, not {half_life_days}")
    if ticket:
        return _said(ticket, "ticket", now, half_life_days)
    if len(pattern) >= MIN_PATTERN_FEEDBACK:
        return _said(pattern, "pattern", now, half_life_days)
    return _said(category, "category", now, half_life_days)


def _said(words: Sequence[Feedback], scope: str, now: datetime, half_life_days: float) -> Factor:
    weights = [_recency(word.given_at, now, half_life_days) for word in words]
    weight = math.fsum(weights)
    if weight <= 0:
        return _prior()
    weighted = list(zip(words, weights, strict=True))
    share = (
        math.fsum(w for word, w in weighted if word.effective_type is FeedbackType.POSITIVE)
        / weight
    )
    rated = [(word.request.rating, w) for word, w in weighted if word.request.rating is not None]
    rated_weight = math.fsum(w for _, w in rated)
    if rated_weight > 0:
        share = (share + math.fsum(rating * w for rating, w in rated) / rated_weight / 5) / 2
    return _factor(min(1.0, share), len(words), weight=weight, scope=scope)


def _recency(given_at: datetime, now: datetime, half_life_days: float) -> float:
    """1 for a word of now (or of the future: clocks differ), half of it after each half-life."""
    age = _aware(now) - _aware(given_at)
    return float(0.5 ** (max(timedelta(0), age) / timedelta(days=1) / half_life_days))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _factor(
    share: float, sample_size: int, *, weight: float | None = None, scope: str = "none"
) -> Factor:
    """`weight`: what the sample counts where old observations count less; None: each counts one."""
    low, high = credible_interval(share, sample_size if weight is None else weight)
    return Factor(
        value=share * 100, sample_size=sample_size, low=low * 100, high=high * 100, scope=scope
    )


def _prior() -> Factor:
    low, high = credible_interval(NEUTRAL / 100, 0)
    return Factor(value=NEUTRAL, sample_size=0, low=low * 100, high=high * 100, prior=True)
