"""Stop 0: a ticket comes in. It is durable, and known only once, before anybody is told so."""

from collections.abc import Callable

from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.tickets import Ticket, TicketRequest, TicketState
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.tickets import CaseStore, Received


class Receiving:
    """Takes tickets in. `wake` tells a worker in the same process that there is work; it may do nothing."""

    def __init__(self, cases: CaseStore, clock: Clock, wake: Callable[[], None]) -> None:
        self._cases = cases
        self._clock = clock
        self._wake = wake

    async def receive(self, request: TicketRequest) -> Received:
        """Store a ticket. The same ticket again is answered with the stored one; raises `Conflict` for the same id with
        other content.
        """
        now = self._clock.now()
        ticket = Ticket(
            request=request, state=TicketState.RECEIVED, received_at=now, updated_at=now
        )
        entry = Entry(
            kind=EntryKind.TICKET_RECEIVED,
            at=now,
            actor=request.requester,
            ticket_id=request.ticket_id,
            body={"category": request.category, "opted_in": request.enable_auto_remediation},
        )
        received = await self._cases.receive(ticket, entry)
        if received.created:
            self._wake()
        return received
