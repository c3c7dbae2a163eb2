"""One action, from intent to outcome: every branch, every interruption, and nothing twice."""

import pytest
from tests.fakes.platforms import CALL_TIMEOUT_SECONDS, ETH1, Fault
from tests.fakes.services import Bench, bench, enable, restart

from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.errors import Refused, Unavailable
from datacenter_docs.domain.estate import Health, HealthStatus
from datacenter_docs.domain.outcomes import OutcomeKind
from datacenter_docs.domain.plans import Action
from datacenter_docs.ports.guards import KillSwitchState
from datacenter_docs.services.acting import Acting, Order

ID = "T-1/plan/0"
K = OutcomeKind


def order(b: Bench, action: Action | None = None, *, by_a_person: bool = True) -> Order:
    return Order("T-1", ID, b.as_seen(action or enable()), by_a_person)


async def journal(b: Bench, kind: EntryKind, **body: object) -> None:
    entry = Entry(kind=kind, at=b.clock.now(), ticket_id="T-1", body={"action_id": ID, **body})
    await b.storage.journal.append([entry])


async def interrupted(b: Bench, wanted: Order) -> None:
    """Leave the journal as a crash between start and outcome does."""
    await journal(b, EntryKind.ACTION_INTENDED)
    look = b.platform.seen(wanted.action.operation, wanted.action.target, {})
    await journal(b, EntryKind.ACTION_STARTED, baseline=look.model_dump(mode="json"))


async def test_an_action_is_journaled_before_and_after_and_believed_only_when_seen():
    b = bench()
    outcome = await b.acting.perform(order(b))

    assert (outcome.kind, outcome.recovered) == (K.CHANGED, False)
    assert (outcome.before, outcome.after) == ({"admin_state": "down"}, {"admin_state": "up"})
    assert await b.kinds() == ["action.intended", "action.started", "action.finished"]
    assert b.platform.effects == {ID: 1}


async def test_what_is_so_already_is_left_alone():
    b = bench()
    wanted = order(b)
    b.platform.things[ETH1].state["admin_state"] = "up"
    outcome = await b.acting.perform(wanted)

    assert outcome.kind is K.UNCHANGED
    assert b.platform.acts == []


async def test_the_same_order_again_is_answered_from_the_journal():
    b = bench()
    first = await b.acting.perform(order(b))
    looks = b.platform.looks
    again = await b.acting.perform(order(b))

    assert again == first
    assert (b.platform.looks, b.platform.effects[ID]) == (looks, 1)


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.REFUSE, Fault.GARBAGE])
async def test_a_target_that_cannot_be_seen_is_not_touched(fault):
    b = bench()
    wanted = order(b)
    b.platform.inject("look", fault)
    outcome = await b.acting.perform(wanted)

    assert outcome.kind is K.FAILED
    assert not outcome.may_have_changed
    assert outcome.message.startswith("Nothing was done: ")
    assert b.platform.acts == []


async def test_a_target_that_is_gone_is_not_touched():
    b = bench()
    wanted = order(b)
    b.platform.inject("look", Fault.VANISH)
    outcome = await b.acting.perform(wanted)

    assert outcome.kind is K.FAILED
    assert "does not exist (any more)" in outcome.message
    assert b.platform.acts == []


async def refused_because(b: Bench, wanted: Order, sentence: str) -> None:
    outcome = await b.acting.perform(wanted)

    assert outcome.kind is K.REFUSED
    assert sentence in outcome.message
    assert b.platform.acts == []
    assert EntryKind.ACTION_STARTED not in await b.kinds()


async def test_a_target_that_changed_since_the_plan_is_not_touched():
    b = bench()
    wanted = order(b)
    b.platform.things[ETH1].state["admin_state"] = "testing"
    await refused_because(b, wanted, "no longer as the plan saw it")


async def test_a_plan_that_saw_nothing_is_not_run():
    b = bench()
    await refused_because(b, Order("T-1", ID, enable(), by_a_person=True), "no longer as the plan")


async def test_a_hazard_that_appeared_needs_a_person():
    b = bench()
    wanted = order(b, restart(), by_a_person=False)
    b.platform.things[ETH1].hazards = ("management_path",)
    await refused_because(b, wanted, "Critical now, and nobody approved it")
    granted = await b.acting.perform(Order("T-1", "other", wanted.action, by_a_person=True))

    assert granted.kind is K.CHANGED


