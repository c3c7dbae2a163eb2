"""A person's answer: who may give it, what it is bound to, and what it leads to."""

from datetime import timedelta

import pytest
from tests.fakes.platforms import ETH1, Fault
from tests.fakes.services import Bench, bench, enable, restart

from datacenter_docs.domain.cases import CaseChange
from datacenter_docs.domain.errors import Refused
from datacenter_docs.domain.grants import Grant
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.services.approving import GRANT_VALID, Answer
from datacenter_docs.services.deciding import Next

S = TicketState
ADA = Answer("ada")


async def asked(b: Bench, action: Action | None = None, **request: object) -> None:
    """A ticket that waits for an answer for an hour."""
    await b.planned(action or enable(), state=S.AWAITING_APPROVAL, **request)
    until = b.clock.now() + timedelta(hours=1)
    await b.storage.cases.change("T-1", CaseChange(at=b.clock.now(), approval_expires_at=until))


def critical(b: Bench) -> Action:
    b.platform.things[ETH1].hazards = ("management_path",)
    return restart()


async def state(b: Bench) -> TicketState:
    return (await b.case()).ticket.state


async def test_a_yes_is_stored_journaled_and_rung():
    b = bench()
    await asked(b)
    grant = await b.approving.answer("T-1", ADA, approved=True)
    plan = (await b.case()).diagnosis.plan

    assert (grant.plan_hash, grant.state_hash) == (plan.content_hash, plan.state_hash)
    assert [g.grant_id for g in await b.storage.grants.undelivered(10)] == [grant.grant_id]
    assert (await b.kinds())[-1] == "approval.given"
    assert b.rung == [None]


@pytest.mark.parametrize("approved", [True, False])
async def test_a_plan_is_answered_once(approved):
    b = bench()
    await asked(b)
    await b.approving.answer("T-1", ADA, approved=approved)

    with pytest.raises(Refused, match="answered"):
        await b.approving.answer("T-1", Answer("bob"), approved=True)


async def test_a_late_answer_is_refused_and_told_what_to_do():
    b = bench()
    await asked(b)
    b.clock.advance(3_600)

    with pytest.raises(Refused, match=r"is over.*/execute"):
        await b.approving.answer("T-1", ADA, approved=True)


async def test_an_answer_for_another_plan_is_refused():
    b = bench()
    await asked(b)

    with pytest.raises(Refused, match="for another plan"):
        await b.approving.answer("T-1", Answer("ada", plan_hash="0" * 64), approved=True)


async def test_what_was_not_asked_cannot_be_approved():
    b = bench()
    await b.planned(enable(), state=S.PROPOSED)

    with pytest.raises(Refused, match="Nobody was asked"):
        await b.approving.answer("T-1", ADA, approved=True)


@pytest.mark.parametrize("name", ["carl", "Carl", " carl "])
async def test_a_critical_action_needs_somebody_else_however_the_name_is_written(name):
    b = bench()
    await asked(b, critical(b), requester="carl")

    with pytest.raises(Refused, match="other than the one who asked"):
        await b.approving.answer("T-1", Answer(name), approved=True)
    await b.approving.answer("T-1", Answer(name), approved=False)


async def test_a_person_without_a_name_cannot_approve():
    b = bench()
    await asked(b)

    with pytest.raises(Refused, match="no name"):
        await b.approving.answer("T-1", Answer(" "), approved=True)


async def test_only_the_approvers_of_the_policy_may_say_yes():
    b = bench()
    await b.policy(approvers=("Ada",))
    await asked(b)

    with pytest.raises(Refused, match="not among the approvers"):
        await b.approving.answer("T-1", Answer("bob"), approved=True)
    assert (await b.approving.answer("T-1", ADA, approved=True)).approved


async def settled(b: Bench, grant: Grant | None) -> object:
    return (await b.stops.settling.settle("T-1", grant.grant_id if grant else None))["next"]


async def test_a_yes_leads_to_the_run_and_again_after_a_crash():
    b = bench()
    await asked(b)
    grant = await b.approving.answer("T-1", ADA, approved=True)

    assert await settled(b, grant) is Next.RUN
    assert await state(b) is S.REMEDIATING
    records = await b.kinds()
    b.clock.advance(10 * GRANT_VALID.total_seconds())
    assert await settled(b, grant) is Next.RUN
    assert await b.kinds() == records


async def test_a_no_ends_the_ticket_with_the_reason():
    b = bench()
    await asked(b)
    grant = await b.approving.answer("T-1", Answer("ada", "not today"), approved=False)

    assert await settled(b, grant) is Next.END
    assert (await b.case()).ticket.resolution == "ada refused: not today"
    assert await state(b) is S.REJECTED


async def wait_for_the_end(b: Bench, but_seconds: float = 0.0) -> None:
    """Until nobody can answer any more, or so many seconds before."""
    ends = (await b.case()).ticket.approval_expires_at
    assert ends is not None
    b.clock.advance((ends - b.clock.now()).total_seconds() - but_seconds)


