"""Stop 2: how far can this diagnosis be trusted? Gathers what the score is made of; the formula is the domain's."""

import asyncio
from datetime import timedelta
from typing import NamedTuple

from datacenter_docs.domain import matching, reliability
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.masking import Masked, masked
from datacenter_docs.domain.patterns import Match, Pattern
from datacenter_docs.domain.recognition import Band, Recognised
from datacenter_docs.domain.reliability import Score, Weights
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.patterns import ClosedCounts, FeedbackStore, History, PatternStore, Said
from datacenter_docs.services.recognising import Recognising

FEEDBACK_CONSIDERED = 1_000
"""The latest so many feedbacks of a pattern or category count; older ones weigh next to nothing by their age."""


class Judged(NamedTuple):
    """A ticket's pattern, and how far its diagnosis can be trusted."""

    match: Match
    score: Score


class _Known(NamedTuple):
    """What is remembered of tickets like one."""

    counts: ClosedCounts
    said: Said


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

    async def recognise(self, case: Case) -> Recognised:
        """Which of the known patterns the ticket is of, before anything is read of that."""
        request = case.ticket.request
        return await self._recognising.find(masked(request.text), request.category)

    async def judge(self, case: Case, found: Recognised) -> Judged:
        """The ticket's pattern, counted as if the ticket belonged to it already, and the score as things stand now. None alike
        enough: a new pattern is stored, with `similarity` 1 to itself.
        """
        request = case.ticket.request
        text = masked(request.text)
        if found.key is None or found.band is Band.NONE:
            match = await self._found(text, request.category, found)
            known = await self._known(case, match.pattern.pattern_id if match.pattern else None)
        else:
            # Whether the pattern was merged into another meanwhile, which is rare, is seen only when it was read.
            pattern, known = await asyncio.gather(
                self._living(found.key), self._known(case, found.key)
            )
            if pattern.pattern_id != found.key:
                known = await self._known(case, pattern.pattern_id)
            match = matching.match_of(found, pattern)
            if found.band is Band.AUTOMATIC:
                await self._recognising.learn(pattern.pattern_id, text, found)
        if match.pattern is not None and case.ticket.pattern_id is None:
            seen = match.pattern.replaced(occurrences=match.pattern.occurrences + 1)
            match = match.replaced(pattern=seen)
        return Judged(match, self._score(case, match, known))

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

    async def _known(self, case: Case, pattern_id: str | None) -> _Known:
        """What is remembered of tickets like this one. `pattern_id` None: it has no pattern."""
        category = case.ticket.request.category
        since = self._clock.now() - timedelta(days=self._history_days)
        counts, said = await asyncio.gather(
            self._history.closed_counts(category, since),
            self._feedback.said_of(case.ticket.id, pattern_id, category, FEEDBACK_CONSIDERED),
        )
        return _Known(counts, said)

    def _score(self, case: Case, match: Match, known: _Known) -> Score:
        return reliability.score(
            ai_confidence=case.diagnosis.confidence if case.diagnosis else None,
            ticket_feedback=known.said.of_ticket,
            pattern_feedback=known.said.of_pattern,
            category_feedback=known.said.of_category,
            resolved=known.counts.resolved,
            closed=known.counts.closed,
            match=match,
            now=self._clock.now(),
            half_life_days=self._half_life_days,
            weights=self._weights,
        )

    async def rescore(self, case: Case) -> Score:
        """The score of a case whose pattern is known already."""
        request = case.ticket.request
        pattern_id = case.ticket.pattern_id
        known = self._known(case, pattern_id)
        if pattern_id is None:
            return self._score(case, Match(pattern=None, similarity=0.0), await known)
        pattern, similarity, told = await asyncio.gather(
            self._patterns.get(pattern_id),
            self._recognising.probability_of(pattern_id, masked(request.text)),
            known,
        )
        return self._score(case, Match(pattern=pattern, similarity=similarity), told)
