"""The fake of `ports/tickets.py`."""

from collections.abc import Sequence

from tests.fakes.counting import recount
from tests.fakes.memory import Memory, page

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.changing import changed
from datacenter_docs.domain.credence import SetAside
from datacenter_docs.domain.errors import Conflict
from datacenter_docs.domain.feedback import FeedbackType
from datacenter_docs.domain.tickets import Ticket, TicketState
from datacenter_docs.ports.pages import Page
from datacenter_docs.ports.tickets import Received, TicketFilter


class FakeCaseStore:
    """Tickets and their papers, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def receive(self, ticket: Ticket, entry: Entry) -> Received:
        earlier = self._memory.cases.get(ticket.id)
        if earlier is None:
            self._memory.cases[ticket.id] = Case(ticket=ticket)
            self._memory.ticket_outbox[ticket.id] = None
            self._memory.append([entry])
            return Received(ticket, created=True)
        ours, theirs = dict(earlier.ticket.request), dict(ticket.request)
        differences = {n: (ours[n], theirs[n]) for n in ours if ours[n] != theirs[n]}
        if differences:
            raise Conflict(f"Ticket {ticket.id} exists with other content.", differences)
        return Received(earlier.ticket, created=False)

    async def get(self, ticket_id: str) -> Case:
        return self._memory.case(ticket_id)

    async def find(self, wanted: TicketFilter, cursor: str | None, limit: int) -> Page[Ticket]:
        tickets = [case.ticket for case in self._memory.cases.values()]
        matching = [ticket for ticket in tickets if _matches(ticket, wanted)]
        matching.sort(key=lambda ticket: (ticket.received_at, ticket.id), reverse=True)
        return page("tickets", matching, lambda ticket: ticket.id, cursor, limit)

    async def change(
        self, ticket_id: str, change: CaseChange, entries: Sequence[Entry] = ()
    ) -> Case:
        before = self._memory.case(ticket_id)
        case = changed(before, change)
        self._memory.cases[ticket_id] = case
        if change.verification is not None:
            self._memory.verified_at[ticket_id] = change.at
            if not change.verification.passed:
                self._disbelieve(ticket_id)
        for pattern_id in {before.ticket.pattern_id, case.ticket.pattern_id} - {None}:
            if pattern_id in self._memory.patterns:
                recount(self._memory, pattern_id)
        self._memory.append(entries)
        return case

    def _disbelieve(self, ticket_id: str) -> None:
        """Praise of a repair whose verification failed counts for nothing."""
        for key, word in self._memory.feedback.items():
            if key[0] == ticket_id and word.effective_type is FeedbackType.POSITIVE:
                self._memory.set_aside.setdefault(key, SetAside.CONTRADICTED)

    async def undelivered(self, limit: int) -> Sequence[str]:
        waiting = [
            self._memory.cases[ticket_id].ticket for ticket_id in self._memory.ticket_outbox
        ]
        waiting.sort(key=lambda ticket: (ticket.received_at, ticket.id))
        return [ticket.id for ticket in waiting[:limit]]

    async def mark_delivered(self, ticket_ids: Sequence[str]) -> None:
        for ticket_id in ticket_ids:
            self._memory.ticket_outbox.pop(ticket_id, None)
            case = self._memory.cases.get(ticket_id)
            if case is not None and case.ticket.state is TicketState.RECEIVED:
                begun = case.ticket.replaced(state=TicketState.PROCESSING)
                self._memory.cases[ticket_id] = case.replaced(ticket=begun)


def _matches(ticket: Ticket, wanted: TicketFilter) -> bool:
    return (
        wanted.state in (None, ticket.state)
        and wanted.category in (None, ticket.request.category)
        and wanted.pattern_id in (None, ticket.pattern_id)
        and (wanted.since is None or ticket.received_at >= wanted.since)
    )
