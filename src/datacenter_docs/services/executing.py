"""Stops 5 and 7: run the actions of a plan in order; after a failure, undo what was done, in reverse.

Holds the locks and the hourly limits around the actions. Called step by step by the workflow, and every step may be
called again after a crash: acting finds out from the journal what was done.
"""

from collections.abc import Sequence

from datacenter_docs.domain import catalogue, classification
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.outcomes import Check, Outcome, OutcomeKind, Verification
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.guards import RateLimit, RateLimiter, ResourceLocks
from datacenter_docs.ports.notices import Meter
from datacenter_docs.ports.platforms import PlatformReader
from datacenter_docs.ports.policies import PolicyStore
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.services.acting import BACKWARD, Acting, Order
from datacenter_docs.services.checking import limits_of

LOCK_INTERVAL_SECONDS = 1.0
PRE_STATE = "pre-state of "
CONCLUSION = "/conclude"


class Executing:
    """Runs plans and undoes them. `lock_wait_seconds`: how long to wait for a resource that another remediation holds."""

    def __init__(
        self,
        cases: CaseStore,
        policies: PolicyStore,
        reader: PlatformReader,
        acting: Acting,
        locks: ResourceLocks,
        limiter: RateLimiter,
        meter: Meter,
        clock: Clock,
        *,
        global_limit: RateLimit,
        lock_wait_seconds: float,
    ) -> None:
        self._cases = cases
        self._policies = policies
        self._reader = reader
        self._acting = acting
        self._locks = locks
        self._limiter = limiter
        self._meter = meter
        self._clock = clock
        self._global_limit = global_limit
        self._lock_wait_seconds = lock_wait_seconds

    async def reserve(self, ticket_id: str) -> str | None:
        """Take the locks and count the actions against the limits. None: go on. Else the sentence why not."""
        case = await self._cases.get(ticket_id)
        plan = plan_of(case)
        targets = sorted({action.target for action in plan.actions})
        waited = 0.0
        while held := await self._locks.acquire(targets, holder=ticket_id, at=self._clock.now()):
            if waited >= self._lock_wait_seconds:
                return "; ".join(
                    f"{target} is under remediation by {holder}" for target, holder in held.items()
                )
            await self._clock.sleep(LOCK_INTERVAL_SECONDS)
            waited += LOCK_INTERVAL_SECONDS
        policy = await self._policies.for_category(case.ticket.request.category)
        limits = limits_of(self._global_limit, policy)
        ids = [plan.action_id(ticket_id, index) for index in range(len(plan.actions))]
        refusal = await self._limiter.reserve(ids, limits, at=self._clock.now())
        if refusal is None:
            self._meter.attempted(case.ticket.request.category)
        return refusal

    async def release(self, ticket_id: str) -> None:
        """Give the locks back; repeating it is fine."""
        await self._locks.release(ticket_id)

    async def run(self, ticket_id: str, index: int, *, by_a_person: bool) -> Outcome:
        """Perform one action of the plan and add its outcome to the case."""
        case = await self._cases.get(ticket_id)
        plan = plan_of(case)
        order = Order(
            ticket_id, plan.action_id(ticket_id, index), plan.actions[index], by_a_person
        )
        outcome = await self._acting.perform(order)
        await self._keep(case, outcome)
        return outcome

    async def undo(self, ticket_id: str, index: int) -> Outcome | None:
        """Undo one action that may have changed something. None: there was nothing to undo. An action without an inverse
        gives a `refused` outcome that says so.
        """
        case = await self._cases.get(ticket_id)
        plan = plan_of(case)
        action, forward_id = plan.actions[index], plan.action_id(ticket_id, index)
        forward = next((o for o in case.outcomes if o.action_id == forward_id), None)
        if forward is None or not forward.may_have_changed:
            return None
        inverse = classification.inverse_action(action)
        if inverse is None:
            return (
                None
                if self._restart_like(action)
                else await self._cannot_undo(case, action, f"{forward_id}/undo")
            )
        order = Order(
            ticket_id,
            f"{forward_id}/undo",
            inverse,
            by_a_person=True,
            phase=BACKWARD,
            pre_state_must_hold=False,
        )
        outcome = await self._acting.perform(order)
        await self._keep(case, outcome)
        return outcome

    async def conclude(self, ticket_id: str) -> bool:
        """Make final what the verified plan did and could still take back. False: something could not be made final."""
        case = await self._cases.get(ticket_id)
        plan = plan_of(case)
        for index, action in enumerate(plan.actions):
            forward_id, conclusion = (
                plan.action_id(ticket_id, index),
                classification.conclusion_of(action),
            )
            done = next((o for o in case.outcomes if o.action_id == forward_id), None)
            if conclusion is None or done is None or done.kind is not OutcomeKind.CHANGED:
                continue
            order = Order(
                ticket_id,
                f"{forward_id}{CONCLUSION}",
                conclusion,
                by_a_person=True,  # whoever allowed the action allowed its end
                pre_state_must_hold=False,
            )
            case = await self._keep(case, await self._acting.perform(order))
        return all(o.succeeded for o in case.outcomes if o.action_id.endswith(CONCLUSION))

    async def is_ambiguous(self, ticket_id: str, asked: int) -> bool:
        """Whether the effect of an action is unknown; then nothing more is touched, not even to undo. One of the first
        `asked` actions without any outcome broke in the middle: it is given an ambiguous one, for a person to look at.
        """
        case = await self._cases.get(ticket_id)
        plan, known = plan_of(case), {outcome.action_id for outcome in case.outcomes}
        for index, action in enumerate(plan.actions[:asked]):
            action_id = plan.action_id(ticket_id, index)
            if action_id not in known:
                broke = "It broke in the middle, and nobody can tell whether it took effect."
                outcome = self._outcome(action, action_id, OutcomeKind.AMBIGUOUS, broke)
                case = await self._keep(case, outcome, EntryKind.ACTION_FINISHED)
        return any(outcome.kind is OutcomeKind.AMBIGUOUS for outcome in case.outcomes)

    async def compare_pre_state(self, ticket_id: str) -> Verification | None:
        """After an undo: is every target as the plan had seen it? Stored beside what failed. None: nothing was changed."""
        case = await self._cases.get(ticket_id)
        if not case.executed:
            return None
        earlier = [c for c in _failed_checks(case) if not c.name.startswith(PRE_STATE)]
        compared = [await self._compare(action) for action in plan_of(case).actions]
        verification = Verification(checks=(*earlier, *compared))
        now = self._clock.now()
        entry = Entry(
            kind=EntryKind.PLAN_VERIFIED, at=now, ticket_id=ticket_id, body=verification.to_dict()
        )
        await self._cases.change(ticket_id, CaseChange(at=now, verification=verification), [entry])
        return verification

    async def _compare(self, action: Action) -> Check:
        name = f"{PRE_STATE}{action.target}"
        wanted = str(action.look.state if action.look else None)
        try:
            seen = await self._reader.look(action.operation, action.target, action.parameters)
        except DatacenterDocsError as error:
            return Check(name=name, wanted=wanted, seen=error.message, passed=None)
        same = action.look is not None and seen.state == action.look.state
        return Check(name=name, wanted=wanted, seen=str(seen.state), passed=same)

    async def _cannot_undo(self, case: Case, action: Action, action_id: str) -> Outcome:
        message = f"Cannot be undone: {classification.why_final(action)}"
        outcome = self._outcome(action, action_id, OutcomeKind.REFUSED, message)
        await self._keep(case, outcome, EntryKind.ROLLBACK_FINISHED)
        return outcome

    def _outcome(self, action: Action, action_id: str, kind: OutcomeKind, message: str) -> Outcome:
        return Outcome(
            action_id=action_id,
            operation=action.operation,
            target=action.target,
            kind=kind,
            message=message,
            finished_at=self._clock.now(),
        )

    @staticmethod
    def _restart_like(action: Action) -> bool:
        operation = catalogue.operation(action.operation)
        return operation is not None and operation.restart_like

    async def _keep(
        self, case: Case, outcome: Outcome, journal_as: EntryKind | None = None
    ) -> Case:
        """Put the outcome into the case once, in place of an earlier refusal; a replay finds it there."""
        if outcome in case.outcomes:
            return case
        others = [known for known in case.outcomes if known.action_id != outcome.action_id]
        entries = []
        if journal_as:
            body = {"action_id": outcome.action_id, "outcome": outcome.model_dump(mode="json")}
            entries.append(
                Entry(kind=journal_as, at=outcome.finished_at, ticket_id=case.ticket.id, body=body)
            )
        executed = (
            case.executed or outcome.may_have_changed or outcome.kind is OutcomeKind.AMBIGUOUS
        )
        change = CaseChange(
            at=outcome.finished_at, outcomes=(*others, outcome), executed=executed or None
        )
        return await self._cases.change(case.ticket.id, change, entries)


def _failed_checks(case: Case) -> Sequence[Check]:
    """What was verified; where it did not come to that, what went wrong instead, so that a proven pre-state never looks
    like a success.
    """
    if case.verification:
        return case.verification.checks
    return [
        Check(name=f"{o.operation} on {o.target}", wanted="done", seen=o.message, passed=False)
        for o in case.outcomes
        if not o.succeeded and o.kind is not OutcomeKind.UNDONE
    ]


def plan_of(case: Case) -> Plan:
    """The plan of a case; an empty one while there is no diagnosis."""
    return case.diagnosis.plan if case.diagnosis else Plan()
