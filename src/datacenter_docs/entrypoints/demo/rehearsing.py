"""Lets the story happen: something breaks in the world, somebody writes, the services do their work, people answer.

The same services, stops and order as in earnest (`workflows/ticket.py`), on a clock that is set. Nothing is written into the
database but by them. What is still open at the end is left to the worker that starts next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from datacenter_docs.bootstrap import House
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.feedback import FeedbackRequest, FeedbackType
from datacenter_docs.domain.tickets import CLOSED, TicketRequest, TicketState
from datacenter_docs.entrypoints.demo.clock import SetClock
from datacenter_docs.entrypoints.demo.policies import OWNER, POLICIES
from datacenter_docs.entrypoints.demo.story import QUESTIONS, SERVER, Incident
from datacenter_docs.services.approving import Answer
from datacenter_docs.workflows.ticket import undurable
from datacenter_mcp.demo.faults.fault import Fault
from datacenter_mcp.demo.faults.oracle import inject, injections, target_of, verdict
from datacenter_mcp.demo.faults.table import FAULTS
from datacenter_mcp.demo.world import World

APPROVER, ENGINEER = "on-call", "engineer"
MINUTE = 60.0
LAST_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Lived:
    """How one incident ended. `healed`: as the world's oracle says; None: nothing was broken."""

    ticket_id: str
    state: TicketState
    healed: bool | None


class Rehearsal:
    """One story on one world."""

    def __init__(self, house: House, world: World, clock: SetClock) -> None:
        self._house, self._world, self._clock = house, world, clock
        self._walk = undurable(house.stops)

    async def begin(self) -> None:
        """The owner writes his policies."""
        for policy in POLICIES:
            await self._house.governing.put_policy(policy, OWNER)

    async def live(self, incident: Incident) -> Lived:
        """One incident from its beginning to its end; afterwards the world is tidied up."""
        self._clock.reach(incident.at)
        before = max((event.number for event in self._world.events()), default=0)
        fault, target = self._break(incident)
        ticket_id = f"INC-{1_000 + incident.number}"
        await self._submit(ticket_id, self._written(ticket_id, incident, fault, target))
        await self._walk.begin(ticket_id)
        await self._answer(ticket_id, incident)
        healed = self._healed(fault)
        await self._say(ticket_id, incident, healed=healed is not False)
        state = await self._close(ticket_id, incident, fault)
        await self._house.cases.mark_delivered([ticket_id])
        self._world.heal([event for event in self._world.events() if event.number > before])
        return Lived(ticket_id, state, healed)

    async def leave_open(self, ticket_id: str, fault_name: str, category: str) -> None:
        """Something that is broken, and a ticket that waits for a person."""
        fault = FAULTS[fault_name]
        target = target_of(fault, self._world.view())
        inject(self._world, fault, target)
        self._clock.pass_by(5 * MINUTE)
        told = fault.told(self._world.view(), target)
        request = TicketRequest(
            ticket_id=ticket_id,
            title=fault.title,
            description=told,
            category=category,
            enable_auto_remediation=True,
            requester="monitoring",
        )
        await self._submit(ticket_id, request)
        await self._walk.begin(ticket_id)

    def _break(self, incident: Incident) -> tuple[Fault | None, str | None]:
        if incident.fault is None:
            return None, None
        fault = FAULTS[incident.fault]
        target = target_of(fault, self._world.view(), incident.on)
        inject(self._world, fault, target)
        self._clock.pass_by(5 * MINUTE)
        return fault, target

    def _written(
        self, ticket_id: str, incident: Incident, fault: Fault | None, target: str | None
    ) -> TicketRequest:
        if fault is None or target is None:
            title, text = QUESTIONS[incident.question]
            category = "general"
        else:
            title, category = fault.title, fault.category
            text = fault.told(self._world.view(), target, incident.way)
        return TicketRequest(
            ticket_id=ticket_id,
            title=title,
            description=text,
            category=category,
            enable_auto_remediation=incident.opts_in,
            requester=incident.requester,
        )

    async def _submit(self, ticket_id: str, request: TicketRequest) -> None:
        await self._house.receiving.receive(request)
        self._clock.pass_by(1)

    async def _answer(self, ticket_id: str, incident: Incident) -> None:
        """A person says yes or no where one is asked."""
        case = await self._house.cases.get(ticket_id)
        if case.ticket.state is not TicketState.AWAITING_APPROVAL:
            return
        self._clock.pass_by(7 * MINUTE)
        comment = "" if incident.approves else "Not now: we look at it ourselves."
        grant = await self._house.approving.answer(
            ticket_id, Answer(APPROVER, comment), approved=incident.approves
        )
        await self._house.grants.mark_delivered([grant.grant_id])
        await self._walk.granted(ticket_id, grant.grant_id)

    def _healed(self, fault: Fault | None) -> bool | None:
        if fault is None:
            return None
        self._clock.pass_by(MINUTE)
        return all(
            verdict(self._world, one).healed
            for one in injections(self._world)
            if one.fault is fault
        )

    async def _say(self, ticket_id: str, incident: Incident, *, healed: bool) -> None:
        """Feedback, as good as it went and as the person is."""
        case = await self._house.cases.get(ticket_id)
        if not (incident.answers and case.executed):
            return
        self._clock.pass_by(30 * MINUTE)
        await self._house.learning.from_feedback(_said(case, incident, healed=healed))

    async def _close(self, ticket_id: str, incident: Incident, fault: Fault | None) -> TicketState:
        """What automation did not end, an engineer ends by hand."""
        state = (await self._house.cases.get(ticket_id)).ticket.state
        if state in CLOSED:
            return state
        self._clock.pass_by(90 * MINUTE)
        text = (
            "Answered by the help desk." if fault is None else f"Solved by hand: {fault.summary}"
        )
        case = await self._house.learning.closed_by_hand(
            ticket_id, TicketState.RESOLVED, text, ENGINEER
        )
        return case.ticket.state


def _said(case: Case, incident: Incident, *, healed: bool) -> FeedbackRequest:
    resolved = case.ticket.state is TicketState.RESOLVED
    content = incident.content and healed and resolved
    kind, rating = (FeedbackType.NEUTRAL, 3) if resolved else (FeedbackType.NEGATIVE, 2)
    return FeedbackRequest(
        ticket_id=case.ticket.id,
        feedback_type=FeedbackType.POSITIVE if content else kind,
        rating=5 if content else rating,
        was_helpful=content,
        resolution_accurate=healed,
        actions_worked=healed,
        author=incident.requester,
    )


async def rehearse(
    house: House, world: World, clock: SetClock, story: Sequence[Incident], end: datetime
) -> Sequence[Lived]:
    """The whole story, then what is open at its `end`: one plan that waits for a yes, and one thing broken that nobody has
    reported.
    """
    rehearsal = Rehearsal(house, world, clock)
    await rehearsal.begin()
    lived = [await rehearsal.live(incident) for incident in story]
    clock.reach(end - LAST_HOUR)
    await rehearsal.leave_open(f"INC-{1_001 + len(story)}", "vm-memory-short", SERVER)
    release = FAULTS["bad-release"]
    inject(world, release, target_of(release, world.view()))
    clock.reach(end)
    return lived
