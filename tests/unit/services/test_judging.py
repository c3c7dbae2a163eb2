"""Resolving, deciding and learning together: what a ticket is thought to mean, may do, and teaches."""

import pytest
from tests.fakes.platforms import ETH1, ETH2, R1, Fault, Thing
from tests.fakes.services import Bench, bench

from datacenter_docs.domain.decision import Gates, Verdict
from datacenter_docs.domain.errors import NotFound, Refused, Unsupported
from datacenter_docs.domain.estate import Health, HealthStatus
from datacenter_docs.domain.feedback import FeedbackRequest, FeedbackType
from datacenter_docs.domain.outcomes import Check, Verification
from datacenter_docs.domain.tickets import TicketRequest, TicketState
from datacenter_docs.ports.platforms import Gap
from datacenter_docs.services.approving import Answer
from datacenter_docs.services.deciding import DEFAULT_APPROVAL_SECONDS, Next

S = TicketState
DOWN = "The link eth1 of r1 is down."


async def received(b: Bench, ticket_id: str = "T-1", text: str = DOWN, **fields) -> None:
    given = {"category": "network", "enable_auto_remediation": True, **fields}
    await b.receiving.receive(TicketRequest(ticket_id=ticket_id, description=text, **given))


async def decided(b: Bench, ticket_id: str = "T-1", text: str = DOWN, **fields):
    await received(b, ticket_id, text, **fields)
    found = await b.stops.resolving.resolve(ticket_id)
    return await b.stops.deciding.decide(ticket_id, None, found)


async def solved(b: Bench, ticket_id: str) -> None:
    """A person runs the plan, it works, and somebody says so."""
    await decided(b, ticket_id)
    b.platform.things[ETH1].facts["oper_state"] = "up"
    case = await b.case(ticket_id)
    if case.ticket.state is S.AWAITING_APPROVAL:
        grant = await b.approving.answer(ticket_id, Answer("ada"), approved=True)
    else:
        grant = await b.approving.run(ticket_id, Answer("ada"))
    await b.stops.settling.settle(ticket_id, grant.grant_id)
    await b.stops.executing.run(ticket_id, 0, by_a_person=True)
    await b.stops.verifying.verify(ticket_id)
    assert await b.stops.closing.close(ticket_id) is S.RESOLVED
    await b.stops.learning.from_outcome(ticket_id)
    await says(b, ticket_id, FeedbackType.POSITIVE, rating=5)
    b.platform.things[ETH1].state["admin_state"] = "down"
    b.platform.things[ETH1].facts["oper_state"] = "down"


async def says(b: Bench, ticket_id: str, kind: FeedbackType, **fields):
    return await b.stops.learning.from_feedback(
        FeedbackRequest(ticket_id=ticket_id, feedback_type=kind, **fields)
    )


def estate() -> Bench:
    b = bench()
    for name in (ETH1, ETH2):
        b.platform.things[name].facts["oper_state"] = "down"
    return b


async def test_the_one_target_that_fits_is_found_and_seen():
    b = estate()
    await received(b)
    diagnosis = (await b.stops.resolving.resolve("T-1")).diagnosis

    assert [action.target for action in diagnosis.plan.actions] == [ETH1]
    assert diagnosis.plan.actions[0].look.state == {"admin_state": "down"}
    assert diagnosis.confidence == 0.95
    assert diagnosis.resolver == "runbook:port-disabled"
    assert (await b.stops.resolving.resolve("T-1")).diagnosis == diagnosis


async def test_a_diagnosis_is_stored_and_journaled_with_its_decision():
    b = estate()
    await received(b)
    found = await b.stops.resolving.resolve("T-1")
    before = await b.case()
    await b.stops.deciding.decide("T-1", None, found)
    after = await b.case()

    assert (before.diagnosis, after.diagnosis) == (None, found.diagnosis)
    assert (await b.kinds())[-4:] == [
        "ticket.diagnosed",
        "ticket.scored",
        "ticket.decided",
        "approval.requested",
    ]
    assert (await b.stops.resolving.resolve("T-1")).diagnosis is None


async def test_two_that_fit_equally_well_are_asked_about():
    b = estate()
    await received(b, text="A link of r1 is down.")
    diagnosis = (await b.stops.resolving.resolve("T-1")).diagnosis

    assert diagnosis.plan.actions == ()
    assert diagnosis.confidence == 0
    assert "Which one is meant" in diagnosis.unknowns[0]


