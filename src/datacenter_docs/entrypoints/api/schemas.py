"""The shapes of answers, with the seed's keys. Requests are the domain's own values wherever they are the same."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from datacenter_docs.domain import reliability
from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.credence import SetAside
from datacenter_docs.domain.decision import Decision
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.outcomes import Outcome, Verification
from datacenter_docs.domain.tickets import PersonName, Text, Ticket, TicketId, TicketState

Item = TypeVar("Item")
Comment = Annotated[Text, Field(max_length=20_000)]


class Body(BaseModel):
    """The base of request bodies: unknown fields are an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Items(BaseModel, Generic[Item]):
    """A page of a list. `next_cursor` null: that was the last page."""

    items: list[Item]
    next_cursor: str | None = None


class TicketAccepted(BaseModel):
    """The answer to POST /tickets, as in the seed."""

    ticket_id: str
    status: str
    auto_remediation_enabled: bool
    confidence_score: float = 0.0
    reliability_score: float | None = None


class SuggestedAction(BaseModel):
    """One action of the plan, in words and as data."""

    action: str
    system: str
    operation: str
    target: str
    parameters: dict[str, Any]


class RemediationResults(BaseModel):
    """What was executed."""

    success: bool
    executed_actions: list[Outcome]
    verification: Verification | None


class TicketDetail(BaseModel):
    """The answer to GET /tickets/{id}: the seed's keys, then ours."""

    ticket_id: str
    status: TicketState
    resolution: str | None
    suggested_actions: list[SuggestedAction]
    confidence_score: float
    reliability_score: float | None
    reliability_breakdown: dict[str, Any] | None
    auto_remediation_enabled: bool
    auto_remediation_executed: bool
    remediation_decision: Decision | None
    remediation_results: RemediationResults | None
    title: str
    description: str
    category: str
    requester: str
    priority: str | None
    diagnosis: Diagnosis | None
    plan_hash: str | None
    pattern_id: str | None
    approval_expires_at: datetime | None
    received_at: datetime
    updated_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, case: Case) -> "TicketDetail":
        """Draw the answer from a case."""
        ticket, request, diagnosis = case.ticket, case.ticket.request, case.diagnosis
        return cls(
            ticket_id=ticket.id,
            status=ticket.state,
            resolution=ticket.resolution,
            suggested_actions=_suggested(diagnosis),
            confidence_score=diagnosis.confidence if diagnosis else 0.0,
            reliability_score=case.score.overall_score if case.score else None,
            reliability_breakdown=reliability.breakdown(case.score) if case.score else None,
            auto_remediation_enabled=request.enable_auto_remediation,
            auto_remediation_executed=case.executed,
            remediation_decision=case.decision,
            remediation_results=_results(case),
            title=request.title,
            description=request.description,
            category=request.category,
            requester=request.requester,
            priority=request.priority,
            diagnosis=diagnosis,
            plan_hash=diagnosis.plan.content_hash
            if diagnosis and diagnosis.plan.actions
            else None,
            pattern_id=ticket.pattern_id,
            approval_expires_at=ticket.approval_expires_at,
            received_at=ticket.received_at,
            updated_at=ticket.updated_at,
            closed_at=ticket.closed_at,
        )


class TicketSummary(BaseModel):
    """One line of the ticket list."""

    ticket_id: str
    title: str
    category: str
    status: TicketState
    auto_remediation_enabled: bool
    pattern_id: str | None
    received_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, ticket: Ticket) -> "TicketSummary":
        """Draw the line from a ticket."""
        return cls(
            ticket_id=ticket.id,
            title=ticket.request.title,
            category=ticket.request.category,
            status=ticket.state,
            auto_remediation_enabled=ticket.request.enable_auto_remediation,
            pattern_id=ticket.pattern_id,
            received_at=ticket.received_at,
            updated_at=ticket.updated_at,
        )


class TicketPatch(Body):
    """What a person may change: close the ticket, and say how it was resolved."""

    status: Literal["resolved", "failed", "rejected", "partially_remediated"] | None = None
    resolution: Comment | None = None
    actor: PersonName = "anonymous"


class ApprovalBody(Body):
    """The seed's body. `ticket_id` must be the one of the URL; `plan_hash`, if given, the plan that was shown. `approver`: needed
    where there is no authentication; with it the login's own name, or left out.
    """

    ticket_id: str | None = None
    approve: bool
    approver: PersonName | None = None
    comment: Comment = ""
    plan_hash: str | None = None


class ExecutionBody(Body):
    """A person runs a proposed plan. `approver` as in an approval."""

    approver: PersonName | None = None
    comment: Comment = ""
    plan_hash: str | None = None


class GrantGiven(BaseModel):
    """An answer was stored and is on its way to the workflow."""

    ticket_id: str
    approved: bool
    approver: str
    grant_id: str
    plan_hash: str
    expires_at: datetime
    status: str


class FeedbackGiven(BaseModel):
    """Feedback was stored. `replaced`: an earlier one of the same author on this ticket was replaced. `set_aside`: why it moves
    nothing (`contradicted`, `repeated`, `burst`); null: it counts.
    """

    feedback_id: str
    ticket_id: str
    feedback_type: str
    replaced: bool
    reliability_score: float | None
    set_aside: SetAside | None = None


class KillSwitchBody(Body):
    """Turn the kill switch on or off."""

    on: bool
    reason: Annotated[Text, Field(max_length=2_000)] = ""
    actor: PersonName = "anonymous"


class PatternAutomationBody(Body):
    """A person's word that a pattern must never (or may again) be automated."""

    forbidden: bool
    actor: PersonName = "anonymous"


class PatternNameBody(Body):
    """What people call a pattern; null: no name."""

    name: Annotated[Text, Field(min_length=1, max_length=200)] | None
    actor: PersonName = "anonymous"


class PatternMergeBody(Body):
    """The pattern that takes all tickets of this one."""

    into: Annotated[Text, Field(min_length=1, max_length=128)]
    actor: PersonName = "anonymous"


class PatternSplitBody(Body):
    """Tickets of this pattern that become a pattern of their own."""

    ticket_ids: Annotated[list[TicketId], Field(min_length=1, max_length=500)]
    actor: PersonName = "anonymous"


class LogRecord(BaseModel):
    """One journal record; `body` depends on `kind`."""

    seq: int
    at: datetime
    kind: str
    actor: str
    ticket_id: str | None
    body: dict[str, Any]
    previous_hash: str
    hash: str


class RemediationLogs(BaseModel):
    """All that was journaled about a ticket."""

    ticket_id: str
    logs: list[LogRecord]
    next_cursor: str | None = None


def _suggested(diagnosis: Diagnosis | None) -> list[SuggestedAction]:
    actions = diagnosis.plan.actions if diagnosis else ()
    return [
        SuggestedAction(
            action=_sentence(action),
            system=action.target,
            operation=action.operation,
            target=action.target,
            parameters=dict(action.parameters),
        )
        for action in actions
    ]


def _sentence(action: Action) -> str:
    """What is to be done, and why where the plan says it: `Restart pod: ...`."""
    done = action.operation.replace("_", " ").capitalize()
    return f"{done}: {action.why}" if action.why else done


def _results(case: Case) -> RemediationResults | None:
    if not case.outcomes:
        return None
    return RemediationResults(
        success=case.ticket.state is TicketState.RESOLVED,
        executed_actions=list(case.outcomes),
        verification=case.verification,
    )
