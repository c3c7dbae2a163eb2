"""Plans: locks, limits, order, undo in reverse, the pre-state proven."""

import pytest
from tests.fakes.platforms import ETH1, ETH2, Fault, Thing
from tests.fakes.services import GLOBAL, LOCK_WAIT_SECONDS, Bench, bench, enable, restart

from datacenter_docs.domain.outcomes import Check, OutcomeKind, Verification
from datacenter_docs.domain.plans import Action

K = OutcomeKind


async def test_the_locks_are_taken_and_given_back():
    b = bench()
    await b.planned(enable(ETH2), enable(ETH1))

    assert await b.stops.executing.reserve("T-1") is None
    assert await b.stops.executing.reserve("T-1") is None  # a replay
    assert await b.storage.locks.acquire([ETH1], holder="T-2", at=b.clock.now()) == {ETH1: "T-1"}
    await b.stops.executing.release("T-1")
    assert await b.storage.locks.acquire([ETH1], holder="T-2", at=b.clock.now()) == {}


async def test_a_lock_that_another_holds_is_waited_for_and_no_longer():
    b = bench()
    await b.planned(enable())
    await b.storage.locks.acquire([ETH1], holder="T-2", at=b.clock.now())
    started = b.clock.now()
    refusal = await b.stops.executing.reserve("T-1")

    assert refusal == f"{ETH1} is under remediation by T-2"
    assert (b.clock.now() - started).total_seconds() == LOCK_WAIT_SECONDS
    assert b.meter.counts["attempted"] == 0


async def test_every_action_counts_once_against_the_global_limit():
    b = bench()
    for number in range(GLOBAL.per_hour):
        await b.planned(enable(), ticket_id=f"T-{number}")
        assert await b.stops.executing.reserve(f"T-{number}") is None
        assert await b.stops.executing.reserve(f"T-{number}") is None
        await b.stops.executing.release(f"T-{number}")
    await b.planned(enable(), ticket_id="T-last")
    refusal = await b.stops.executing.reserve("T-last")

    assert "rate limit of global is 10" in str(refusal)


async def test_the_limit_of_the_policy_holds_too():
    b = bench()
    await b.policy(max_actions_per_hour=1)
    await b.planned(enable(), restart(ETH2))

    assert "policy:network" in str(await b.stops.executing.reserve("T-1"))


async def ran(b: Bench, *, actions: int, ticket_id: str = "T-1") -> list[OutcomeKind]:
    return [
        (await b.stops.executing.run(ticket_id, index, by_a_person=True)).kind
        for index in range(actions)
    ]


async def test_outcomes_are_kept_in_order_and_a_replay_adds_none():
    b = bench()
    await b.planned(enable(), enable(ETH2))
    await ran(b, actions=2)
    await ran(b, actions=1)
    case = await b.case()

    assert [outcome.target for outcome in case.outcomes] == [ETH1, ETH2]
    assert case.executed


async def test_an_outcome_takes_the_place_of_an_earlier_refusal():
    b = bench()
    await b.planned(enable())
    await b.kill()
    assert await ran(b, actions=1) == [K.REFUSED]
    assert not (await b.case()).executed
    await b.kill(on=False)
    await ran(b, actions=1)

    assert [outcome.kind for outcome in (await b.case()).outcomes] == [K.CHANGED]


async def test_the_undo_restores_the_pre_state_in_reverse_and_proves_it():
    b = bench()
    await b.planned(enable(), enable(ETH2))
    await ran(b, actions=2)
    failed = Verification(checks=(Check(name="link", wanted="up", seen="down", passed=False),))
    await b.stops.verifying.keep("T-1", failed)
    for index in (1, 0):
        undone = await b.stops.executing.undo("T-1", index)
        assert undone is not None
        assert undone.kind is K.UNDONE
    proven = await b.stops.executing.compare_pre_state("T-1")

    assert [operation for operation, _ in b.platform.acts[2:]] == ["disable_port"] * 2
    assert [o.target for o in (await b.case()).outcomes] == [ETH1, ETH2, ETH2, ETH1]
    assert proven is not None
    assert [(c.name, c.passed) for c in proven.checks] == [
        ("link", False),
        (f"pre-state of {ETH1}", True),
        (f"pre-state of {ETH2}", True),
    ]
    assert not proven.passed


