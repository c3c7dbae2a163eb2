"""The timeline of a ticket as it grows, drawn from the journal alone."""

from collections.abc import AsyncIterator, Callable

from datacenter_docs.domain.audit import Record
from datacenter_docs.domain.tickets import CLOSED
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.journal import Journal
from datacenter_docs.ports.tickets import CaseStore

POLL_SECONDS = 0.5


class Watching:
    """Follows tickets."""

    def __init__(self, cases: CaseStore, journal: Journal, clock: Clock) -> None:
        self._cases = cases
        self._journal = journal
        self._clock = clock

    async def timeline(
        self, ticket_id: str, after_seq: int = 0, *, stopping: Callable[[], bool]
    ) -> AsyncIterator[Record]:
        """Every record of the ticket from `after_seq` on, as it is written, until the ticket is closed and all was told,
        or the server is `stopping`. Raises `NotFound` at once for an unknown ticket.
        """
        while True:
            closed = (await self._cases.get(ticket_id)).ticket.state in CLOSED
            page = await self._journal.page(ticket_id=ticket_id, after_seq=after_seq)
            for record in page.items:
                after_seq = record.seq
                yield record
            if page.next_cursor is None:
                if closed or stopping():
                    return
                await self._clock.sleep(POLL_SECONDS)
