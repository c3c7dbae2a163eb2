"""The fake of `ports/grants.py`."""

from collections.abc import Sequence

from tests.fakes.memory import Memory
from tests.fakes.tickets import FakeCaseStore

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.cases import CaseChange
from datacenter_docs.domain.errors import NotFound, Refused
from datacenter_docs.domain.grants import Grant
from datacenter_docs.domain.tickets import TicketState


class FakeGrantStore:
    """Grants and their outbox, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._cases = FakeCaseStore(memory)

    async def give(
        self, grant: Grant, *, expected: frozenset[TicketState], entries: Sequence[Entry]
    ) -> Grant:
        state = self._memory.case(grant.ticket_id).ticket.state
        if state not in expected:
            raise Refused(f"Ticket {grant.ticket_id} is {state} and cannot be answered now.")
        if any(g.plan_hash == grant.plan_hash for g in self._unsettled(grant.ticket_id)):
            raise Refused("This plan was answered already.")
        self._memory.grants[grant.grant_id] = grant
        self._memory.grant_outbox[grant.grant_id] = None
        self._memory.append(entries)
        return grant

    async def get(self, grant_id: str) -> Grant:
        try:
            return self._memory.grants[grant_id]
        except KeyError:
            raise NotFound(f"There is no grant {grant_id}.") from None

    async def pending(self, ticket_id: str) -> Grant | None:
        return next(iter(self._unsettled(ticket_id)), None)

    async def settle(
        self, grant_id: str, ticket_id: str, change: CaseChange, entries: Sequence[Entry]
    ) -> None:
        await self.get(grant_id)
        if grant_id not in self._memory.settled_grants:
            await self._cases.change(ticket_id, change, entries)
            self._memory.settled_grants.add(grant_id)
            self._memory.grant_outbox.pop(grant_id, None)

    async def expire(
        self, ticket_id: str, change: CaseChange, entries: Sequence[Entry]
    ) -> Grant | None:
        answered = await self.pending(ticket_id)
        if answered is None:
            await self._cases.change(ticket_id, change, entries)
        return answered

    async def undelivered(self, limit: int) -> Sequence[Grant]:
        waiting = [self._memory.grants[grant_id] for grant_id in self._memory.grant_outbox]
        return sorted(waiting, key=lambda g: (g.granted_at, g.grant_id))[:limit]

    async def mark_delivered(self, grant_ids: Sequence[str]) -> None:
        for grant_id in grant_ids:
            self._memory.grant_outbox.pop(grant_id, None)

    def _unsettled(self, ticket_id: str) -> list[Grant]:
        mine = [
            grant
            for grant in self._memory.grants.values()
            if grant.ticket_id == ticket_id and grant.grant_id not in self._memory.settled_grants
        ]
        return sorted(mine, key=lambda g: (g.granted_at, g.grant_id))