async def test_a_ticket_that_names_nothing_is_asked_about():
    b = estate()
    await received(b, text="The link is down.")
    diagnosis = (await b.stops.resolving.resolve("T-1")).diagnosis

    assert diagnosis.plan.actions == ()
    assert "names nothing that is in the estate" in diagnosis.summary


async def test_a_ticket_that_no_runbook_speaks_of_says_so():
    b = estate()
    await received(b, text="The coffee is cold.")

    assert (await b.stops.resolving.resolve("T-1")).diagnosis.summary.startswith(
        "Not known: no runbook"
    )


async def test_what_the_reads_do_not_confirm_is_no_cause():
    b = estate()
    b.platform.things[ETH1].state["admin_state"] = "up"
    b.platform.things[ETH1].facts["oper_state"] = "up"
    await received(b)
    diagnosis = (await b.stops.resolving.resolve("T-1")).diagnosis

    assert diagnosis.cause is None
    assert "do not confirm" in diagnosis.summary
    assert "port-disabled" in diagnosis.summary
    assert any(one.because == "It is not shut by configuration." for one in diagnosis.rejected)


@pytest.mark.parametrize(("part", "confidence"), [("r1", 0.475), ("r9", 0.95), ("", 0.475)])
async def test_a_sick_device_lowers_the_confidence_where_the_ticket_speaks_of_it(part, confidence):
    b = estate()
    b.platform.gaps = (Gap("lab", part, "no answer"),)
    await received(b)
    diagnosis = (await b.stops.resolving.resolve("T-1")).diagnosis

    assert diagnosis.confidence == confidence
    assert "no answer" in diagnosis.unknowns[0]


async def test_nobody_is_asked_to_approve_what_the_target_cannot_take():
    b = estate()
    b.platform.cannot = Unsupported("enable_port was not shown to work with this driver.")
    following = await decided(b)
    case = await b.case()

    assert (case.diagnosis.plan.actions, case.ticket.state) == ((), S.PROPOSED)
    assert following["next"] is Next.END
    assert "was not shown to work with this driver" in case.ticket.resolution


async def test_what_only_an_owner_forbids_stays_in_the_plan_and_is_told():
    b = estate()
    b.platform.cannot = Refused("The connection lab is read-only.")
    await received(b)
    diagnosis = (await b.stops.resolving.resolve("T-1")).diagnosis

    assert [action.target for action in diagnosis.plan.actions] == [ETH1]
    assert diagnosis.unknowns == ("The connection lab is read-only.",)


async def test_a_target_that_says_so_only_when_looked_at_is_heard_too():
    b = estate()
    b.platform.break_for_good("look", Fault.UNSUPPORTED)
    await received(b)
    diagnosis = (await b.stops.resolving.resolve("T-1")).diagnosis

    assert diagnosis.plan.actions == ()


async def test_without_a_policy_a_person_is_asked_for_a_day():
    b = estate()
    following = await decided(b)
    case = await b.case()

    assert following == {"next": Next.ASK, "timeout_seconds": DEFAULT_APPROVAL_SECONDS}
    assert case.ticket.state is S.AWAITING_APPROVAL
    assert (await b.kinds())[-3:] == ["ticket.scored", "ticket.decided", "approval.requested"]


async def test_a_decision_stands_and_its_time_runs_on():
    b = estate()
    await decided(b)
    kinds = await b.kinds()
    b.clock.advance(600)
    again = await b.stops.deciding.decide("T-1")
    b.clock.advance(10 * DEFAULT_APPROVAL_SECONDS)

    assert again["timeout_seconds"] == DEFAULT_APPROVAL_SECONDS - 600
    assert (await b.stops.deciding.decide("T-1"))["timeout_seconds"] == 0
    assert await b.kinds() == kinds


async def test_without_opt_in_there_is_a_plan_and_nothing_else():
    b = estate()
    following = await decided(b, enable_auto_remediation=False)
    case = await b.case()

    assert following["next"] is Next.END
    assert (case.ticket.state, case.decision.verdict) == (S.PROPOSED, Verdict.SKIPPED)
    assert "not enabled for this ticket" in str(case.ticket.resolution)


async def test_the_kill_switch_stops_the_decision_too():
    b = estate()
    await b.kill()
    await decided(b)

    assert (await b.case()).decision.verdict is Verdict.SKIPPED


async def test_a_refusal_names_every_reason():
    b = estate()
    await b.policy(allowed_systems=("storage",), min_reliability_score=99)
    await decided(b)
    case = await b.case()

    assert case.decision.verdict is Verdict.REFUSED
    assert "not among the allowed systems" in str(case.ticket.resolution)
    assert "reliability" in str(case.ticket.resolution)


