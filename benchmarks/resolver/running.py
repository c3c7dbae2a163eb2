"""One ticket of a scenario, from the breaking of the world to the oracle's verdict."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.resolver.place import CountingSession, Place, Places
from benchmarks.resolver.scenario import Half, Scenario, Words

from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.catalogue import CATALOGUE
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.outcomes import OutcomeKind
from datacenter_docs.domain.tickets import TicketRequest, TicketState
from datacenter_docs.services.approving import Answer
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.faults.oracle import inject, injections, target_of, verdict
from datacenter_mcp.demo.faults.table import FAULTS
from datacenter_mcp.demo.gates import of_platform
from datacenter_mcp.demo.things import Count, Thing
from datacenter_mcp.demo.view import View
from datacenter_mcp.demo.world import World

TICKET = "INC-1"
APPROVER = "on-call"
MINUTE = 60.0
CONCLUSIONS = {one.concluded_by for one in CATALOGUE.values() if one.concluded_by}
"""What only makes another operation final."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one ticket. `None` where the question does not arise."""

    scenario: str
    kind: str
    half: Half
    text: str
    found: str
    about: str
    planned: tuple[str, ...]
    executed: tuple[str, ...]
    state: str
    confidence: float
    cause_right: bool
    plan_right: bool
    healed: bool | None
    wrong_action: bool
    made_worse: bool
    should_abstain: bool
    abstained: bool
    calls: int
    seconds: float


async def run(places: Places, scenario: Scenario, words: Words) -> Result:
    """Break, write, let the services work, answer what they ask, and judge."""
    async with places.new(seed=scenario.seed, size=scenario.size) as place:
        names, called = broken(place.world, scenario), _names(place)
        place.clock.pass_by(scenario.later_seconds)
        text, title = (filled(one, names) for one in (words.text * words.repeat, words.title))
        request = TicketRequest(
            ticket_id=TICKET,
            title=title,
            description=text,
            category=words.category or scenario.category,
            enable_auto_remediation=True,
            requester="requester",
        )
        await place.house.receiving.receive(request)
        calls, begun = CountingSession.calls, time.perf_counter()
        await place.walk.begin(TICKET)
        seconds, calls = time.perf_counter() - begun, CountingSession.calls - calls
        await _answer(place)
        place.clock.pass_by(MINUTE)
        case = await place.house.cases.get(TICKET)
        return _judged(place, scenario, words, case, called | _names(place), calls, seconds)


def filled(text: str, names: Sequence[str]) -> str:
    """`{target}` is the name of the first thing that is broken, `{target2}` that of the second."""
    for number, name in enumerate(names, 1):
        text = text.replace("{target}" if number == 1 else f"{{target{number}}}", name)
    return text


def broken(world: World, scenario: Scenario) -> Sequence[str]:
    """Let it happen; the names of what it befell."""
    names = []
    for one in scenario.broken:
        fault = FAULTS[one.fault]
        target = target_of(fault, world.view(), one.on)
        thing = world.view().thing(target)
        names.append(thing.name if thing else target)
        inject(world, fault, target)
    for change in scenario.sets:
        key = _key(world.view(), *change.thing)
        if key is None:
            raise ValueError(f"{scenario.name}: there is no {' '.join(change.thing)!r}")
        counts = {
            name: Count(start=1, per_second=per_second, since=world.view().now)
            for name, per_second in change.counting.items()
        }
        step = Step(key, {**change.attributes, **counts})
        world.happen("scenario", key, lambda _, step=step: [step])  # type: ignore[misc]
    for platform in scenario.away:
        gone = Step(of_platform(platform), {"_away": True})
        world.happen("scenario", "x", lambda _, step=gone: [step])  # type: ignore[misc]
    return names


def _key(view: View, sort: str, name: str) -> str | None:
    owner = view.named("kubernetes:deployment", name) if sort == "kubernetes:pod" else None
    if owner is not None:
        return min(view.where(sort, "_deployment", owner), default=None)
    return view.named(sort, name)


async def _answer(place: Place) -> None:
    """A person says yes to what is asked; no where the diagnosis itself advises to leave it alone."""
    case = await place.house.cases.get(TICKET)
    if case.ticket.state is not TicketState.AWAITING_APPROVAL:
        return
    approves = not (case.diagnosis and case.diagnosis.leave_alone)
    grant = await place.house.approving.answer(
        TICKET, Answer(APPROVER, "" if approves else "The diagnosis says no."), approved=approves
    )
    await place.walk.granted(TICKET, grant.grant_id)


def _judged(
    place: Place,
    scenario: Scenario,
    words: Words,
    case: Case,
    names: Mapping[str, str],
    calls: int,
    seconds: float,
) -> Result:
    expected, diagnosis = scenario.expected, case.diagnosis or Diagnosis(summary="")
    found = diagnosis.resolver.removeprefix("runbook:") if diagnosis.cause else ""
    about = names.get(diagnosis.about or "", "")
    planned = [(a.operation, names.get(a.target, a.target)) for a in diagnosis.plan.actions]
    executed = [
        (one.operation, names.get(one.target, one.target))
        for one in case.outcomes
        if one.kind is not OutcomeKind.REFUSED and one.operation not in CONCLUSIONS
    ]
    right = {(one.operation, one.on) for one in expected.plans}
    verdicts = [verdict(place.world, one) for one in injections(place.world)]
    healed = bool(verdicts) and all(one.healed for one in verdicts)
    return Result(
        scenario=scenario.name,
        kind=scenario.kind,
        half=words.half,
        text=words.text,
        found=found,
        about=about,
        planned=tuple(f"{operation} {on}" for operation, on in planned),
        executed=tuple(f"{operation} {on}" for operation, on in executed),
        state=case.ticket.state.value,
        confidence=diagnosis.confidence,
        cause_right=_is_right(found, about, scenario),
        plan_right=_fits(planned, right) if right else not planned or diagnosis.leave_alone,
        healed=healed if expected.heals else None,
        wrong_action=any(
            one[0] in expected.forbidden or not _among(one, right) for one in executed
        ),
        made_worse=any(one.worse for one in verdicts),
        should_abstain=not right,
        abstained=not executed,
        calls=calls,
        seconds=seconds,
    )


def _is_right(found: str, about: str, scenario: Scenario) -> bool:
    expected = scenario.expected
    if not expected.causes and not expected.about:
        return not found
    named = not expected.causes or found in expected.causes
    return bool(found) and named and (not expected.about or about in expected.about)


def _fits(planned: Sequence[tuple[str, str]], right: set[tuple[str, str]]) -> bool:
    return len(planned) == 1 and _among(planned[0], right)


def _among(action: tuple[str, str], right: set[tuple[str, str]]) -> bool:
    return action in right or (action[0], "") in right


def _names(place: Place) -> dict[str, str]:
    """What things are called, by the id that their connection gives them."""
    view = place.world.view()
    named: dict[str, str] = {}
    for connection in place.house.reader.connections():
        for sort in view.base.by_sort:
            platform, _, kind = sort.partition(":")
            if platform == connection.platform:
                for key in view.keys(sort):
                    thing, native = view.thing(key), key.split(":", 2)[2]
                    if thing is not None:
                        named[f"{platform}:{connection.name}:{kind}:{native}"] = _short(
                            view, thing
                        )
    return named


def _short(view: View, thing: Thing) -> str:
    """The name; of a pod that of its deployment, since pods' own names are drawn."""
    owner = thing.attributes.get("_deployment") if thing.sort == "kubernetes:pod" else None
    above = view.thing(str(owner)) if owner else None
    return above.name if above else thing.name
