"""Kill -9 at every point of a repair, restart, and the device shows exactly one effect of each action."""

import pytest
from tests.fakes.room import Port
from tests.integration.spine.place import Place, ended, reach, report, until

from datacenter_docs.bootstrap import House
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.services.approving import Answer

pytestmark = [pytest.mark.crash, pytest.mark.timeout(180)]
S = TicketState
T = "INC-1"
STUCK = "The port eth1 of r1 is stuck."


async def approve(house: House) -> None:
    """Say yes as soon as it is asked."""
    await reach(house, S.AWAITING_APPROVAL)
    await house.approving.answer(T, Answer("ada"), approved=True)


@pytest.mark.parametrize(
    "point",
    [
        "after action.intended",
        "after action.started",
        "after act",
        "after action.finished",
        "after change:outcomes",
        "after change:verification",
        "after settle",
    ],
)
async def test_a_kill_in_the_middle_of_a_repair_leaves_one_effect(place: Place, point: str):
    async with place.house() as house:
        with place.worker(point) as worker:
            await report(house)
            await approve(house)
            worker.reaches_its_point()
            worker.die()
        with place.worker():
            state = await ended(house)

    assert state is S.RESOLVED
    assert place.room.effects == ["enable_port"]
    assert place.room.read().admin == "up"


async def test_a_kill_after_the_effect_and_before_the_answer_leaves_one_effect(place: Place):
    (place.room.path / "hold").touch()
    async with place.house() as house:
        with place.worker() as worker:
            await report(house)
            await approve(house)
            await until((place.room.path / "held").exists)
            worker.die()
        (place.room.path / "hold").unlink()
        with place.worker():
            state = await ended(house)
        case = await house.cases.get(T)

    assert (state, case.outcomes[0].recovered) == (S.RESOLVED, True)
    assert place.room.effects == ["enable_port"]


@pytest.mark.parametrize(
    ("counts", "end"), [(True, S.RESOLVED), (False, S.AMBIGUOUS)], ids=["marker", "no-marker"]
)
async def test_a_restart_that_nobody_saw_is_told_by_the_marker_or_goes_to_a_person(
    place: Place, counts: bool, end: TicketState
):
    place.room.write(Port(admin="up", counts_restarts=counts))
    (place.room.path / "hold").touch()
    async with place.house() as house:
        with place.worker() as worker:
            await report(house, STUCK)
            await approve(house)
            await until((place.room.path / "held").exists)
            worker.die()
        (place.room.path / "hold").unlink()
        with place.worker():
            state = await ended(house)

    assert state is end
    assert place.room.effects == ["restart_interface"]


@pytest.mark.parametrize(
    "point",
    [
        "after rollback.intended",
        "after rollback.started",
        "after disable_port",
        "after rollback.finished",
        "before notice.sent",
    ],
)
async def test_a_kill_in_the_middle_of_an_undo_leaves_one_undo(place: Place, point: str):
    place.room.write(Port(wired=False))
    async with place.house() as house:
        with place.worker(point) as worker:
            await report(house)
            await approve(house)
            worker.reaches_its_point()
            worker.die()
        with place.worker():
            state = await ended(house)
        checks = (await house.cases.get(T)).verification.checks
        notices = (await house.journal.page(ticket_id=T, kinds=["notice.sent"])).items

    assert state is S.PARTIALLY_REMEDIATED
    assert place.room.effects == ["enable_port", "disable_port"]
    assert place.room.read().admin == "down"
    assert [check.passed for check in checks if check.name.startswith("pre-state")] == [True]
    assert len(notices) == 1


async def test_a_kill_while_a_person_is_asked_forgets_neither_question_nor_answer(place: Place):
    async with place.house() as house:
        with place.worker() as worker:
            await report(house)
            await reach(house, S.AWAITING_APPROVAL)
            worker.die()
        asked_until = (await house.cases.get(T)).ticket.approval_expires_at
        await approve(house)  # while nobody works
        with place.worker():
            state = await ended(house)

    assert asked_until is not None
    assert state is S.RESOLVED
    assert place.room.effects == ["enable_port"]


async def test_kills_during_every_recovery_still_leave_one_effect(place: Place):
    async with place.house() as house:
        with place.worker("after action.started") as worker:
            await report(house)
            await approve(house)
            worker.reaches_its_point()
            worker.die()
        for point in ("before look", "before act", "after act", "after change:outcomes"):
            with place.worker(point) as worker:
                worker.reaches_its_point()
                worker.die()
        with place.worker():
            state = await ended(house)

    assert state is S.RESOLVED
    assert place.room.effects == ["enable_port"]


@pytest.mark.parametrize(
    "point", ["after change:diagnosis", "after change:pattern_id", "after change:decision"]
)
async def test_a_kill_before_anything_is_done_goes_on_where_it_was(place: Place, point: str):
    async with place.house() as house:
        await report(house)
        with place.worker(point) as worker:
            worker.reaches_its_point()
            worker.die()
        with place.worker():
            await approve(house)
            state = await ended(house)

    assert state is S.RESOLVED
    assert place.room.effects == ["enable_port"]
