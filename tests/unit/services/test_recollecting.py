"""What earlier tickets taught: what helped, and what was tried here in vain."""

from datetime import timedelta

from tests.fakes.estate_samples import Estate, seen
from tests.fakes.platforms import ETH1, Fault
from tests.fakes.services import Bench, bench, enable

from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.tickets import TicketRequest, TicketState
from datacenter_docs.services.approving import Answer
from datacenter_docs.services.recognising import Recognising
from datacenter_docs.services.recollecting import FAILURE_HOLDS, LATELY, Recollecting

DOWN = "The link eth1 of r1 is down."
STATE = f"{ETH1}#oper_state"


def recollecting(b: Bench) -> Recollecting:
    return Recollecting(
        b.storage.cases,
        Recognising(b.storage.patterns),
        b.storage.feedback,
        b.storage.deeds,
        b.storage.estate,
        b.clock,
    )


def ticket(ticket_id: str = "T-2") -> TicketRequest:
    return TicketRequest(ticket_id=ticket_id, description=DOWN, category="network")


async def repaired(b: Bench, *, heals: bool, ticket_id: str = "T-1") -> TicketState:
    """A port that is shut, enabled by a person; how its ticket ends."""
    b.platform.things[ETH1].state["admin_state"] = "down"
    b.platform.things[ETH1].facts["oper_state"] = "up" if heals else "down"
    request = ticket(ticket_id).replaced(enable_auto_remediation=True)
    await b.receiving.receive(request)
    found = await b.stops.resolving.resolve(ticket_id)
    await b.stops.deciding.decide(ticket_id, None, found)
    answer = Answer("ada")
    if (await b.case(ticket_id)).ticket.state is TicketState.AWAITING_APPROVAL:
        grant = await b.approving.answer(ticket_id, answer, approved=True)
    else:
        grant = await b.approving.run(ticket_id, answer)
    await b.stops.settling.settle(ticket_id, grant.grant_id)
    await b.stops.executing.run(ticket_id, 0, by_a_person=True)
    await b.stops.verifying.verify(ticket_id)
    state = await b.stops.closing.close(ticket_id)
    b.platform.things[ETH1].state["admin_state"] = "down"
    b.platform.things[ETH1].facts["oper_state"] = "down"
    return state


def now(b: Bench) -> Action:
    return b.as_seen(enable())


async def test_what_was_tried_here_in_vain_is_known():
    b = bench()
    state = await repaired(b, heals=False)
    failure = await recollecting(b).failed(now(b), {STATE: "down"})

    assert state is TicketState.PARTIALLY_REMEDIATED
    assert failure is not None
    assert (failure.ticket_id, failure.operation, failure.target) == ("T-1", "enable_port", ETH1)


async def test_what_helped_is_no_failure():
    b = bench()
    state = await repaired(b, heals=True)

    assert state is TicketState.RESOLVED
    assert await recollecting(b).failed(now(b), {STATE: "down"}) is None


async def test_what_never_reached_its_target_taught_nothing():
    b = bench()
    b.platform.inject("act", Fault.REFUSE)
    state = await repaired(b, heals=False)

    assert state is not TicketState.RESOLVED
    assert await recollecting(b).failed(now(b), {STATE: "down"}) is None


async def test_another_state_parameter_or_operation_is_another_try():
    b = bench()
    await repaired(b, heals=False)
    memory = recollecting(b)
    otherwise = now(b)
    b.platform.things[ETH1].state["admin_state"] = "testing"
    elsewhere = now(b)

    assert await memory.failed(otherwise, {STATE: "down"}) is not None
    assert await memory.failed(otherwise, {STATE: "dormant"}) is None
    assert await memory.failed(elsewhere, {STATE: "down"}) is None
    assert await memory.failed(otherwise.replaced(operation="restart_interface"), {}) is None


async def test_numbers_that_moved_and_facts_that_nobody_read_then_change_nothing():
    b = bench()
    await repaired(b, heals=False)
    seen = {STATE: "down", f"{ETH1}#rx_bytes": 12, f"{ETH1}#hostname": "new"}

    assert await recollecting(b).failed(now(b), seen) is not None


async def test_a_failure_is_forgotten_after_its_time():
    b = bench()
    await repaired(b, heals=False)
    b.clock.advance((FAILURE_HOLDS + timedelta(minutes=1)).total_seconds())

    assert await recollecting(b).failed(now(b), {STATE: "down"}) is None


async def test_what_helped_tickets_of_the_pattern_is_counted():
    b = bench()
    await repaired(b, heals=True, ticket_id="T-1")
    await repaired(b, heals=True, ticket_id="T-2")

    assert await recollecting(b).helped(ticket("T-3")) == {"enable_port": 2}


async def test_a_ticket_of_no_known_pattern_has_no_precedent():
    b = bench()
    await repaired(b, heals=True)
    other = ticket("T-3").replaced(description="Printer on the third floor prints blank pages.")

    assert await recollecting(b).helped(other) == {}


async def surveyed(b: Bench) -> Estate:
    """The port as two surveys saw it: first open, then shut."""
    estate = Estate(b.storage.estate, b.storage.recorder, b.clock)
    await estate.surveyed(seen(ETH1, name="r1 eth1", admin_state="up"))
    await estate.surveyed(seen(ETH1, name="r1 eth1", admin_state="down"))
    return estate


async def test_an_estate_without_surveys_knows_of_no_change():
    assert await recollecting(bench()).lately([ETH1]) == []


async def test_what_surveys_found_changed_is_told_newest_first_for_some_days():
    b = bench()
    await surveyed(b)
    told = await recollecting(b).lately([ETH1])
    b.clock.advance((LATELY + timedelta(hours=3)).total_seconds())

    assert told[0].startswith(
        "r1 eth1: admin_state became 'down', was 'up' (found by survey 2 on "
    )
    assert await recollecting(b).lately([ETH1]) == []


async def test_a_change_that_a_survey_found_since_makes_the_failure_another_situation():
    b = bench()
    await repaired(b, heals=False)
    before = await recollecting(b).failed(now(b), {STATE: "down"})
    await surveyed(b)

    assert before is not None
    assert await recollecting(b).failed(now(b), {STATE: "down"}) is None
