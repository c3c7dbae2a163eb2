"""Stop 2: how far can this diagnosis be trusted? Gathers what the score is made of; the formula is the domain's."""

import asyncio
from datetime import timedelta

from datacenter_docs.domain import matching, reliability
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.masking import Masked, masked
from datacenter_docs.domain.patterns import Match, Pattern
from datacenter_docs.domain.recognition import Band, Recognised
from datacenter_docs.domain.reliability import Score, Weights
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.patterns import FeedbackStore, History, PatternStore
from datacenter_docs.services.recognising import Recognising

FEEDBACK_CONSIDERED = 1_000
"""The latest so many feedbacks of a pattern or category count; older ones weigh next to nothing by their age."""


class Scoring:
    """Scores cases and finds their patterns. Reads only, but for adding a pattern that is new."""

    def __init__(
        self,
        patterns: PatternStore,
        recognising: Recognising,
        feedback: FeedbackStore,
        history: History,
        clock: Clock,
        *,
        weights: Weights,
        half_life_days: float,
        history_days: int,
    ) -> None:
        self._patterns = patterns
        self._recognising = recognising
        self._feedback = feedback
        self._history = history
        self._clock = clock
        self._weights = weights
        self._half_life_days = half_life_days
        self._history_days = history_days

    async def find_pattern(self, case: Case) -> Match:
        """The ticket's pattern, counted as if the ticket belonged to it already. None alike enough: a new one is stored,
        with `similarity` 1 to itself.
        """
        request = case.ticket.request
        text = masked(request.text)
        found = await self._recognising.find(text, request.category)
        if found.key is None or found.band is Band.NONE:
            match = await self._found(text, request.category, found)
        else:
            pattern = await self._living(found.key)
            match = matching.match_of(found, pattern)
            if found.band is Band.AUTOMATIC:
                await self._recognising.learn(pattern.pattern_id, text, found)
        if match.pattern is None or case.ticket.pattern_id is not None:
            return match
        seen = match.pattern.replaced(occurrences=match.pattern.occurrences + 1)
        return match.replaced(pattern=seen)

    async def _living(self, pattern_id: str) -> Pattern:
        """The pattern, or the one that it was merged into since the look-up."""
        pattern = await self._patterns.get(pattern_id)
        return await self._living(pattern.merged_into) if pattern.merged_into else pattern

    async def _found(self, text: Masked, category: str, found: Recognised) -> Match:
        """Found a pattern. One that has the same words already is taken, but was not recognised: that is uncertain."""
        new = matching.new_pattern(text, category, self._clock.now())
        pattern = await self._patterns.add(new, text)
        if pattern.occurrences:
            return matching.match_of(found, pattern)
        return Match(pattern=pattern, similarity=1.0, margin=1.0, terms=pattern.key_terms)

    async def score(self, case: Case, match: Match) -> Score:
        """The score of a case as things stand now."""
        category, now = case.ticket.request.category, self._clock.now()
        since = now - timedelta(days=self._history_days)
        pattern_id = match.pattern.pattern_id if match.pattern else None
        counts, said = await asyncio.gather(
            self._history.closed_counts(category, since),
            self._feedback.said_of(case.ticket.id, pattern_id, category, FEEDBACK_CONSIDERED),
        )
        return reliability.score(
            ai_confidence=case.diagnosis.confidence if case.diagnosis else None,
            ticket_feedback=said.of_ticket,
            pattern_feedback=said.of_pattern,
            category_feedback=said.of_category,
            resolved=counts.resolved,
            closed=counts.closed,
            match=match,
            now=now,
            half_life_days=self._half_life_days,
            weights=self._weights,
        )

    async def rescore(self, case: Case) -> Score:
        """The score of a case whose pattern is known already."""
        request = case.ticket.request
        pattern_id = case.ticket.pattern_id
        if pattern_id is None:
            return await self.score(case, Match(pattern=None, similarity=0.0))
        pattern, similarity = await asyncio.gather(
            self._patterns.get(pattern_id),
            self._recognising.probability_of(pattern_id, masked(request.text)),
        )
        return await self.score(case, Match(pattern=pattern, similarity=similarity))
