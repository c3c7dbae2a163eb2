"""Stop 1: find the cause. The resolver only reads; this service stores what it returned."""

from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.reasoning import Resolver
from datacenter_docs.ports.tickets import CaseStore


class Resolving:
    """Diagnoses tickets."""

    def __init__(self, cases: CaseStore, resolver: Resolver, clock: Clock) -> None:
        self._cases = cases
        self._resolver = resolver
        self._clock = clock

    async def resolve(self, ticket_id: str) -> Case:
        """Diagnose and store; a case that has its diagnosis already, or was decided without one, is returned as it is."""
        case = await self._cases.get(ticket_id)
        if case.diagnosis is not None or case.decision is not None:
            return case
        diagnosis = await self._resolver.resolve(case.ticket.request)
        now = self._clock.now()
        entry = Entry(
            kind=EntryKind.TICKET_DIAGNOSED,
            at=now,
            ticket_id=ticket_id,
            body=diagnosis.model_dump(mode="json"),
        )
        change = CaseChange(at=now, state=TicketState.PROCESSING, diagnosis=diagnosis)
        return await self._cases.change(ticket_id, change, [entry])
