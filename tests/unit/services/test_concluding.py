"""What is final only once it is confirmed: after the verification, never before, and never after an undo."""

from tests.fakes.platforms import Fault, Thing
from tests.fakes.services import Bench, bench, enable

from datacenter_docs.domain.audit import EntryKind
from datacenter_docs.domain.outcomes import Check, OutcomeKind, Verification
from datacenter_docs.domain.plans import Action
from datacenter_docs.domain.tickets import TicketState

WEB = "openstack:cloud:instance:web"
K = OutcomeKind


async def resized() -> Bench:
    """An instance that was small, and is large now, until somebody goes back."""
    b = bench()
    b.platform.things[WEB] = Thing(state={"flavor": "small"}, parent=None)
    await b.planned(
        Action(operation="resize_instance", target=WEB, parameters={"flavor": "large"}, why="full")
    )
    assert (await b.stops.executing.run("T-1", 0, by_a_person=True)).kind is K.CHANGED
    return b


async def verified(b: Bench, *, passed: bool) -> None:
    check = Check(name="service", wanted="answers", seen="", passed=passed)
    await b.stops.verifying.keep("T-1", Verification(checks=(check,)))


async def test_a_resize_is_confirmed_once_it_is_verified():
    b = await resized()
    await verified(b, passed=True)

    assert await b.stops.executing.conclude("T-1")
    assert await b.stops.executing.conclude("T-1")  # a replay
    assert [operation for operation, _ in b.platform.acts] == ["resize_instance", "confirm_resize"]
    assert not b.platform.things[WEB].pending
    assert await b.stops.closing.close("T-1") is TicketState.RESOLVED
    page = await b.storage.journal.page(ticket_id="T-1", kinds=[EntryKind.ACTION_FINISHED])
    assert len(page.items) == 2


async def test_a_resize_that_cannot_be_confirmed_leaves_something_for_a_person():
    b = await resized()
    await verified(b, passed=True)
    b.platform.inject("act", Fault.REFUSE)

    assert not await b.stops.executing.conclude("T-1")
    assert await b.stops.closing.close("T-1") is TicketState.PARTIALLY_REMEDIATED
    assert "confirm_resize" in (await b.case()).ticket.resolution


async def test_a_resize_that_is_undone_is_not_confirmed():
    b = await resized()
    await verified(b, passed=False)
    undone = await b.stops.executing.undo("T-1", 0)

    assert undone is not None
    assert undone.kind is K.UNDONE
    assert b.platform.things[WEB].state == {"flavor": "small"}
    assert [operation for operation, _ in b.platform.acts] == ["resize_instance", "revert_resize"]


async def test_what_is_final_at_once_needs_no_conclusion():
    b = bench()
    await b.planned(enable())
    await b.stops.executing.run("T-1", 0, by_a_person=True)

    assert await b.stops.executing.conclude("T-1")
    assert [operation for operation, _ in b.platform.acts] == ["enable_port"]
