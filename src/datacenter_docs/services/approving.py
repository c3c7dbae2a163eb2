"""Stop 4: a person's yes or no, bound to the plan and the state that this person saw.

Two doors: `answer`, when the engine asked, and `run`, when a person wants a proposed or refused plan executed.
Thresholds and pattern rules do not apply to people; class rules, forbidden commands, safety checks, four-eyes for
critical actions and the kill switch do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from datacenter_docs.domain import decision
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.decision import Gates
from datacenter_docs.domain.errors import DatacenterDocsError, Refused
from datacenter_docs.domain.grants import Grant, GrantKind
from datacenter_docs.domain.operations import ActionClass
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.grants import GrantStore
from datacenter_docs.ports.guards import KillSwitch
from datacenter_docs.ports.platforms import PlatformReader
from datacenter_docs.ports.policies import PolicyStore
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.services.checking import Checking
from datacenter_docs.services.executing import plan_of

GRANT_VALID = timedelta(minutes=15)
"""How long a grant waits to be taken up by a worker; after that the state that the person saw is too old."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said. `plan_hash` None: the plan as it stands; else it must be the one that was shown."""

    approver: str
    comment: str = ""
    plan_hash: str | None = None


class Approving:
    """Turns answers into grants, durable before they are acknowledged."""

    def __init__(
        self,
        cases: CaseStore,
        grants: GrantStore,
        policies: PolicyStore,
        reader: PlatformReader,
        checking: Checking,
        kill_switch: KillSwitch,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._cases = cases
        self._grants = grants
        self._policies = policies
        self._reader = reader
        self._checking = checking
        self._kill_switch = kill_switch
        self._clock = clock
        self._wake = wake

    async def answer(self, ticket_id: str, answer: Answer, *, approved: bool) -> Grant:
        """Answer the engine's question. Raises `Refused` when nothing is asked (any more), for another plan, or when this
        person may not say yes.
        """
        case = await self._cases.get(ticket_id)
        _must_be(case, TicketState.AWAITING_APPROVAL, "approve")
        expires_at = case.ticket.approval_expires_at
        if expires_at is None or expires_at <= self._clock.now():
            raise Refused(
                f"The time to approve {ticket_id} is over; it counts as refused. Run the plan with /execute instead."
            )
        _must_be_shown(case, answer)
        if approved:
            policy = await self._policies.for_category(case.ticket.request.category)
            _may_approve(case, policy, answer.approver)
        return await self._give(
            case, GrantKind.APPROVAL, answer, TicketState.AWAITING_APPROVAL, approved=approved
        )

    async def run(self, ticket_id: str, answer: Answer) -> Grant:
        """A person runs a proposed plan. Raises `Refused` with all reasons when even a person may not; when a target has
        changed since the plan was made, the plan is shown anew and has to be asked for again.
        """
        case = await self._cases.get(ticket_id)
        _must_be(case, TicketState.PROPOSED, "execute")
        plan = plan_of(case)
        if not plan.actions:
            raise Refused(
                f"{ticket_id} has no plan that a machine could run; see its diagnosis, act by hand, and close it."
            )
        _must_be_shown(case, answer)
        await self._must_be_unchanged(case, plan)
        policy = await self._policies.for_category(case.ticket.request.category)
        reasons = decision.may_person_run(
            plan,
            policy=policy,
            checks=await self._checking.check(plan, policy),
            gates=Gates(kill_switch_on=(await self._kill_switch.read()).on),
            approver=answer.approver,
            requester=case.ticket.request.requester,
            now=self._clock.now(),
        )
        if reasons:
            raise Refused(
                "Not even a person may run this now: " + " ".join(reasons), reasons=list(reasons)
            )
        return await self._give(
            case, GrantKind.EXECUTION, answer, TicketState.PROPOSED, approved=True
        )

    async def _give(
        self, case: Case, kind: GrantKind, answer: Answer, expected: TicketState, *, approved: bool
    ) -> Grant:
        now = self._clock.now()
        plan = plan_of(case)
        grant = Grant(
            grant_id=self._clock.new_id(),
            ticket_id=case.ticket.id,
            kind=kind,
            approved=approved,
            approver=answer.approver,
            comment=answer.comment,
            plan_hash=plan.content_hash,
            state_hash=plan.state_hash,
            granted_at=now,
            expires_at=now + GRANT_VALID,
        )
        entry = Entry(
            kind=EntryKind.APPROVAL_GIVEN,
            at=now,
            actor=answer.approver,
            ticket_id=case.ticket.id,
            body=grant.model_dump(mode="json"),
        )
        given = await self._grants.give(grant, expected=frozenset({expected}), entries=[entry])
        self._wake()
        return given

    async def _must_be_unchanged(self, case: Case, plan: Plan) -> None:
        """Compare the targets with what the plan saw; store the new sight and refuse when they differ."""
        fresh = Plan(actions=tuple([await self._seen_now(action) for action in plan.actions]))
        if fresh.state_hash == plan.state_hash or case.diagnosis is None:
            return
        now, diagnosis = self._clock.now(), case.diagnosis.replaced(plan=fresh)
        entry = Entry(
            kind=EntryKind.TICKET_DIAGNOSED,
            at=now,
            ticket_id=case.ticket.id,
            body=diagnosis.model_dump(mode="json"),
        )
        await self._cases.change(case.ticket.id, CaseChange(at=now, diagnosis=diagnosis), [entry])
        told = "; ".join(
            f"{new.target} was {_state(old)}, is {_state(new)}"
            for old, new in zip(plan.actions, fresh.actions, strict=True)
            if _state(old) != _state(new)
        )
        raise Refused(
            f"Since the plan was made, {told}. The plan now shows this; ask again if you still want it."
        )

    async def _seen_now(self, action: Action) -> Action:
        try:
            return action.replaced(
                look=await self._reader.look(action.operation, action.target, action.parameters)
            )
        except DatacenterDocsError as error:
            raise Refused(
                f"{action.target} cannot be seen right now, so nothing may run on it: {error.message}"
            ) from error


def _state(action: Action) -> str:
    return str(action.look.state) if action.look else "not seen"


def _must_be(case: Case, state: TicketState, verb: str) -> None:
    if case.ticket.state is state:
        return
    hint = ""
    if case.ticket.state is TicketState.PROPOSED and verb == "approve":
        hint = " Nobody was asked: read remediation_decision for the reasons; POST .../execute runs a proposed plan."
    raise Refused(
        f"{case.ticket.id} is {case.ticket.state}, so there is nothing to {verb}.{hint}",
        state=case.ticket.state,
    )


def _must_be_shown(case: Case, answer: Answer) -> None:
    shown = plan_of(case).content_hash
    if answer.plan_hash is not None and answer.plan_hash != shown:
        raise Refused(
            f"That answer is for another plan; {case.ticket.id} now has plan {shown}. Read it and answer again."
        )


def _may_approve(case: Case, policy: Policy | None, approver: str) -> None:
    name = decision.known_as(approver)
    if not name:
        raise Refused("The approver has no name.")
    if policy and policy.approvers and name not in map(decision.known_as, policy.approvers):
        raise Refused(f"{approver} is not among the approvers of the policy {policy.name!r}.")
    critical = plan_of(case).action_class is ActionClass.CRITICAL_WRITE
    if critical and name == decision.known_as(case.ticket.request.requester):
        raise Refused("A critical action needs an approver other than the one who asked for it.")
