"""Stop 2: how far can this diagnosis be trusted? Gathers what the score is made of; the formula is the domain's."""

from dataclasses import dataclass
from datetime import timedelta

from datacenter_docs.domain import matching, reliability
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.patterns import Match, Pattern
from datacenter_docs.domain.reliability import Score, Weights
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.patterns import FeedbackStore, History, PatternStore

FEEDBACK_CONSIDERED = 1_000
"""The latest so many feedbacks of a pattern or category count; older ones weigh next to nothing by their age."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A score, and the pattern that it was reckoned with."""

    score: Score
    match: Match


class Scoring:
    """Scores cases and finds their patterns. Reads only, but for adding a pattern that is new."""

    def __init__(
        self,
        patterns: PatternStore,
        feedback: FeedbackStore,
        history: History,
        clock: Clock,
        *,
        weights: Weights,
        half_life_days: float,
        history_days: int,
    ) -> None:
        self._patterns = patterns
        self._feedback = feedback
        self._history = history
        self._clock = clock
        self._weights = weights
        self._half_life_days = half_life_days
        self._history_days = history_days

    async def find_pattern(self, case: Case) -> Match:
        """The ticket's pattern; a new one is stored when none is alike enough, with `similarity` 1 to itself."""
        request = case.ticket.request
        match = matching.match(
            request.text, request.category, await self._patterns.of_category(request.category)
        )
        if match.pattern is not None:
            return match
        return match.replaced(
            pattern=await self._patterns.add(self._new_pattern(case)), similarity=1.0, margin=1.0
        )

    async def score(self, case: Case, match: Match) -> Score:
        """The score of a case as things stand now."""
        category, now = case.ticket.request.category, self._clock.now()
        counts = await self._history.closed_counts(
            category, now - timedelta(days=self._history_days)
        )
        pattern_id = match.pattern.pattern_id if match.pattern else None
        return reliability.score(
            ai_confidence=case.diagnosis.confidence if case.diagnosis else None,
            ticket_feedback=await self._feedback.of_ticket(case.ticket.id),
            pattern_feedback=await self._feedback.of_pattern(pattern_id, FEEDBACK_CONSIDERED)
            if pattern_id
            else (),
            category_feedback=await self._feedback.of_category(category, FEEDBACK_CONSIDERED),
            resolved=counts.resolved,
            closed=counts.closed,
            match=match,
            now=now,
            half_life_days=self._half_life_days,
            weights=self._weights,
        )

    async def rescore(self, case: Case) -> Scored:
        """The score of a case whose pattern is known already."""
        request = case.ticket.request
        pattern = (
            await self._patterns.get(case.ticket.pattern_id) if case.ticket.pattern_id else None
        )
        match = matching.match(request.text, request.category, [pattern] if pattern else [])
        return Scored(await self.score(case, match), match)

    def _new_pattern(self, case: Case) -> Pattern:
        request, now = case.ticket.request, self._clock.now()
        terms = matching.key_terms(request.text, request.category)
        return Pattern(
            pattern_id=f"pat-{matching.signature(request.category, terms)[:16]}",
            signature=matching.signature(request.category, terms),
            category=request.category,
            key_terms=terms,
            terms=matching.weighted(terms),
            first_seen_at=now,
            last_seen_at=now,
        )
