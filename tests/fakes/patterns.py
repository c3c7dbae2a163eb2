"""The fakes of `ports/patterns.py`."""

from collections.abc import Callable, Sequence
from datetime import datetime

from tests.fakes.memory import Memory, page

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.feedback import Feedback, FeedbackType
from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.domain.tickets import CLOSED, TicketState
from datacenter_docs.ports.pages import Page
from datacenter_docs.ports.patterns import ClosedCounts, PatternFilter


class FakePatternStore:
    """Patterns, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def of_category(self, category: str) -> Sequence[Pattern]:
        return [p for p in self._ordered() if p.category == category]

    async def get(self, pattern_id: str) -> Pattern:
        try:
            return self._memory.patterns[pattern_id]
        except KeyError:
            raise NotFound(f"There is no pattern {pattern_id}.") from None

    async def find(self, wanted: PatternFilter, cursor: str | None, limit: int) -> Page[Pattern]:
        matching = [
            p
            for p in self._ordered()
            if wanted.category in (None, p.category) and p.occurrences >= wanted.min_occurrences
        ]
        return page("patterns", matching, lambda p: p.pattern_id, cursor, limit)

    async def add(self, pattern: Pattern) -> Pattern:
        for known in self._memory.patterns.values():
            if known.signature == pattern.signature:
                return known
        self._memory.patterns[pattern.pattern_id] = pattern
        return pattern

    async def forbid_automation(
        self, pattern_id: str, *, forbidden: bool, entry: Entry
    ) -> Pattern:
        pattern = (await self.get(pattern_id)).replaced(automation_forbidden=forbidden)
        self._memory.patterns[pattern_id] = pattern
        self._memory.append([entry])
        return pattern

    async def refresh(self, pattern_id: str) -> Pattern:
        pattern = await self.get(pattern_id)
        cases = [c for c in self._memory.cases.values() if c.ticket.pattern_id == pattern_id]
        words = [self._words(case) for case in cases]
        counted = _of_cases(cases) | _of_words([word for some in words for word in some])
        passed = {c.ticket.id: c.verification.passed for c in cases if c.verification}
        if passed:
            latest = max(passed, key=lambda ticket_id: self._memory.verified_at[ticket_id])
            counted["last_verification_failed"] = not passed[latest]
        pattern = pattern.replaced(**counted)
        self._memory.patterns[pattern_id] = pattern
        return pattern

    def _ordered(self) -> list[Pattern]:
        return sorted(self._memory.patterns.values(), key=lambda p: (-p.occurrences, p.pattern_id))

    def _words(self, case: Case) -> list[Feedback]:
        return [f for f in self._memory.feedback.values() if f.request.ticket_id == case.ticket.id]


def _of_cases(cases: Sequence[Case]) -> dict[str, object]:
    states = [case.ticket.state for case in cases]
    scores = [case.score.overall_score for case in cases if case.score]
    confidences = [case.diagnosis.confidence for case in cases if case.diagnosis]
    executed = [case for case in cases if case.executed]
    counted: dict[str, object] = {
        "occurrences": len(cases),
        "resolved": states.count(TicketState.RESOLVED),
        "failed": sum(s in CLOSED and s is not TicketState.RESOLVED for s in states),
        "confidence_sum": sum(confidences),
        "confidence_count": len(confidences),
        "reliability_sum": sum(scores),
        "reliability_count": len(scores),
        "executions": len(executed),
        "executions_succeeded": sum(
            bool(c.verification and c.verification.passed) for c in executed
        ),
    }
    if cases:
        counted["first_seen_at"] = min(case.ticket.received_at for case in cases)
        counted["last_seen_at"] = max(case.ticket.received_at for case in cases)
    return counted


def _of_words(words: Sequence[Feedback]) -> dict[str, object]:
    kinds = [word.effective_type for word in words]
    ratings = [word.request.rating for word in words if word.request.rating is not None]
    counts = {kind.value: kinds.count(kind) for kind in FeedbackType}
    return {**counts, "rating_sum": sum(ratings), "rating_count": len(ratings)}


class FakeFeedbackStore:
    """People's words, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def put(self, feedback: Feedback, entry: Entry) -> bool:
        self._memory.case(feedback.request.ticket_id)
        key = (feedback.request.ticket_id, feedback.request.author)
        replaced = key in self._memory.feedback
        self._memory.feedback[key] = feedback
        self._memory.append([entry])
        return replaced

    async def of_ticket(self, ticket_id: str) -> Sequence[Feedback]:
        return self._latest_first(lambda case: case.ticket.id == ticket_id)[::-1]

    async def of_pattern(self, pattern_id: str, limit: int) -> Sequence[Feedback]:
        return self._latest_first(lambda case: case.ticket.pattern_id == pattern_id)[:limit]

    async def of_category(self, category: str, limit: int) -> Sequence[Feedback]:
        return self._latest_first(lambda case: case.ticket.request.category == category)[:limit]

    def _latest_first(self, wanted: Callable[[Case], bool]) -> list[Feedback]:
        words = [
            word
            for (ticket_id, _), word in self._memory.feedback.items()
            if wanted(self._memory.cases[ticket_id])
        ]
        return sorted(words, key=lambda word: (word.given_at, word.feedback_id), reverse=True)


class FakeHistory:
    """Closed tickets in numbers, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def closed_counts(self, category: str, since: datetime) -> ClosedCounts:
        states = [
            case.ticket.state
            for case in self._memory.cases.values()
            if case.ticket.request.category == category
            and case.ticket.closed_at is not None
            and case.ticket.closed_at >= since
        ]
        return ClosedCounts(resolved=states.count(TicketState.RESOLVED), closed=len(states))