async def test_comparing_twice_does_not_double_the_checks():
    b = bench()
    await b.planned(enable())
    await ran(b, actions=1)
    first = await b.stops.executing.compare_pre_state("T-1")

    assert await b.stops.executing.compare_pre_state("T-1") == first


async def test_a_failed_action_with_a_proven_pre_state_is_no_success():
    b = bench()
    b.platform.inject("act", Fault.LIE)
    await b.planned(enable())
    assert await ran(b, actions=1) == [K.FAILED]
    await b.stops.executing.undo("T-1", 0)
    proven = await b.stops.executing.compare_pre_state("T-1")

    assert proven is not None
    assert not proven.passed
    assert [check.passed for check in proven.checks] == [False, True]


async def test_where_nothing_was_started_there_is_nothing_to_compare():
    b = bench()
    await b.planned(enable())
    await b.kill()
    await ran(b, actions=1)

    assert await b.stops.executing.compare_pre_state("T-1") is None
    assert (await b.case()).verification is None


async def test_what_somebody_else_did_is_not_undone():
    b = bench()
    await b.planned(enable())
    b.platform.inject("look", Fault.HANG)
    assert await ran(b, actions=1) == [K.FAILED]
    b.platform.things[ETH1].state["admin_state"] = "up"  # by a person, meanwhile

    assert await b.stops.executing.undo("T-1", 0) is None
    assert b.platform.things[ETH1].state["admin_state"] == "up"
    assert not (await b.case()).executed


async def test_a_pre_state_that_is_not_back_or_not_seen_is_said():
    b = bench()
    await b.planned(enable(), enable(ETH2))
    await ran(b, actions=2)
    b.platform.inject("look", None, Fault.HANG)
    proven = await b.stops.executing.compare_pre_state("T-1")

    assert proven is not None
    assert [check.passed for check in proven.checks] == [False, None]


async def test_a_restart_has_nothing_to_undo():
    b = bench()
    await b.planned(restart())
    await ran(b, actions=1)

    assert await b.stops.executing.undo("T-1", 0) is None


async def test_what_cannot_be_undone_says_so_once_and_in_the_journal():
    b = bench()
    volume = "storage:nas:volume:one"
    b.platform.things[volume] = Thing(
        state={"size_bytes": 100}, parent=None, hazards=("cannot_shrink",)
    )
    await b.planned(
        Action(operation="expand_volume", target=volume, parameters={"size_bytes": 200})
    )
    await ran(b, actions=1)
    first = await b.stops.executing.undo("T-1", 0)
    await b.stops.executing.undo("T-1", 0)

    assert first is not None
    assert first.kind is K.REFUSED
    assert first.message == "Cannot be undone: because of cannot_shrink"
    assert b.platform.things[volume].state == {"size_bytes": 200}


async def test_only_known_effects_let_the_undo_begin():
    b = bench()
    b.platform.things[ETH1].restarts = None
    b.platform.inject("act", Fault.LOSE_ANSWER)
    await b.planned(enable(ETH2), restart())
    assert not await b.stops.executing.is_ambiguous("T-1", 0)
    await b.stops.executing.run("T-1", 1, by_a_person=True)

    assert (await b.case()).outcomes[-1].kind is K.AMBIGUOUS
    assert await b.stops.executing.is_ambiguous("T-1", 1)


async def test_an_action_that_broke_without_an_outcome_is_ambiguous():
    b = bench()
    await b.planned(enable(), enable(ETH2))
    await ran(b, actions=1)

    assert not await b.stops.executing.is_ambiguous("T-1", 1)
    assert await b.stops.executing.is_ambiguous("T-1", 2)
    assert await b.stops.executing.is_ambiguous("T-1", 2)  # a replay
    assert [outcome.kind for outcome in (await b.case()).outcomes] == [K.CHANGED, K.AMBIGUOUS]
    assert (await b.kinds()).count("action.finished") == 2


@pytest.mark.parametrize("fault", [Fault.LOSE_ANSWER, None])
async def test_an_undo_is_done_once_however_often_it_is_asked_for(fault):
    b = bench()
    await b.planned(enable())
    await ran(b, actions=1)
    b.platform.inject("act", fault)
    first = await b.stops.executing.undo("T-1", 0)
    b.platform.things[ETH1].state["admin_state"] = "up"
    again = await b.stops.executing.undo("T-1", 0)

    assert first == again
    assert set(b.platform.effects.values()) == {1}
    assert (await b.kinds())[-3:] == ["rollback.intended", "rollback.started", "rollback.finished"]
