"""The fakes of `ports/patterns.py`."""

from collections.abc import Callable, Sequence
from datetime import datetime

from tests.fakes.counting import recount
from tests.fakes.memory import Memory, page

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.feedback import Feedback
from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.pages import Page
from datacenter_docs.ports.patterns import ClosedCounts, PatternFilter, Said


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
        await self.get(pattern_id)
        return recount(self._memory, pattern_id)

    def _ordered(self) -> list[Pattern]:
        return sorted(self._memory.patterns.values(), key=lambda p: (-p.occurrences, p.pattern_id))


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

    async def said_of(
        self, ticket_id: str, pattern_id: str | None, category: str, limit: int
    ) -> Said:
        return Said(
            self._latest_first(lambda case: case.ticket.id == ticket_id)[:limit],
            self._latest_first(lambda case: case.ticket.pattern_id == pattern_id is not None)[
                :limit
            ],
            self._latest_first(lambda case: case.ticket.request.category == category)[:limit],
        )

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
