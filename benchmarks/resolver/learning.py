"""What the product learns: `python -m benchmarks.resolver.learning [--tickets N] [--svg FILE] [--json]`.

A year of tickets in one product that begins with nothing: faults of the demo, those that look alike and those where nothing is
to be done among them. People run what is proposed, say how it went, and automation follows by the policy's thresholds. The
oracle judges every ticket.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.resolver.drawing import curve
from benchmarks.resolver.measuring import brier, ece
from benchmarks.resolver.place import OWNER, PLATFORMS, Place, opened

from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.decision import Decision
from datacenter_docs.domain.feedback import FeedbackRequest, FeedbackType
from datacenter_docs.domain.operations import CRITICAL, SAFE
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.rules import Verdict
from datacenter_docs.domain.tickets import CLOSED, TicketRequest, TicketState
from datacenter_docs.services.approving import Answer
from datacenter_mcp.demo.faults.fault import Fault
from datacenter_mcp.demo.faults.oracle import inject, injections, target_of, verdict
from datacenter_mcp.demo.faults.table import FAULTS
from datacenter_mcp.demo.things import Dice

SEED = 7
LEARNT = 500
WINDOW = 50
HOURS_BETWEEN = 8
MINUTE, HOUR = 60.0, 3_600.0
PORTS = ("r1 eth1", "sw1 eth5", "sw2 eth5", "sw1 eth7", "sw2 eth6")
SERVERS = ("prod-app-01", "prod-app-02", "prod-web-01", "files-01", "mail-01")
MIX: Sequence[tuple[str, int, Sequence[str | None]]] = (
    ("port-shut", 20, PORTS),
    ("port-stuck", 8, ("sw2 eth6", "sw1 eth6", "sw2 eth5")),
    ("cable-cut", 2, ("sw1 eth8",)),
    ("link-flapping", 6, ("sw1 eth5", "r2 eth1")),
    ("counters-old", 6, ("sw1 eth7", "sw2 eth7")),
    ("fibre-dirty", 3, ("sw2 eth7",)),
    ("port-in-maintenance", 2, ("sw2 eth8",)),
    ("link-recovered", 2, ("r2 eth3",)),
    ("vm-service-hung", 16, SERVERS),
    ("vm-frozen", 2, ("prod-web-02",)),
    ("vm-memory-short", 4, ("prod-db-01", "prod-db-02")),
    ("snapshot-wanted", 8, SERVERS),
    ("vm-retired", 2, ("test-02",)),
    ("vm-was-slow", 2, ("files-01",)),
    ("host-port-shut", 3, ("esx3",)),
    ("pod-hung", 14, ("prod web", "prod checkout", "prod api")),
    ("bad-release", 4, ("prod checkout", "prod api")),
    ("pod-out-of-memory", 2, ("prod cache",)),
    ("deployment-too-small", 4, ("prod checkout", "prod web")),
    ("node-frozen", 1, ("k8s-node-2",)),
    ("instance-crashed", 12, ("shop-worker-1", "shop-worker-2", "shop-search")),
    ("instance-locked", 2, ("lab-builder",)),
    ("volume-full", 6, ("nas1 /export/home", "nas1 /export/db")),
    ("snapshots-old", 3, ("nas1 /export/db", "nas1 /export/home")),
)
"""Fault, how often it comes, and on what."""


@dataclass(frozen=True, slots=True)
class Lived:
    """How one ticket ended. `acted`: something was done; `promised`: the score, 0..1; `well`: healed and not made worse."""

    number: int
    fault: str
    automatic: bool
    acted: bool
    promised: float
    well: bool


def policies() -> list[Policy]:
    """As the seed has them: nothing by itself below 85, everything supervised until it was seen twenty times."""
    return [
        Policy(
            name=f"learning-{category}",
            category=category,
            min_reliability_score=60.0,
            allowed_action_types=(SAFE,) if category == "network" else (SAFE, CRITICAL),
            allowed_systems=PLATFORMS,
            auto_approve_threshold=85.0,
            requires_rollback_plan=False,
            requires_backup=False,
            max_actions_per_hour=1_000,
            restart_may_reset=True,
        )
        for category in ("network", "server", "storage", "kubernetes", "cloud")
    ]


async def live(tickets: int) -> Sequence[Lived]:
    """All tickets, one after the other, in one product."""
    dice = Dice(SEED)
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder), seed=SEED, size=1) as place:
            for policy in policies():
                await place.house.governing.put_policy(policy, OWNER)
            return [await _one(place, dice, number) for number in range(1, tickets + 1)]


async def _one(place: Place, dice: Dice, number: int) -> Lived:
    fault, on = _drawn(dice, number)
    world, ticket_id = place.world, f"INC-{number}"
    before = max((event.number for event in world.events()), default=0)
    target = target_of(fault, world.view(), on)
    inject(world, fault, target)
    place.clock.pass_by(5 * MINUTE)
    way = dice.between(0, len(fault.tells) - 1, "way", number)
    request = TicketRequest(
        ticket_id=ticket_id,
        title=fault.title,
        description=fault.told(world.view(), target, way),
        category=fault.category,
        enable_auto_remediation=True,
        requester=f"user-{number % 17}",
    )
    await place.house.receiving.receive(request)
    await place.walk.begin(ticket_id)
    decision = (await place.house.cases.get(ticket_id)).decision
    await _answer(place, ticket_id)
    place.clock.pass_by(MINUTE)
    case = await place.house.cases.get(ticket_id)
    seen = [verdict(world, one) for one in injections(world)]
    well = all(one.healed and not one.worse for one in seen)
    await _say(place, case, well=well, content=dice.number("content", number) < 0.97)
    world.heal([event for event in world.events() if event.number > before])
    place.clock.pass_by(HOURS_BETWEEN * HOUR)
    promised = case.score.overall_score / 100 if case.score else 0.0
    return Lived(number, fault.name, _is_automatic(decision), case.executed, promised, well)


def _is_automatic(decision: Decision | None) -> bool:
    return decision is not None and decision.verdict is Verdict.AUTO_APPROVED


def _drawn(dice: Dice, number: int) -> tuple[Fault, str | None]:
    at = dice.between(1, sum(weight for _, weight, _ in MIX), "fault", number)
    for name, weight, places in MIX:
        at -= weight
        if at <= 0:
            return FAULTS[name], places[dice.between(0, len(places) - 1, "on", number)]
    raise AssertionError("the dice fell beside the table")


async def _answer(place: Place, ticket_id: str) -> None:
    """A person says yes to what is asked, and runs what is proposed; not where the diagnosis advises to leave it alone."""
    case = await place.house.cases.get(ticket_id)
    diagnosis, state = case.diagnosis, case.ticket.state
    if diagnosis is None or not diagnosis.plan.actions or diagnosis.leave_alone:
        return
    answer = Answer("on-call", "")
    if state is TicketState.AWAITING_APPROVAL:
        grant = await place.house.approving.answer(ticket_id, answer, approved=True)
    elif state is TicketState.PROPOSED:
        grant = await place.house.approving.run(ticket_id, answer)
    else:
        return
    await place.walk.granted(ticket_id, grant.grant_id)


async def _say(place: Place, case: Case, *, well: bool, content: bool) -> None:
    if case.executed:
        good = well and content
        place.clock.pass_by(10 * MINUTE)
        await place.house.learning.from_feedback(
            FeedbackRequest(
                ticket_id=case.ticket.id,
                feedback_type=FeedbackType.POSITIVE if good else FeedbackType.NEGATIVE,
                rating=5 if good else 2,
                was_helpful=good,
                resolution_accurate=well,
                actions_worked=well,
                author=case.ticket.request.requester,
            )
        )
    if case.ticket.state not in CLOSED:
        await place.house.learning.closed_by_hand(
            case.ticket.id, TicketState.RESOLVED, "Seen to by hand.", "engineer"
        )


def windows(lived: Sequence[Lived]) -> list[dict[str, float | int]]:
    """The curve: for each bunch of tickets the share that went without a person, and what went wrong of these and of all."""
    return [
        {
            "until": some[-1].number,
            "automatic": sum(one.automatic for one in some) / len(some),
            "automatic_errors": sum(one.automatic and not one.well for one in some),
            "errors": sum(one.acted and not one.well for one in some) / len(some),
        }
        for start in range(0, len(lived), WINDOW)
        if (some := lived[start : start + WINDOW])
    ]


def figures(lived: Sequence[Lived]) -> dict[str, object]:
    """The measures: of the score as a promise, of those tickets on which something was done."""

    def pairs(some: Sequence[Lived]) -> list[tuple[float, bool]]:
        return [(one.promised, one.well) for one in some if one.acted]

    early, late = pairs(lived[:LEARNT]), pairs(lived[LEARNT:])
    automatic = [one for one in lived if one.automatic]
    return {
        "tickets": len(lived),
        "automatic": len(automatic),
        "automatic_errors": [f"{one.number} {one.fault}" for one in automatic if not one.well],
        "score_ece_first_500": ece(early),
        "score_ece_after_500": ece(late),
        "score_brier_after_500": brier(late),
        "judged_after_500": len(late),
        "curve": windows(lived),
    }


def main() -> None:
    """Run, draw, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resolver.learning")
    parser.add_argument("--tickets", type=int, default=750, help="how many")
    parser.add_argument("--svg", type=Path, help="where to draw the curve")
    parser.add_argument("--json", action="store_true", help="with every ticket, as JSON")
    wanted = parser.parse_args()
    lived = asyncio.run(live(wanted.tickets))
    found = figures(lived)
    if wanted.svg is not None:
        wanted.svg.write_text(curve(windows(lived)), encoding="utf-8")
    if wanted.json:
        found["lived"] = [asdict(one) for one in lived]
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
        return
    for name, value in found.items():
        if name == "curve":
            sys.stdout.writelines(
                f"  until {w['until']:4}: automatic {w['automatic']:.2f},"
                f" automatic errors {w['automatic_errors']}, errors {w['errors']:.2f}\n"
                for w in windows(lived)
            )
        else:
            sys.stdout.write(f"{name}: {value}\n")


if __name__ == "__main__":
    main()
