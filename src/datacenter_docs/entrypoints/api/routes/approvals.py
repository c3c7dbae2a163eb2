"""A person's yes or no, and running a proposed plan."""

from http import HTTPStatus

from fastapi import APIRouter

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.grants import Grant
from datacenter_docs.entrypoints.api.dependencies import Name, OncePerKey, TheHouse
from datacenter_docs.entrypoints.api.schemas import ApprovalBody, ExecutionBody, GrantGiven
from datacenter_docs.services.approving import Answer

router = APIRouter(prefix="/tickets", tags=["approvals"])


@router.post(
    "/{ticket_id}/approve-remediation", status_code=HTTPStatus.ACCEPTED, response_model=GrantGiven
)
async def approve_remediation(
    ticket_id: Name, body: ApprovalBody, house: TheHouse, once: OncePerKey
) -> object:
    """Answer the question whether the plan may run. Durable before this answers; bound to the plan as it stands."""
    if body.ticket_id is not None and body.ticket_id != ticket_id:
        raise Invalid(
            "The body speaks of another ticket than the URL.",
            {"ticket_id": f"must be {ticket_id}"},
        )

    async def answer() -> GrantGiven:
        said = Answer(body.approver, body.comment, body.plan_hash)
        return _given(await house.approving.answer(ticket_id, said, approved=body.approve))

    return await once.run(body, HTTPStatus.ACCEPTED, answer)


@router.post("/{ticket_id}/execute", status_code=HTTPStatus.ACCEPTED, response_model=GrantGiven)
async def execute(
    ticket_id: Name, body: ExecutionBody, house: TheHouse, once: OncePerKey
) -> object:
    """A person runs a proposed plan. Thresholds do not apply to people; safety checks, four-eyes and forbidden commands do."""

    async def run() -> GrantGiven:
        return _given(
            await house.approving.run(
                ticket_id, Answer(body.approver, body.comment, body.plan_hash)
            )
        )

    return await once.run(body, HTTPStatus.ACCEPTED, run)


def _given(grant: Grant) -> GrantGiven:
    return GrantGiven(
        ticket_id=grant.ticket_id,
        approved=grant.approved,
        approver=grant.approver,
        grant_id=grant.grant_id,
        plan_hash=grant.plan_hash,
        expires_at=grant.expires_at,
        status="remediating" if grant.approved else "rejected",
    )
