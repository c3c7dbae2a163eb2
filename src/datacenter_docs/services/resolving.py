"""Stop 1: find the cause. The resolver only reads, and nothing is stored here: the decision keeps the diagnosis with itself,
in one commit. After a crash in between, the cause is looked for again.
"""

from typing import NamedTuple

from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.ports.reasoning import Resolver
from datacenter_docs.ports.tickets import CaseStore


class Found(NamedTuple):
    """A case as it is stored, and the diagnosis that was just made of it. None: it has its own, or was decided without."""

    case: Case
    diagnosis: Diagnosis | None


class Resolving:
    """Diagnoses tickets."""

    def __init__(self, cases: CaseStore, resolver: Resolver) -> None:
        self._cases = cases
        self._resolver = resolver

    async def resolve(self, ticket_id: str) -> Found:
        """Diagnose a case that was neither diagnosed nor decided before."""
        case = await self._cases.get(ticket_id)
        if case.diagnosis is not None or case.decision is not None:
            return Found(case, None)
        return Found(case, await self._resolver.resolve(case.ticket.request))
