"""Stop 1: find the cause. The resolver only reads; this service keeps of its plan what can be done, and stores the rest of
what it returned.
"""

from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.errors import DatacenterDocsError, Unsupported
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.platforms import PlatformReader
from datacenter_docs.ports.reasoning import Resolver
from datacenter_docs.ports.tickets import CaseStore


class Resolving:
    """Diagnoses tickets."""

    def __init__(
        self, cases: CaseStore, resolver: Resolver, reader: PlatformReader, clock: Clock
    ) -> None:
        self._cases = cases
        self._resolver = resolver
        self._reader = reader
        self._clock = clock

    async def resolve(self, ticket_id: str) -> Case:
        """Diagnose and store; a case that has its diagnosis already, or was decided without one, is returned as it is."""
        case = await self._cases.get(ticket_id)
        if case.diagnosis is not None or case.decision is not None:
            return case
        diagnosis = await self._possible(await self._resolver.resolve(case.ticket.request))
        now = self._clock.now()
        entry = Entry(
            kind=EntryKind.TICKET_DIAGNOSED,
            at=now,
            ticket_id=ticket_id,
            body=diagnosis.model_dump(mode="json"),
        )
        change = CaseChange(at=now, state=TicketState.PROCESSING, diagnosis=diagnosis)
        return await self._cases.change(ticket_id, change, [entry])

    async def _possible(self, diagnosis: Diagnosis) -> Diagnosis:
        """Without a plan where a target cannot take its action: nobody is asked to approve what is refused afterwards. What
        an owner may still allow stays in the plan, and is told.
        """
        hindrances = [await self._hindrance(action) for action in diagnosis.plan.actions]
        told = [one for one in hindrances if one is not None]
        never = [one.message for one in told if isinstance(one, Unsupported)]
        if never:
            summary = f"{diagnosis.summary} What would help cannot be done: {' '.join(never)}"
            return diagnosis.replaced(summary=summary, plan=Plan())
        return diagnosis.replaced(unknowns=(*(one.message for one in told), *diagnosis.unknowns))

    async def _hindrance(self, action: Action) -> DatacenterDocsError | None:
        """Why the action could not be done from here; None: it could. A target that says so only when it is looked at is
        looked at.
        """
        try:
            cannot = await self._reader.can(action.operation, action.target)
            if cannot is None and action.look is None:
                await self._reader.look(action.operation, action.target, action.parameters)
        except DatacenterDocsError as error:
            return error
        return cannot