async def test_no_answer_counts_as_no_when_time_is_over_and_not_before():
    b = bench()
    await asked(b)
    await wait_for_the_end(b, but_seconds=2.0)

    assert await b.stops.settling.settle("T-1", None) == {
        "next": Next.ASK,
        "timeout_seconds": 2.0,
    }
    assert await state(b) is S.AWAITING_APPROVAL
    await wait_for_the_end(b)
    assert await settled(b, None) is Next.END
    assert await state(b) is S.REJECTED
    assert (await b.kinds())[-1] == "approval.expired"


async def test_an_answer_in_the_last_moment_counts():
    b = bench()
    await asked(b)
    await wait_for_the_end(b, but_seconds=1.0)
    await b.approving.answer("T-1", ADA, approved=True)
    await wait_for_the_end(b)

    assert await settled(b, None) is Next.RUN


async def test_an_answer_that_nobody_took_up_in_time_is_void():
    b = bench()
    await asked(b)
    grant = await b.approving.answer("T-1", ADA, approved=True)
    b.clock.advance(GRANT_VALID.total_seconds())

    assert await settled(b, grant) is Next.END
    assert await state(b) is S.PROPOSED
    assert "expired before a worker" in str((await b.case()).ticket.resolution)


@pytest.mark.parametrize("what", ["plan", "state"])
async def test_an_answer_for_what_has_changed_since_is_void(what):
    b = bench()
    await asked(b)
    grant = await b.approving.answer("T-1", ADA, approved=True)
    case = await b.case()
    if what == "state":
        b.platform.things[ETH1].state["admin_state"] = "up"
    plan = Plan(actions=(b.as_seen(enable() if what == "state" else restart()),))
    change = CaseChange(at=b.clock.now(), diagnosis=case.diagnosis.replaced(plan=plan))
    await b.storage.cases.change("T-1", change)

    assert await settled(b, grant) is Next.END
    assert await state(b) is S.PROPOSED


async def proposed(b: Bench, action: Action | None = None, **request: object) -> None:
    await b.planned(action or enable(), state=S.PROPOSED, **request)


async def test_a_person_runs_a_proposed_plan():
    b = bench()
    await proposed(b)
    grant = await b.approving.run("T-1", ADA)

    assert await settled(b, grant) is Next.RUN


async def test_a_plan_without_actions_cannot_be_run():
    b = bench()
    await b.planned(state=S.PROPOSED)

    with pytest.raises(Refused, match="no plan that a machine could run"):
        await b.approving.run("T-1", ADA)


async def test_a_changed_target_is_shown_anew_before_it_may_be_run():
    b = bench()
    await proposed(b)
    b.platform.things[ETH1].state["admin_state"] = "testing"
    with pytest.raises(Refused, match=r"was .*down.* is .*testing.* ask again"):
        await b.approving.run("T-1", ADA)

    assert (await b.case()).diagnosis.plan.actions[0].look.state == {"admin_state": "testing"}
    assert (await b.kinds())[-1] == "ticket.diagnosed"
    await b.approving.run("T-1", ADA)


async def test_a_target_that_cannot_be_seen_cannot_be_run_on():
    b = bench()
    await proposed(b)
    b.platform.inject("look", Fault.HANG)

    with pytest.raises(Refused, match="cannot be seen right now"):
        await b.approving.run("T-1", ADA)


async def test_all_reasons_against_a_run_are_named_together():
    b = bench()
    await b.policy(approvers=("bob",), forbidden_commands=("restart",), requires_backup=False)
    await proposed(b, critical(b), requester="ada")
    await b.kill()
    with pytest.raises(Refused) as refused:
        await b.approving.run("T-1", ADA)

    for part in ("kill switch", "not among the approvers", "forbids 'restart'", "other than"):
        assert part in refused.value.message


async def test_a_ticket_that_is_over_cannot_be_run():
    b = bench()
    await proposed(b)
    await b.stops.learning.closed_by_hand("T-1", S.RESOLVED, None, "ada")

    with pytest.raises(Refused, match="nothing to execute"):
        await b.approving.run("T-1", ADA)


async def test_a_run_that_the_kill_switch_refused_can_be_asked_for_again():
    b = bench()
    await asked(b)
    grant = await b.approving.answer("T-1", ADA, approved=True)
    await b.kill()
    await settled(b, grant)
    await b.stops.executing.run("T-1", 0, by_a_person=True)
    assert await b.stops.closing.close("T-1") is S.PROPOSED
    await b.kill(on=False)
    again = await b.approving.run("T-1", ADA)
    assert await settled(b, again) is Next.RUN
    await b.stops.executing.run("T-1", 0, by_a_person=True)

    assert (await b.case()).outcomes[0].succeeded
    assert b.platform.things[ETH1].state["admin_state"] == "up"
