"""The spine with the real workflows, on both databases, without a crash."""

import pytest
from tests.fakes.room import PORT
from tests.integration.spine.place import Place, ended, reach, report, until

from datacenter_docs.bootstrap import House
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.services.approving import Answer

pytestmark = pytest.mark.timeout(180)
S = TicketState


async def policy(house: House, **fields: object) -> None:
    given = {"allowed_systems": ("network",), "min_reliability_score": 0, **fields}
    await house.governing.put_policy(Policy(name="network", category="network", **given), "owner")


async def test_a_question_that_nobody_answers_is_a_no(place: Place):
    async with place.house() as house:
        await policy(house, approval_timeout_seconds=2.0)
        with place.worker():
            await report(house)
            state = await ended(house)
        case = await house.cases.get("INC-1")

    assert state is S.REJECTED
    assert case.ticket.resolution == "Nobody approved in time, so nothing was done."
    assert place.room.effects == []


async def test_one_resource_is_never_under_two_repairs(place: Place):
    hold = place.room.path / "hold"
    hold.touch()
    async with place.house() as house:
        with place.worker():
            for ticket_id in ("INC-1", "INC-2"):
                await report(house, ticket_id=ticket_id)
                await reach(house, S.AWAITING_APPROVAL, ticket_id=ticket_id)
            await house.approving.answer("INC-1", Answer("ada"), approved=True)
            await until((place.room.path / "held").exists)
            await house.approving.answer("INC-2", Answer("ada"), approved=True)
            second = await ended(house, "INC-2")
            hold.unlink()
            first = await ended(house)
        told = str((await house.cases.get("INC-2")).ticket.resolution)

    assert (first, second) == (S.RESOLVED, S.PROPOSED)
    assert f"Not started: {PORT} is under remediation by INC-1" in told
    assert place.room.effects == ["enable_port"]


async def test_a_person_runs_what_automation_refused(place: Place):
    async with place.house() as house:
        await policy(house, allowed_systems=())
        with place.worker():
            await report(house)
            assert await reach(house, S.PROPOSED) is S.PROPOSED
            await house.approving.run("INC-1", Answer("ada"))
            state = await reach(house, S.RESOLVED, S.FAILED, S.AMBIGUOUS)

    assert state is S.RESOLVED
    assert place.room.effects == ["enable_port"]
