"""The contract of `ports/statistics.py`."""

from datetime import timedelta

import pytest
from tests.fakes.clock import NOON
from tests.fakes.samples import (
    a_decision,
    a_diagnosis,
    a_feedback,
    a_pattern,
    a_score,
    a_ticket,
    an_entry,
    an_outcome,
)
from tests.fakes.storage import Storage

from datacenter_docs.domain.cases import CaseChange
from datacenter_docs.domain.feedback import FeedbackType
from datacenter_docs.domain.masking import masked
from datacenter_docs.domain.outcomes import Check, OutcomeKind, Verification
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.statistics import ReliabilityStatistics, RemediationStatistics

EARLIER = NOON - timedelta(days=1)


@pytest.fixture
async def busy(storage: Storage) -> Storage:
    """Two tickets of today, scored and decided, one of them repaired; one of yesterday."""
    await storage.cases.receive(a_ticket("T-0", EARLIER), an_entry())
    await storage.cases.receive(
        a_ticket("T-1", category="network", enable_auto_remediation=True), an_entry()
    )
    await storage.cases.receive(
        a_ticket("T-2", category="storage", enable_auto_remediation=True), an_entry()
    )
    judged = {"diagnosis": a_diagnosis(0.8), "score": a_score(80.0)}
    for ticket_id, asks in (("T-1", True), ("T-2", False)):
        change = CaseChange(
            at=NOON,
            state=TicketState.PROCESSING,
            decision=a_decision(requires_approval=asks),
            **judged,
        )
        await storage.cases.change(ticket_id, change)
    await storage.cases.change(
        "T-1",
        CaseChange(
            at=NOON,
            state=TicketState.RESOLVED,
            executed=True,
            outcomes=(
                an_outcome(),
                an_outcome(OutcomeKind.FAILED),
                an_outcome(OutcomeKind.UNCHANGED, "expand_volume"),
                an_outcome(OutcomeKind.UNDONE),
                an_outcome(OutcomeKind.REFUSED),
            ),
        ),
    )
    for word in (
        a_feedback("F-1", "T-1", rating=5),
        a_feedback("F-2", "T-2", FeedbackType.NEGATIVE, rating=2),
        a_feedback("F-3", "T-2", resolution_accurate=False, author="bob"),
        a_feedback("F-4", "T-2", author="eve"),
        a_feedback("F-0", "T-0", FeedbackType.NEGATIVE, rating=1),
    ):
        await storage.feedback.put(word, an_entry())
    return storage


async def test_nothing_stored_gives_zeros_and_no_averages(storage: Storage):
    assert await storage.statistics.reliability(NOON) == ReliabilityStatistics(
        since=NOON,
        tickets=0,
        avg_reliability_score=None,
        avg_confidence_score=None,
        resolution_rate=None,
    )
    assert await storage.statistics.remediation(NOON) == RemediationStatistics(
        since=NOON,
        enabled_tickets=0,
        executed_tickets=0,
        execution_rate=None,
        actions=0,
        actions_succeeded=0,
        success_rate=None,
        approvals_required=0,
        decisions=0,
        approval_rate=None,
    )


async def test_reliability_is_counted_over_recent_tickets(busy: Storage):
    def summary(rate: float) -> dict[str, float | int]:
        return {
            "tickets": 1,
            "avg_reliability_score": 80.0,
            "avg_confidence_score": 0.8,
            "resolution_rate": rate,
        }

    assert await busy.statistics.reliability(NOON) == ReliabilityStatistics(
        since=NOON,
        tickets=2,
        avg_reliability_score=80.0,
        avg_confidence_score=0.8,
        resolution_rate=0.5,
        by_category={"network": summary(1.0), "storage": summary(0.0)},
        by_level={"high": 2},
        feedback_total=4,
        positive_feedback_rate=0.5,
        negative_feedback_rate=0.25,
        neutral_feedback_rate=0.25,
        avg_rating=3.5,
    )


async def test_remediation_is_counted_over_recent_tickets(busy: Storage):
    await busy.patterns.add(
        a_pattern("P-1", occurrences=5, executions=3, executions_succeeded=2), masked("link down")
    )
    await busy.patterns.add(
        a_pattern("P-2", occurrences=4, executions=1, executions_succeeded=1), masked("link down")
    )

    assert await busy.statistics.remediation(NOON) == RemediationStatistics(
        since=NOON,
        enabled_tickets=2,
        executed_tickets=1,
        execution_rate=0.5,
        actions=3,
        actions_succeeded=2,
        success_rate=2 / 3,
        approvals_required=1,
        decisions=2,
        approval_rate=0.5,
        by_operation={
            "enable_port": {"actions": 2, "succeeded": 1},
            "expand_volume": {"actions": 1, "succeeded": 1},
        },
        eligible_patterns=1,
        pattern_success_rate=0.75,
    )


async def test_replacing_outcomes_does_not_count_them_twice(busy: Storage):
    change = CaseChange(at=NOON, outcomes=(an_outcome(),))
    await busy.cases.change("T-1", change)

    assert (await busy.statistics.remediation(NOON)).actions == 1


async def a_case(storage: Storage, ticket_id: str, score: float, **change: object) -> None:
    """A decided ticket; tickets come one after the other, by their ids."""
    at = NOON + timedelta(minutes=int(ticket_id.removeprefix("H-")))
    await storage.cases.receive(a_ticket(ticket_id, at), an_entry())
    decision = a_decision()
    certificate = decision.certificate.replaced(overall_score=score)
    decided = decision.replaced(certificate=certificate)
    judged = CaseChange(at=at, state=TicketState.REMEDIATING, decision=decided, score=a_score(1.0))
    await storage.cases.change(ticket_id, judged)
    await storage.cases.change(ticket_id, CaseChange(at=at, **change))


async def say(storage: Storage, ticket_id: str, kind: FeedbackType, author: str = "ada") -> None:
    word = a_feedback(f"F-{ticket_id}-{author}", ticket_id, kind, author=author)
    await storage.feedback.put(word, an_entry())


PASSED = Verification(checks=(Check(name="effect", wanted="up", seen="up", passed=True),))
FAILED = Verification(checks=(Check(name="effect", wanted="up", seen="down", passed=False),))


async def test_what_came_true_is_told_with_the_score_of_the_decision(storage: Storage):
    done = {"executed": True, "state": TicketState.RESOLVED}
    await a_case(storage, "H-1", 91.0, verification=PASSED, **done)
    await a_case(
        storage, "H-2", 82.0, verification=FAILED, executed=True, state=TicketState.FAILED
    )
    await a_case(storage, "H-3", 73.0, executed=True, state=TicketState.FAILED)
    await a_case(storage, "H-4", 64.0, verification=PASSED, **done)
    await say(storage, "H-4", FeedbackType.NEGATIVE)
    await say(storage, "H-4", FeedbackType.POSITIVE, "bob")
    await a_case(storage, "H-5", 55.0, state=TicketState.RESOLVED)
    await say(storage, "H-5", FeedbackType.POSITIVE)
    await a_case(storage, "H-6", 46.0, state=TicketState.RESOLVED)  # nobody says anything of it
    await a_case(storage, "H-7", 37.0, state=TicketState.RESOLVED)
    await say(storage, "H-7", FeedbackType.NEUTRAL)
    await a_case(storage, "H-8", 28.0, executed=True)  # still at it

    assert list(await storage.statistics.hindsights(100)) == [
        (91.0, True),
        (82.0, False),
        (73.0, False),
        (64.0, False),
        (55.0, True),
    ]
    assert list(await storage.statistics.hindsights(2)) == [(64.0, False), (55.0, True)]
