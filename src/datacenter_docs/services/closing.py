"""Stop 8: the honest end of a remediation: state, resolution text, notice, locks given back."""

from collections.abc import Sequence

from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.outcomes import Outcome, OutcomeKind
from datacenter_docs.domain.tickets import MOVES, TicketState
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.notices import Meter, Notice, Notifier
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.services.executing import CONCLUSION, Executing, plan_of

NEEDS_A_PERSON = frozenset(
    {TicketState.PARTIALLY_REMEDIATED, TicketState.AMBIGUOUS, TicketState.FAILED}
)


def final_state(case: Case) -> TicketState:
    """Where a remediation ended, from its outcomes and its verification alone."""
    forward = forward_outcomes(case)
    kinds = {outcome.kind for outcome in case.outcomes}
    if OutcomeKind.AMBIGUOUS in kinds:
        return TicketState.AMBIGUOUS
    if any(o.action_id.endswith(CONCLUSION) and not o.succeeded for o in case.outcomes):
        return TicketState.PARTIALLY_REMEDIATED
    complete = len(forward) == len(plan_of(case).actions) and all(
        outcome.succeeded for outcome in forward
    )
    if complete and case.verification is not None and case.verification.passed:
        return TicketState.RESOLVED
    if any(outcome.kind is OutcomeKind.CHANGED for outcome in forward):
        return TicketState.PARTIALLY_REMEDIATED
    if any(outcome.kind is OutcomeKind.FAILED for outcome in forward) or complete:
        return TicketState.FAILED
    return TicketState.PROPOSED


def forward_outcomes(case: Case) -> Sequence[Outcome]:
    """The outcomes of the plan's actions, without those of their undoing."""
    plan = plan_of(case)
    wanted = {plan.action_id(case.ticket.id, index) for index in range(len(plan.actions))}
    return [outcome for outcome in case.outcomes if outcome.action_id in wanted]


def resolution(case: Case, state: TicketState, refusal: str | None) -> str:
    """The sentences that a person reads: what was found, what was done, what was seen after it."""
    lines = [case.diagnosis.summary] if case.diagnosis else []
    if refusal:
        lines.append(f"Not started: {refusal}")
    lines += [
        f"{outcome.operation} on {outcome.target}: {outcome.message}" for outcome in case.outcomes
    ]
    if case.verification:
        lines += [
            f"{'Verified' if check.passed else 'Not verified'}: {check.name}: wanted {check.wanted}, seen {check.seen}."
            for check in case.verification.checks
        ]
    if state is TicketState.AMBIGUOUS:
        lines.append("Somebody has to look at the target and close this ticket by hand.")
    return "\n".join(lines)


class Closing:
    """Ends remediations."""

    def __init__(
        self,
        cases: CaseStore,
        executing: Executing,
        notifier: Notifier,
        meter: Meter,
        clock: Clock,
    ) -> None:
        self._cases = cases
        self._executing = executing
        self._notifier = notifier
        self._meter = meter
        self._clock = clock

    async def close(self, ticket_id: str, refusal: str | None = None) -> TicketState:
        """Write the end. `refusal`: why nothing was started (a lock, a limit); None: it was started. Repeating is fine."""
        case = await self._cases.get(ticket_id)
        if case.ticket.state is not TicketState.REMEDIATING:
            await self._executing.release(ticket_id)
            return case.ticket.state
        state = TicketState.PROPOSED if refusal else final_state(case)
        text = resolution(case, state, refusal)
        if (
            state in NEEDS_A_PERSON
        ):  # first: after a crash a notice may come twice, but never not at all
            urgent = state is TicketState.AMBIGUOUS or _undo_failed(case)
            await self._notifier.notify(
                Notice(ticket_id, f"Ticket {ticket_id} ended {state}", text, urgent)
            )
        now = self._clock.now()
        entry = Entry(
            kind=EntryKind.TICKET_CHANGED,
            at=now,
            ticket_id=ticket_id,
            body={"state": state, "resolution": text},
        )
        await self._cases.change(
            ticket_id, CaseChange(at=now, state=state, resolution=text), [entry]
        )
        await self._executing.release(ticket_id)
        category = case.ticket.request.category
        if state is TicketState.RESOLVED:
            self._meter.succeeded(category)
        elif not refusal:
            self._meter.failed(category)
        return state

    async def give_up(self, ticket_id: str, trouble: str) -> TicketState:
        """A stop before any action broke: the ticket ends `failed`, and says why. Repeating is fine."""
        case = await self._cases.get(ticket_id)
        if TicketState.FAILED not in MOVES[case.ticket.state]:
            return case.ticket.state
        now = self._clock.now()
        text = f"Nothing was done: {trouble}"
        entry = Entry(
            kind=EntryKind.TICKET_CHANGED,
            at=now,
            ticket_id=ticket_id,
            body={"state": TicketState.FAILED, "resolution": text},
        )
        await self._cases.change(
            ticket_id, CaseChange(at=now, state=TicketState.FAILED, resolution=text), [entry]
        )
        return TicketState.FAILED


def _undo_failed(case: Case) -> bool:
    return any(
        outcome.action_id.endswith("/undo")
        and outcome.kind not in (OutcomeKind.UNDONE, OutcomeKind.UNCHANGED)
        for outcome in case.outcomes
    )
