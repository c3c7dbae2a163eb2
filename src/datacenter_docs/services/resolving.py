"""Stop 1: find the cause. The resolver only reads; this service keeps of its plan what can be done. Nothing is stored here:
the decision keeps the diagnosis with itself, in one commit. After a crash in between, the cause is looked for again.
"""

from typing import NamedTuple

from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.errors import DatacenterDocsError, Unsupported
from datacenter_docs.domain.plans import Plan
from datacenter_docs.ports.platforms import PlatformReader
from datacenter_docs.ports.reasoning import Resolver
from datacenter_docs.ports.tickets import CaseStore


class Found(NamedTuple):
    """A case as it is stored, and the diagnosis that was just made of it. None: it has its own, or was decided without."""

    case: Case
    diagnosis: Diagnosis | None


class Resolving:
    """Diagnoses tickets."""

    def __init__(self, cases: CaseStore, resolver: Resolver, reader: PlatformReader) -> None:
        self._cases = cases
        self._resolver = resolver
        self._reader = reader

    async def resolve(self, ticket_id: str) -> Found:
        """Diagnose a case that was neither diagnosed nor decided before."""
        case = await self._cases.get(ticket_id)
        if case.diagnosis is not None or case.decision is not None:
            return Found(case, None)
        return Found(case, await self._possible(await self._resolver.resolve(case.ticket.request)))

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
