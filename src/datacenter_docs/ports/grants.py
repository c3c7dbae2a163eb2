"""People's answers, durable before they are acknowledged, then handed to the waiting workflow."""

from collections.abc import Sequence
from typing import Protocol

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.cases import CaseChange
from datacenter_docs.domain.grants import Grant
from datacenter_docs.domain.tickets import TicketState


class GrantStore(Protocol):
    """Grants, and their outbox."""

    async def give(
        self, grant: Grant, *, expected: frozenset[TicketState], entries: Sequence[Entry]
    ) -> Grant:
        """Store an answer and put it in the outbox, if the ticket is in one of `expected` and no other answer to the same
        plan is pending (not yet settled). Raises `Refused` otherwise (nothing is written) and `NotFound` for an unknown ticket.
        """
        ...

    async def get(self, grant_id: str) -> Grant:
        """One grant. Raises `NotFound`."""
        ...

    async def pending(self, ticket_id: str) -> Grant | None:
        """The answer that was given and not yet settled; None: there is none."""
        ...

    async def settle(
        self, grant_id: str, ticket_id: str, change: CaseChange, entries: Sequence[Entry]
    ) -> None:
        """The workflow has taken the answer up: change the case and mark the grant settled, in one commit. Repeating it
        changes nothing.
        """
        ...

    async def expire(
        self, ticket_id: str, change: CaseChange, entries: Sequence[Entry]
    ) -> Grant | None:
        """Nobody answered in time: apply the change, unless an answer is pending after all, which is then returned and
        nothing is written.
        """
        ...

    async def undelivered(self, limit: int) -> Sequence[Grant]:
        """Answers that no workflow was told of yet, oldest first."""
        ...

    async def mark_delivered(self, grant_ids: Sequence[str]) -> None:
        """Take answers out of the outbox."""
        ...
