"""The fakes of `ports/patterns.py`."""

from collections.abc import Callable, Sequence
from datetime import datetime

from tests.fakes.counting import recount
from tests.fakes.memory import Memory, page

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.credence import AUTHOR_SPAN, BURST_SPAN, set_aside
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.feedback import Feedback, FeedbackType
from datacenter_docs.domain.masking import Masked
from datacenter_docs.domain.patterns import Pattern, Stage
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.pages import Page
from datacenter_docs.ports.patterns import ClosedCounts, PatternFilter, Prototype, Put, Said


class FakePatternStore:
    """Patterns, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def prototypes_after(self, number: int) -> Sequence[Prototype]:
        return [one for one in self._memory.prototypes if one.number > number]

    async def remember(self, pattern_id: str, text: Masked) -> None:
        pattern = await self._living(pattern_id)
        if text.signature not in {
            one.text.signature for one in self._standing(pattern.pattern_id)
        }:
            self._tell(pattern.pattern_id, pattern.category, text)

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

    async def add(self, pattern: Pattern, text: Masked) -> Pattern:
        same = [p for p in self._memory.patterns.values() if p.signature == pattern.signature]
        kept = await self._living(same[0].pattern_id) if same else pattern
        if not same:
            self._memory.patterns[pattern.pattern_id] = pattern
        await self.remember(kept.pattern_id, text)
        return kept

    async def rename(self, pattern_id: str, name: str | None, entry: Entry) -> Pattern:
        pattern = (await self.get(pattern_id)).replaced(name=name)
        self._memory.patterns[pattern_id] = pattern
        self._memory.append([entry])
        return pattern

    async def merge(self, pattern_id: str, into: str, entry: Entry) -> Pattern:
        gone, kept = await self.get(pattern_id), await self.get(into)
        forbidden = kept.automation_forbidden or gone.automation_forbidden
        self._memory.patterns[pattern_id] = gone.replaced(merged_into=into)
        self._memory.patterns[into] = kept.replaced(automation_forbidden=forbidden)
        self._move([case.ticket.id for case in self._cases(pattern_id)], into)
        for one in self._standing(pattern_id):
            self._tell(pattern_id, one.category, one.text, one.number)
            await self.remember(into, one.text)
        return self._recounted(entry, pattern_id, into)

    async def split(
        self,
        pattern_id: str,
        ticket_ids: Sequence[str],
        new: Pattern,
        texts: Sequence[Masked],
        entry: Entry,
    ) -> Pattern:
        await self.get(pattern_id)
        self._memory.patterns[new.pattern_id] = new
        mine = {case.ticket.id for case in self._cases(pattern_id)}
        self._move([ticket_id for ticket_id in ticket_ids if ticket_id in mine], new.pattern_id)
        said = {text.signature for text in texts}
        for one in self._standing(pattern_id):
            if one.text.signature in said:
                self._tell(pattern_id, one.category, one.text, one.number)
        for text in texts:
            await self.remember(new.pattern_id, text)
        return self._recounted(entry, pattern_id, new.pattern_id)

    async def forbid_automation(
        self, pattern_id: str, *, forbidden: bool, entry: Entry
    ) -> Pattern:
        pattern = (await self.get(pattern_id)).replaced(automation_forbidden=forbidden)
        self._memory.patterns[pattern_id] = pattern
        self._memory.append([entry])
        return pattern

    async def tell_stage(self, pattern_id: str, stage: Stage, entry: Entry) -> None:
        pattern = await self.get(pattern_id)
        self._memory.patterns[pattern_id] = pattern.replaced(stage_told=stage)
        self._memory.append([entry])

    async def refresh(self, pattern_id: str) -> Pattern:
        await self.get(pattern_id)
        return recount(self._memory, pattern_id)

    def _ordered(self) -> list[Pattern]:
        living = [p for p in self._memory.patterns.values() if p.merged_into is None]
        return sorted(living, key=lambda p: (-p.occurrences, p.pattern_id))

    async def _living(self, pattern_id: str) -> Pattern:
        pattern = await self.get(pattern_id)
        return await self._living(pattern.merged_into) if pattern.merged_into else pattern

    def _cases(self, pattern_id: str) -> list[Case]:
        return [c for c in self._memory.cases.values() if c.ticket.pattern_id == pattern_id]

    def _move(self, ticket_ids: Sequence[str], into: str) -> None:
        for ticket_id in ticket_ids:
            case = self._memory.cases[ticket_id]
            self._memory.cases[ticket_id] = case.replaced(
                ticket=case.ticket.replaced(pattern_id=into)
            )

    def _tell(
        self, pattern_id: str, category: str, text: Masked, removes: int | None = None
    ) -> None:
        number = len(self._memory.prototypes) + 1
        self._memory.prototypes.append(Prototype(number, pattern_id, category, text, removes))

    def _standing(self, pattern_id: str) -> list[Prototype]:
        gone = {one.removes for one in self._memory.prototypes}
        return [
            one
            for one in self._memory.prototypes
            if one.pattern_id == pattern_id and one.removes is None and one.number not in gone
        ]

    def _recounted(self, entry: Entry, before: str, after: str) -> Pattern:
        self._memory.append([entry])
        recount(self._memory, before)
        return recount(self._memory, after)


class FakeFeedbackStore:
    """People's words, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def put(self, feedback: Feedback, entry: Entry) -> Put:
        case = self._memory.case(feedback.request.ticket_id)
        key = (feedback.request.ticket_id, feedback.request.author)
        replaced = self._memory.feedback.pop(key, None) is not None
        pattern_id = case.ticket.pattern_id
        aside = set_aside(
            feedback,
            verification_failed=case.verification is not None and not case.verification.passed,
            by_author=self._praise(pattern_id, feedback.given_at - AUTHOR_SPAN, key[1]),
            lately=self._praise(pattern_id, feedback.given_at - BURST_SPAN),
        )
        self._memory.feedback[key] = feedback
        if aside is None:
            self._memory.set_aside.pop(key, None)
        else:
            self._memory.set_aside[key] = aside
        if pattern_id in self._memory.patterns:
            recount(self._memory, pattern_id)
        told = entry.replaced(body={**entry.body, "set_aside": aside}) if aside else entry
        self._memory.append([told])
        return Put(replaced, aside)

    def _praise(self, pattern_id: str | None, since: datetime, author: str | None = None) -> int:
        return sum(
            word.effective_type is FeedbackType.POSITIVE
            and (ticket_id, by) not in self._memory.set_aside
            and word.given_at > since
            and author in (None, by)
            and self._memory.cases[ticket_id].ticket.pattern_id == pattern_id is not None
            for (ticket_id, by), word in self._memory.feedback.items()
        )

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
            for (ticket_id, author), word in self._memory.feedback.items()
            if wanted(self._memory.cases[ticket_id])
            and (ticket_id, author) not in self._memory.set_aside
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
