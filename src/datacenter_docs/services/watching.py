"""The timeline of a ticket as it grows, drawn from the journal alone."""

from collections.abc import AsyncIterator, Callable

from datacenter_docs.domain.audit import Record
from datacenter_docs.domain.tickets import CLOSED, TicketState
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.grants import GrantStore
from datacenter_docs.ports.journal import Journal
from datacenter_docs.ports.tickets import CaseStore

POLL_SECONDS = 0.5
RESTING = CLOSED | {TicketState.PROPOSED, TicketState.AMBIGUOUS}


class Watching:
    """Follows tickets."""

    def __init__(
        self, cases: CaseStore, grants: GrantStore, journal: Journal, clock: Clock
    ) -> None:
        self._cases = cases
        self._grants = grants
        self._journal = journal
        self._clock = clock

    async def _rests(self, ticket_id: str) -> bool:
        """Whether nothing more happens by itself: it is closed, or waits for a person who has not answered yet."""
        state = (await self._cases.get(ticket_id)).ticket.state
        return state in RESTING and await self._grants.pending(ticket_id) is None

    async def timeline(
        self, ticket_id: str, after_seq: int = 0, *, stopping: Callable[[], bool]
    ) -> AsyncIterator[Record]:
        """Every record of the ticket from `after_seq` on, as it is written, until nothing more happens by itself
        and all was told (the ticket is closed, or waits for a person as `proposed` or `ambiguous`), or the server is
        `stopping`. Raises `NotFound` at once for an unknown ticket.
        """
        while True:
            rests = await self._rests(ticket_id)
            page = await self._journal.page(ticket_id=ticket_id, after_seq=after_seq)
            for record in page.items:
                after_seq = record.seq
                yield record
            if page.next_cursor is None:
                if rests or stopping():
                    return
                await self._clock.sleep(POLL_SECONDS)