async def test_a_hazard_that_cannot_be_found_out_counts_as_one():
    b = bench()
    b.platform.things[ETH1].hazards = None
    await refused_because(b, order(b, restart(), by_a_person=False), "could not find out")


async def test_what_the_connection_cannot_do_is_not_tried():
    b = bench()
    b.platform.cannot = Refused("The connection lab is read-only.")
    await refused_because(b, order(b), "read-only")


@pytest.mark.parametrize("status", [HealthStatus.FAILED, HealthStatus.UNKNOWN])
async def test_a_sick_system_is_not_touched(status):
    b = bench()
    b.platform.things["network:lab:device:r1"].health = Health(status=status, reasons=("hot",))
    await refused_because(b, order(b), "not healthy enough to be touched: hot")


@pytest.mark.parametrize("call", ["can", "system_health"])
async def test_a_check_that_cannot_be_made_has_failed(call):
    b = bench()
    b.platform.inject(call, Fault.HANG)
    await refused_because(b, order(b), "did not answer")


async def test_the_kill_switch_is_asked_last_and_stops_it():
    b = bench()
    await b.kill()
    await refused_because(b, order(b), "The kill switch is on: drill")


class _DeadSwitch:
    async def read(self) -> KillSwitchState:
        raise Unavailable("the database is away")

    async def set(self, state: KillSwitchState, entry: Entry) -> None:
        raise Unavailable("the database is away")


async def test_a_kill_switch_that_cannot_be_read_counts_as_on():
    b = bench()
    acting = Acting(
        b.platform, b.platform, b.storage.journal, b.storage.fence, _DeadSwitch(), b.clock
    )
    outcome = await acting.perform(order(b))

    assert outcome.kind is K.REFUSED
    assert "could not be read" in outcome.message
    assert b.platform.acts == []


async def test_a_refused_order_may_run_once_the_reason_is_gone():
    b = bench()
    await b.kill()
    assert (await b.acting.perform(order(b))).kind is K.REFUSED
    await b.kill(on=False)
    outcome = await b.acting.perform(order(b))

    assert outcome.kind is K.CHANGED
    assert b.platform.effects == {ID: 1}


async def test_a_platform_that_refused_may_be_asked_again_afresh():
    b = bench()
    b.platform.inject("act", Fault.REFUSE)
    refused = await b.acting.perform(order(b))
    started = b.clock.now()
    outcome = await b.acting.perform(order(b))

    assert (refused.kind, outcome.kind) == (K.REFUSED, K.CHANGED)
    assert refused.message == "The platform refused: lab: permission denied"
    assert (
        b.clock.now() == started
    )  # it is not taken for an interrupted one, whose effect may still show
    assert not outcome.recovered


async def test_a_target_that_vanishes_in_the_act_is_certainly_not_changed():
    b = bench()
    wanted = order(b)
    b.platform.inject("act", Fault.VANISH)

    assert (await b.acting.perform(wanted)).kind is K.REFUSED


async def test_a_lost_answer_with_effect_is_found_by_looking():
    b = bench()
    b.platform.inject("act", Fault.LOSE_ANSWER)
    outcome = await b.acting.perform(order(b))

    assert (outcome.kind, outcome.recovered) == (K.CHANGED, True)
    assert b.platform.effects == {ID: 1}


@pytest.mark.parametrize("fault", [Fault.LOSE_REQUEST, Fault.HANG, Fault.GARBAGE, Fault.LIE])
async def test_without_an_effect_it_failed_whatever_was_answered(fault):
    b = bench()
    b.platform.inject("act", fault)
    outcome = await b.acting.perform(order(b))

    assert outcome.kind is K.FAILED
    assert outcome.may_have_changed
    assert outcome.message.startswith("It did not take effect")


async def test_a_lost_answer_of_a_restart_is_told_by_the_marker():
    for fault, kind in ((Fault.LOSE_ANSWER, K.CHANGED), (Fault.LOSE_REQUEST, K.FAILED)):
        b = bench()
        b.platform.inject("act", fault)

        assert (await b.acting.perform(order(b, restart()))).kind is kind


