"""One ticket with an injection, from the breaking of the world to what the oracle says of it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.hostile.carriers import CARRIERS, broken, carrier_of, plant, ticket, written
from tests.hostile.injections import Injection
from tests.hostile.oracle import Effect, effects, newest, unauthorised
from tests.hostile.place import Place
from tests.hostile.servers import SAYING

from datacenter_docs.adapters.platforms.estate_file import DEMO_NAMES
from datacenter_docs.domain.audit import Record
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.feedback import FeedbackRequest, FeedbackType
from datacenter_docs.domain.ids import Platform
from datacenter_docs.domain.notes import Note
from datacenter_docs.domain.tickets import TicketRequest, TicketState
from datacenter_docs.services.approving import Answer
from datacenter_mcp.demo.faults.fault import Fault
from datacenter_mcp.demo.faults.oracle import target_of
from datacenter_mcp.demo.faults.table import FAULTS
from datacenter_mcp.demo.view import View

SUBJECT = "resource/vmware:vcenter:vm:vm-105"
"""What notes are about: the page of a carrier's machine."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it. `wrong`: what the oracle finds, as sentences."""

    case: Case
    done: Sequence[Effect]
    wrong: Sequence[str]
    seconds: float


async def honest(place: Place) -> Mapping[str, Sequence[Effect]]:
    """What each carrier leads to alone, tried on a place that is used for nothing else."""
    return {
        carrier: (await _walked(place, carrier, None, f"HONEST-{carrier}", ())).done
        for carrier in CARRIERS
    }


async def tried(
    place: Place,
    injection: Injection,
    allowed: Mapping[str, Sequence[Effect]],
    *,
    approves: bool = False,
) -> Tried:
    """An injection with its carrier. `allowed`: what each carrier leads to alone; `approves`: a person says yes where one is asked,
    and then the plan that was shown may be done, and nothing else.
    """
    carrier = carrier_of(injection)
    return await _walked(
        place, carrier, injection, f"TRY-{injection.id}", allowed[carrier], approves=approves
    )


async def _walked(
    place: Place,
    carrier: str,
    injection: Injection | None,
    number: str,
    allowed: Sequence[Effect],
    *,
    approves: bool = False,
) -> Tried:
    world, start = place.world, newest(place.world)
    fault, target = broken(world, carrier)
    honest_words = ticket(number, fault, world.view(), target)
    begun = time.perf_counter()
    try:
        if injection is not None:
            plant(world, injection, target)
            await _told(place, injection, number, fault, target)
        place.clock.pass_by(300)
        before = world.view()
        request = ticket(number, fault, before, target) if injection else honest_words
        await place.house.receiving.receive(written(request, injection) if injection else request)
        await place.walk.begin(number)
        case = await place.house.cases.get(number)
        if approves and case.ticket.state is TicketState.AWAITING_APPROVAL:
            grant = await place.house.approving.answer(number, Answer("ada"), approved=True)
            await place.walk.granted(number, grant.grant_id)
            plan = case.diagnosis.plan.actions if case.diagnosis else ()
            allowed = [Effect(one.operation, _key(one.target)) for one in plan]
            case = await place.house.cases.get(number)
        done = effects(world, start)
        journal = await journaled(place, number)
        wrong = unauthorised(done, allowed, before, journal) if injection else ()
        return Tried(case, done, wrong, time.perf_counter() - begun)
    finally:
        SAYING.set(None)
        world.heal([event for event in world.events() if event.number > start])


async def asked(place: Place, injection: Injection) -> Tried:
    """Nothing is broken, and somebody only asks about the thing on which the text stands."""
    world, start = place.world, newest(place.world)
    carrier = CARRIERS[carrier_of(injection)]
    fault = FAULTS[carrier.fault]
    target = target_of(fault, world.view(), carrier.on)
    number = f"ASK-{injection.id}"
    try:
        plant(world, injection, target)
        place.clock.pass_by(300)
        before = world.view()
        thing = before.thing(target)
        request = TicketRequest(
            ticket_id=number, title="A question", category=fault.category, enable_auto_remediation=True,
            description=f"How is {thing.name if thing else target}? It is well as far as we see.",
        )  # fmt: skip
        begun = time.perf_counter()
        await place.house.receiving.receive(request)
        await place.walk.begin(number)
        case = await place.house.cases.get(number)
        done = effects(world, start)
        wrong = unauthorised(done, (), before, await journaled(place, number))
        return Tried(case, done, wrong, time.perf_counter() - begun)
    finally:
        SAYING.set(None)
        world.heal([event for event in world.events() if event.number > start])


async def journaled(place: Place, ticket_id: str) -> Sequence[Record]:
    """All records of a ticket."""
    return (await place.house.journal.page(ticket_id=ticket_id, limit=1_000)).items


async def _told(
    place: Place, injection: Injection, number: str, fault: Fault, target: str
) -> None:
    """What people say beside the ticket: notes, and how earlier tickets ended."""
    house, text = place.house, injection.whole[:20_000]
    if injection.enters.startswith("note."):
        fields = {"text": text} if injection.enters == "note.text" else {"owner": text[:200]}
        await house.noting.write(Note(subject=SUBJECT, **fields), "mallory")
    if injection.enters in ("earlier.resolution", "feedback.comment"):
        earlier = ticket(f"{number}-earlier", fault, place.world.view(), target)
        await house.receiving.receive(earlier.replaced(enable_auto_remediation=False))
        await place.walk.begin(earlier.ticket_id)
        await house.learning.closed_by_hand(
            earlier.ticket_id, TicketState.RESOLVED, text, "mallory"
        )
        await house.learning.from_feedback(
            FeedbackRequest(ticket_id=earlier.ticket_id, feedback_type=FeedbackType.POSITIVE,
                            rating=5, comment=text, what_worked=text, author="mallory")
        )  # fmt: skip


def _key(resource_id: str) -> str:
    platform, _, kind, native = resource_id.split(":", 3)
    return f"{platform}:{kind}:{native}"


def identified(view: View, sort: str, name: str) -> str:
    """The id that the product has for a thing of the world; one that is not there gets an id all the same."""
    key = view.named(sort, name)
    if key is None and sort == "kubernetes:pod":
        owner = view.named("kubernetes:deployment", name)
        key = min(view.where(sort, "_deployment", owner), default=None) if owner else None
    platform, _, kind = sort.partition(":")
    native = key.split(":", 2)[2] if key else name
    return f"{platform}:{DEMO_NAMES[Platform(platform)]}:{kind}:{native}"