async def test_a_sick_system_is_refused():
    b = estate()
    await b.policy(min_reliability_score=0)
    b.platform.things[R1].health = Health(status=HealthStatus.UNKNOWN)
    await decided(b)
    case = await b.case()

    assert case.decision.verdict is Verdict.REFUSED
    assert not case.decision.safety_checks.system_healthy


async def test_a_ticket_without_a_diagnosis_is_decided_all_the_same():
    b = estate()
    await received(b)
    following = await b.stops.deciding.decide("T-1", "resolve broke: KeyError.")
    case = await b.case()

    assert following["next"] is Next.END
    assert case.ticket.state is S.PROPOSED
    assert str(case.ticket.resolution).startswith("There is no diagnosis: resolve broke")


async def test_automation_is_earned_by_five_good_repairs_and_lost_by_one_bad_word():
    b = estate()
    await b.policy(
        min_reliability_score=50, auto_approve_threshold=85, supervised_occurrences=5,
        requires_approval=False,
    )  # fmt: skip
    for number in range(5):
        await solved(b, f"T-{number}")
        assert (await b.case(f"T-{number}")).decision.verdict is Verdict.APPROVAL_REQUIRED
    following = await decided(b, "T-auto")

    assert following == {"next": Next.RUN, "actions": 1, "by_a_person": False}
    assert (await b.case("T-auto")).decision.reasoning[0] == "All checks passed"
    for number in range(2):
        await says(b, f"T-{number}", FeedbackType.NEGATIVE, author="bob")
    assert (await decided(b, "T-after"))["next"] is Next.ASK


async def test_a_failed_verification_demotes_at_once():
    b = estate()
    for number in range(5):
        await solved(b, f"T-{number}")
    pattern_id = (await b.case("T-0")).ticket.pattern_id
    assert b.stops.learning.standing(await b.storage.patterns.get(pattern_id)).eligible
    await decided(b, "T-bad")
    b.clock.advance(1)
    failed = Verification(checks=(Check(name="link", wanted="up", seen="down", passed=False),))
    await b.stops.verifying.keep("T-bad", failed)
    await b.stops.learning.from_outcome("T-bad")

    assert not b.stops.learning.standing(await b.storage.patterns.get(pattern_id)).eligible
    assert "pattern.changed" in await b.kinds("T-bad")


async def test_feedback_moves_the_score_and_a_second_word_replaces_the_first():
    b = estate()
    await decided(b)
    before = (await b.case()).score.overall_score
    good = await says(b, "T-1", FeedbackType.POSITIVE, rating=5)
    bad = await says(b, "T-1", FeedbackType.NEGATIVE, rating=1)

    assert good.reliability_score > before > bad.reliability_score
    assert (good.replaced, bad.replaced) == (False, True)
    pattern = await b.storage.patterns.get((await b.case()).ticket.pattern_id)
    assert (pattern.positive, pattern.negative) == (0, 1)
    assert (await b.case()).score.human_feedback.sample_size == 1


async def test_feedback_on_nothing_is_not_found():
    with pytest.raises(NotFound):
        await says(bench(), "T-9", FeedbackType.POSITIVE)


async def test_a_ticket_closed_by_hand_counts_as_history():
    b = estate()
    await decided(b, enable_auto_remediation=False)
    await b.stops.learning.closed_by_hand("T-1", S.RESOLVED, "cable", "ada")
    case = await b.case()

    assert case.ticket.resolution == "cable"
    assert case.score.success_history.value == 100
    with pytest.raises(Refused):
        await b.stops.learning.closed_by_hand("T-1", S.FAILED, None, "ada")


async def test_the_same_ticket_twice_is_one_ticket_and_rings_once():
    b = estate()
    await received(b)
    await received(b)

    assert b.rung == [None]
    assert await b.storage.cases.undelivered(10) == ["T-1"]


async def test_gates_of_the_settings_close_automation():
    b = bench(gates=Gates(automation_enabled=False))
    b.platform.things[ETH1].facts["oper_state"] = "down"
    await decided(b)

    assert (await b.case()).decision.verdict is Verdict.SKIPPED


async def test_a_name_is_found_as_a_whole_word_only():
    b = estate()
    b.platform.things["network:lab:interface:r1/eth10"] = Thing(facts={"oper_state": "down"})
    await received(b, text="The link eth10 of r1 is down.")

    plan = (await b.stops.resolving.resolve("T-1")).diagnosis.plan
    assert [action.target for action in plan.actions] == ["network:lab:interface:r1/eth10"]
