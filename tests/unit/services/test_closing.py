"""The honest end: every final state, told in words, once."""

import pytest
from tests.fakes.platforms import ETH1, ETH2, Fault
from tests.fakes.services import Bench, bench, enable, restart

from datacenter_docs.domain.outcomes import Check, OutcomeKind, Verification
from datacenter_docs.domain.tickets import TicketState

S = TicketState


def verified(*, passed: bool) -> Verification:
    return Verification(checks=(Check(name="link", wanted="up", seen="?", passed=passed),))


async def run(b: Bench, actions: int = 1) -> None:
    for index in range(actions):
        await b.stops.executing.run("T-1", index, by_a_person=True)


async def test_all_done_and_verified_is_resolved():
    b = bench()
    await b.planned(enable())
    await b.stops.executing.reserve("T-1")
    await run(b)
    await b.stops.verifying.keep("T-1", verified(passed=True))

    assert await b.stops.closing.close("T-1") is S.RESOLVED
    case = await b.case()
    assert case.ticket.closed_at == b.clock.now()
    assert "Verified: link: wanted up" in str(case.ticket.resolution)
    assert await b.storage.locks.acquire([ETH1], holder="T-2", at=b.clock.now()) == {}
    assert b.meter.counts["succeeded"] == 1
    assert b.notifier.sent == []


async def test_closing_again_changes_nothing():
    b = bench()
    await b.planned(enable())
    await run(b)
    await b.stops.verifying.keep("T-1", verified(passed=True))
    await b.stops.closing.close("T-1")
    kinds = await b.kinds()

    assert await b.stops.closing.close("T-1") is S.RESOLVED
    assert await b.kinds() == kinds
    assert b.meter.counts["succeeded"] == 1


async def test_done_and_not_verified_is_partial_and_told():
    b = bench()
    await b.planned(enable())
    await run(b)
    await b.stops.verifying.keep("T-1", verified(passed=False))
    await b.stops.executing.undo("T-1", 0)

    assert await b.stops.closing.close("T-1") is S.PARTIALLY_REMEDIATED
    assert [(n.ticket_id, n.urgent) for n in b.notifier.sent] == [("T-1", False)]
    assert b.meter.counts["failed"] == 1


async def test_done_in_part_is_partial():
    b = bench()
    await b.planned(enable(), enable(ETH2))
    b.platform.inject("act", None, Fault.LIE)
    await run(b, 2)

    assert await b.stops.closing.close("T-1") is S.PARTIALLY_REMEDIATED


async def test_tried_and_nothing_changed_has_failed():
    b = bench()
    await b.planned(enable())
    b.platform.inject("act", Fault.LIE)
    await run(b)

    assert await b.stops.closing.close("T-1") is S.FAILED
    assert "did not take effect" in str((await b.case()).ticket.resolution)


async def test_so_already_and_yet_not_well_has_failed():
    b = bench()
    case = await b.planned(enable())
    b.platform.things[ETH1].state["admin_state"] = "up"
    await run(b)
    await b.stops.verifying.keep("T-1", verified(passed=False))

    assert (await b.case()).outcomes[0].kind is OutcomeKind.UNCHANGED
    assert case.ticket.state is S.REMEDIATING
    assert await b.stops.closing.close("T-1") is S.FAILED


async def test_so_already_and_well_is_resolved():
    b = bench()
    await b.planned(enable())
    b.platform.things[ETH1].state["admin_state"] = "up"
    await run(b)
    await b.stops.verifying.keep("T-1", verified(passed=True))

    assert await b.stops.closing.close("T-1") is S.RESOLVED


async def test_refused_before_it_began_goes_back_to_people():
    b = bench()
    await b.planned(enable())
    await b.kill()
    await run(b)

    assert await b.stops.closing.close("T-1") is S.PROPOSED
    assert "The kill switch is on: drill" in str((await b.case()).ticket.resolution)
    assert b.notifier.sent == []


async def test_a_lock_or_limit_says_why_it_was_not_started():
    b = bench()
    await b.planned(enable())

    assert await b.stops.closing.close("T-1", "it is locked") is S.PROPOSED
    assert "Not started: it is locked" in str((await b.case()).ticket.resolution)
    assert b.meter.counts["failed"] == 0


@pytest.mark.parametrize("passed", [True, False])
async def test_an_unknown_effect_is_ambiguous_whatever_else_is_known(passed):
    b = bench()
    b.platform.things[ETH1].restarts = None
    b.platform.inject("act", Fault.LOSE_ANSWER)
    await b.planned(restart())
    await run(b)
    await b.stops.verifying.keep("T-1", verified(passed=passed))

    assert await b.stops.closing.close("T-1") is S.AMBIGUOUS
    assert b.notifier.sent[0].urgent
    assert str((await b.case()).ticket.resolution).endswith("close this ticket by hand.")


async def test_an_undo_that_failed_is_urgent():
    b = bench()
    await b.planned(enable())
    await run(b)
    await b.stops.verifying.keep("T-1", verified(passed=False))
    b.platform.inject("act", Fault.LIE)
    await b.stops.executing.undo("T-1", 0)

    assert await b.stops.closing.close("T-1") is S.PARTIALLY_REMEDIATED
    assert b.notifier.sent[0].urgent


@pytest.mark.parametrize("state", [S.PROCESSING, S.AWAITING_APPROVAL, S.PROPOSED])
async def test_a_stop_that_broke_ends_the_ticket_with_the_reason(state):
    b = bench()
    await b.planned(enable(), state=state)

    assert await b.stops.closing.give_up("T-1", "decide broke: KeyError.") is S.FAILED
    assert (await b.case()).ticket.resolution == "Nothing was done: decide broke: KeyError."


async def test_a_ticket_that_broke_at_its_very_first_stop_ends_too():
    b = bench()
    await b.receiving.receive((await bench().planned(enable())).ticket.request)

    assert await b.stops.closing.give_up("T-1", "it broke") is S.FAILED


async def test_what_a_person_has_closed_stays_closed():
    b = bench()
    await b.planned(enable(), state=S.PROPOSED)
    await b.stops.learning.closed_by_hand("T-1", S.RESOLVED, "did it myself", "ada")

    assert await b.stops.closing.give_up("T-1", "it broke") is S.RESOLVED
    assert (await b.case()).ticket.resolution == "did it myself"
