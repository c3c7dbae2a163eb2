"""Where cases are kept. Every write is durable before it returns, and carries its journal entries in the same commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.tickets import Ticket, TicketState
from datacenter_docs.ports.pages import Page


@dataclass(frozen=True, slots=True)
class Received:
    """The answer to `receive`. `created` False: the same ticket with the same content was there already."""

    ticket: Ticket
    created: bool


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What to list; None: no restriction. `since` compares with `received_at`."""

    state: TicketState | None = None
    category: str | None = None
    pattern_id: str | None = None
    since: datetime | None = None


class CaseStore(Protocol):
    """Tickets and their papers."""

    async def receive(self, ticket: Ticket, entry: Entry) -> Received:
        """Store a new ticket; it is then in the outbox. Raises `Conflict` when the id exists with other content."""
        ...

    async def get(self, ticket_id: str) -> Case:
        """The whole case. Raises `NotFound`."""
        ...

    async def find(self, wanted: TicketFilter, cursor: str | None, limit: int) -> Page[Ticket]:
        """Tickets, newest first. Raises `Invalid` for a cursor that was not given by this method."""
        ...

    async def change(
        self, ticket_id: str, change: CaseChange, entries: Sequence[Entry] = ()
    ) -> Case:
        """Apply a change and journal it in one commit. Raises `NotFound`, or `Refused` when the state does not allow it
        (`domain.tickets.MOVES`, or `change.expected`); then nothing is written, the entries neither.
        A new pattern or score recounts the ticket's pattern in the same commit. Sets `closed_at` when the new state is in `CLOSED`, else clears it; `updated_at` is `change.at`.
        """
        ...

    async def undelivered(self, limit: int) -> Sequence[str]:
        """Ids of tickets in the outbox (no workflow started yet), oldest first."""
        ...

    async def mark_delivered(self, ticket_ids: Sequence[str]) -> None:
        """Take tickets out of the outbox: what was `received` is then `processing`. Unknown ids are ignored."""
        ...
