"""Values for tests, with every field that a test does not care about filled in."""

from datetime import datetime
from typing import Any

from tests.fakes.clock import NOON

from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.decision import Certificate, Decision, SafetyReport, Verdict
from datacenter_docs.domain.diagnosis import Diagnosis, Evidence
from datacenter_docs.domain.feedback import Feedback, FeedbackRequest, FeedbackType
from datacenter_docs.domain.grants import Grant, GrantKind
from datacenter_docs.domain.operations import ActionClass, RiskLevel
from datacenter_docs.domain.outcomes import Check, Outcome, OutcomeKind, Verification
from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.domain.reliability import ConfidenceLevel, Factor, Score
from datacenter_docs.domain.tickets import Ticket, TicketRequest, TicketState


def a_ticket(ticket_id: str = "T-1", at: datetime = NOON, **request: Any) -> Ticket:
    wanted = TicketRequest(ticket_id=ticket_id, **{"description": "The link is down.", **request})
    return Ticket(request=wanted, state=TicketState.RECEIVED, received_at=at, updated_at=at)


def an_entry(
    kind: EntryKind = EntryKind.TICKET_CHANGED,
    ticket_id: str | None = "T-1",
    at: datetime = NOON,
    **body: Any,
) -> Entry:
    return Entry(kind=kind, at=at, ticket_id=ticket_id, body=body)


def a_diagnosis(confidence: float = 0.9) -> Diagnosis:
    return Diagnosis(
        summary="eth1 of r1 is shut.",
        cause="The interface is administratively down.",
        confidence=confidence,
        evidence=(Evidence(statement="eth1 is down", supports=True, value="down"),),
        plan=Plan(
            actions=(Action(operation="enable_port", target="network:lab:interface:r1/eth1"),)
        ),
        resolver="runbook:interface-down",
    )


def a_score(overall: float = 87.5) -> Score:
    factor = Factor(value=overall, sample_size=7, low=70.0, high=95.0)
    return Score(
        overall_score=overall,
        low=70.0,
        high=95.0,
        without_ai=80.0,
        without_ai_low=66.0,
        confidence_level=ConfidenceLevel.HIGH,
        ai_confidence=factor,
        human_feedback=factor,
        success_history=factor,
        pattern_match=factor,
    )


def a_decision(*, requires_approval: bool = True, at: datetime = NOON) -> Decision:
    return Decision(
        verdict=Verdict.APPROVAL_REQUIRED if requires_approval else Verdict.AUTO_APPROVED,
        allowed=True,
        action_type=ActionClass.SAFE_WRITE,
        requires_approval=requires_approval,
        reasoning=("The pattern is not known yet.",),
        safety_checks=SafetyReport(
            time_window_ok=True,
            rate_limit_ok=True,
            backup_available=True,
            system_healthy=True,
            all_passed=True,
        ),
        risk_level=RiskLevel.MEDIUM,
        certificate=Certificate(
            rule="pattern",
            plan_hash="a" * 64,
            state_hash="b" * 64,
            policy_name=None,
            policy_hash=None,
            pattern_id=None,
            overall_score=87.5,
            threshold_score=85.0,
            decided_at=at,
        ),
    )


def an_outcome(
    kind: OutcomeKind = OutcomeKind.CHANGED, operation: str = "enable_port", at: datetime = NOON
) -> Outcome:
    return Outcome(
        action_id="T-1/abc/0",
        operation=operation,
        target="network:lab:interface:r1/eth1",
        kind=kind,
        message="eth1 is up.",
        before={"admin": "down"},
        after={"admin": "up"},
        finished_at=at,
    )


def a_verification(*, passed: bool = True) -> Verification:
    return Verification(checks=(Check(name="up", wanted="up", seen="up", passed=passed),))


def a_pattern(pattern_id: str = "P-1", category: str = "network", **fields: Any) -> Pattern:
    given = {"signature": f"signature of {pattern_id}", "key_terms": ("link", "down"), **fields}
    return Pattern(
        pattern_id=pattern_id,
        category=category,
        first_seen_at=NOON,
        last_seen_at=NOON,
        **given,
    )


def a_feedback(
    feedback_id: str = "F-1",
    ticket_id: str = "T-1",
    kind: FeedbackType = FeedbackType.POSITIVE,
    at: datetime = NOON,
    **request: Any,
) -> Feedback:
    wanted = FeedbackRequest(ticket_id=ticket_id, feedback_type=kind, **request)
    return Feedback(feedback_id=feedback_id, request=wanted, given_at=at)


def a_grant(grant_id: str = "G-1", ticket_id: str = "T-1", **fields: Any) -> Grant:
    given = {"plan_hash": "a" * 64, "approver": "ada@example.org", "granted_at": NOON, **fields}
    return Grant(
        grant_id=grant_id,
        ticket_id=ticket_id,
        kind=GrantKind.APPROVAL,
        approved=True,
        state_hash="b" * 64,
        expires_at=NOON.replace(hour=18),
        **given,
    )
