"""Stop 4, the workflow's side: take up a person's answer, or find that nobody answered in time."""

from datetime import datetime
from typing import Any

from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.grants import Grant, GrantKind
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.grants import GrantStore
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.services.deciding import Next
from datacenter_docs.services.executing import plan_of


class Settling:
    """Turns a grant into the next stop; a grant for another plan, or too old, is void."""

    def __init__(self, cases: CaseStore, grants: GrantStore, clock: Clock) -> None:
        self._cases = cases
        self._grants = grants
        self._clock = clock

    async def settle(self, ticket_id: str, grant_id: str | None) -> dict[str, Any]:
        """`grant_id` None: nobody answered in time, which counts as refused, unless an answer came in this very moment. Whoever
        gave up waiting too early is told to wait on: time is over when the ticket says so, and not before.
        """
        case = await self._cases.get(ticket_id)
        now = self._clock.now()
        ends = case.ticket.approval_expires_at
        if grant_id is None and ends is not None and now < ends:
            return {"next": Next.ASK, "timeout_seconds": (ends - now).total_seconds()}
        grant = await self._grants.get(grant_id) if grant_id else await self._expire(case, now)
        if grant is None:
            return {"next": Next.END}
        if case.ticket.state is TicketState.REMEDIATING:  # taken up before a crash, in time then
            return _run(case)
        change, runs = self._consequence(case, grant, now)
        entry = Entry(
            kind=EntryKind.TICKET_CHANGED,
            at=now,
            actor=grant.approver,
            ticket_id=ticket_id,
            body={
                "state": change.state,
                "grant_id": grant.grant_id,
                "resolution": change.resolution,
            },
        )
        await self._grants.settle(grant.grant_id, ticket_id, change, [entry])
        if not runs:
            return {"next": Next.END}
        return _run(case)

    async def _expire(self, case: Case, now: datetime) -> Grant | None:
        text = "Nobody approved in time, so nothing was done."
        entry = Entry(
            kind=EntryKind.APPROVAL_EXPIRED,
            at=now,
            ticket_id=case.ticket.id,
            body={"resolution": text},
        )
        change = CaseChange(at=now, state=TicketState.REJECTED, resolution=text)
        return await self._grants.expire(case.ticket.id, change, [entry])

    @staticmethod
    def _consequence(case: Case, grant: Grant, now: datetime) -> tuple[CaseChange, bool]:
        plan = plan_of(case)
        if not grant.approved:
            text = f"{grant.approver} refused: {grant.comment or 'no reason was given'}"
            return CaseChange(at=now, state=TicketState.REJECTED, resolution=text), False
        if (grant.plan_hash, grant.state_hash) != (plan.content_hash, plan.state_hash):
            text = f"The answer of {grant.approver} was for another plan and is void; nothing was done."
        elif grant.expires_at <= now:
            text = f"The answer of {grant.approver} expired before a worker could take it up; nothing was done."
        else:
            return CaseChange(at=now, state=TicketState.REMEDIATING), True
        void = TicketState.PROPOSED if grant.kind is GrantKind.APPROVAL else None
        return CaseChange(at=now, state=void, resolution=text), False


def _run(case: Case) -> dict[str, Any]:
    return {"next": Next.RUN, "actions": len(plan_of(case).actions), "by_a_person": True}
