"""A person's yes or no, and running a proposed plan."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.grants import Grant
from datacenter_docs.entrypoints.api.access import Guarded, needs
from datacenter_docs.entrypoints.api.dependencies import (
    KEY_HEADER,
    Name,
    OncePerKey,
    TheCaller,
    TheHouse,
)
from datacenter_docs.entrypoints.api.schemas import ApprovalBody, ExecutionBody, GrantGiven
from datacenter_docs.services.approving import Answer

router = APIRouter(prefix="/tickets", tags=["approvals"], route_class=Guarded)


@router.post(
    "/{ticket_id}/approve-remediation",
    status_code=HTTPStatus.ACCEPTED,
    response_model=GrantGiven,
    openapi_extra=KEY_HEADER,
)
@needs(Permission.APPROVE)
async def approve_remediation(
    ticket_id: Name, body: ApprovalBody, house: TheHouse, caller: TheCaller, once: OncePerKey
) -> Response:
    """Answer the question whether the plan may run. Durable before this answers; bound to the plan as it stands."""
    if body.ticket_id is not None and body.ticket_id != ticket_id:
        raise Invalid(
            "The body speaks of another ticket than the URL.",
            {"ticket_id": f"must be {ticket_id}"},
        )

    approver = caller.named(body.approver, "approver")

    async def answer() -> tuple[HTTPStatus, GrantGiven]:
        said = Answer(approver, body.comment, body.plan_hash)
        given = await house.approving.answer(ticket_id, said, approved=body.approve)
        return HTTPStatus.ACCEPTED, _given(given)

    return await once.run(body, answer)


@router.post(
    "/{ticket_id}/execute",
    status_code=HTTPStatus.ACCEPTED,
    response_model=GrantGiven,
    openapi_extra=KEY_HEADER,
)
@needs(Permission.APPROVE)
async def execute(
    ticket_id: Name, body: ExecutionBody, house: TheHouse, caller: TheCaller, once: OncePerKey
) -> Response:
    """A person runs a proposed plan. Thresholds do not apply to people; safety checks, four-eyes and forbidden commands do."""
    approver = caller.named(body.approver, "approver")

    async def run() -> tuple[HTTPStatus, GrantGiven]:
        said = Answer(approver, body.comment, body.plan_hash)
        return HTTPStatus.ACCEPTED, _given(await house.approving.run(ticket_id, said))

    return await once.run(body, run)


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