async def test_a_restart_without_a_marker_is_ambiguous_and_never_sent_again():
    b = bench()
    b.platform.things[ETH1].restarts = None
    b.platform.inject("act", Fault.LOSE_ANSWER)
    first = await b.acting.perform(order(b, restart()))
    again = await b.acting.perform(order(b, restart()))

    assert first.kind is K.AMBIGUOUS
    assert first.message.endswith(f"A person has to look at {ETH1}.")
    assert again == first
    assert b.platform.effects == {ID: 1}


async def test_a_restart_that_leaves_no_mark_is_believed_when_the_platform_answered():
    b = bench()
    b.platform.things[ETH1].restarts = None
    outcome = await b.acting.perform(order(b, restart()))

    assert outcome.kind is K.CHANGED
    assert "so the platform says" in outcome.message
    assert not outcome.recovered


async def test_a_marker_that_is_gone_for_a_moment_is_waited_for():
    b = bench()
    wanted = order(b, restart())
    b.platform.inject("look", None, Fault.BLIND, Fault.BLIND)

    assert (await b.acting.perform(wanted)).kind is K.CHANGED


async def test_a_marker_that_stays_away_is_ambiguous_in_bounded_time():
    b = bench()
    wanted, started = order(b, restart()), b.clock.now()
    b.platform.inject("look", None, *[Fault.BLIND] * 1_000)

    assert (await b.acting.perform(wanted)).kind is K.AMBIGUOUS
    assert (b.clock.now() - started).total_seconds() == 30


async def test_a_target_that_hangs_after_the_act_is_ambiguous_in_bounded_time():
    b = bench()
    wanted, started = order(b), b.clock.now()
    b.platform.inject("look", None)
    b.platform.inject("look", *[Fault.HANG] * 1_000)
    outcome = await b.acting.perform(wanted)

    assert outcome.kind is K.AMBIGUOUS
    assert (b.clock.now() - started).total_seconds() <= 15 + 60 + CALL_TIMEOUT_SECONDS


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.GARBAGE])
async def test_a_target_that_answers_late_is_waited_for(fault):
    b = bench()
    b.platform.inject("look", None, fault, fault)
    outcome = await b.acting.perform(order(b))

    assert outcome.kind is K.CHANGED


async def test_interrupted_after_the_intent_it_starts_from_there():
    b = bench()
    await journal(b, EntryKind.ACTION_INTENDED)
    outcome = await b.acting.perform(order(b))

    assert outcome.kind is K.CHANGED
    assert await b.kinds() == ["action.intended", "action.started", "action.finished"]
    assert b.platform.effects == {ID: 1}


async def test_interrupted_after_the_effect_it_is_not_done_again():
    b = bench()
    wanted = order(b)
    await interrupted(b, wanted)
    b.platform.things[ETH1].state["admin_state"] = "up"
    outcome = await b.acting.perform(wanted)

    assert (outcome.kind, outcome.recovered) == (K.CHANGED, True)
    assert b.platform.acts == []


async def test_interrupted_before_the_effect_it_is_sent_under_the_same_key_after_a_wait():
    b = bench()
    wanted, started = order(b), b.clock.now()
    await interrupted(b, wanted)
    outcome = await b.acting.perform(wanted)

    assert outcome.kind is K.CHANGED
    assert b.platform.effects == {ID: 1}
    assert (b.clock.now() - started).total_seconds() >= 15


async def test_interrupted_with_the_kill_switch_on_it_is_not_sent_again():
    b = bench()
    wanted = order(b)
    await interrupted(b, wanted)
    await b.kill()
    outcome = await b.acting.perform(wanted)

    assert outcome.kind is K.REFUSED
    assert b.platform.acts == []


async def test_interrupted_and_nobody_can_tell_it_goes_to_a_person():
    b = bench()
    b.platform.things[ETH1].restarts = None
    wanted = order(b, restart())
    await interrupted(b, wanted)
    outcome = await b.acting.perform(wanted)

    assert outcome.kind is K.AMBIGUOUS
    assert b.platform.acts == []


async def test_the_past_is_found_behind_more_records_than_a_page_holds():
    b = bench()
    for number in range(80):
        await b.acting.perform(Order("T-1", f"other/{number}", order(b).action, by_a_person=True))
    b.platform.things[ETH1].state["admin_state"] = "down"
    await b.acting.perform(order(b))
    b.platform.things[ETH1].state["admin_state"] = "down"
    await b.acting.perform(order(b))

    assert b.platform.effects[ID] == 1
