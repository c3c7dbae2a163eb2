"""Feedback on a ticket."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.feedback import FeedbackRequest
from datacenter_docs.entrypoints.api.access import Guarded, needs
from datacenter_docs.entrypoints.api.dependencies import (
    KEY_HEADER,
    OncePerKey,
    TheCaller,
    TheHouse,
)
from datacenter_docs.entrypoints.api.schemas import FeedbackGiven

router = APIRouter(prefix="/feedback", tags=["feedback"], route_class=Guarded)


@router.post(
    "", status_code=HTTPStatus.CREATED, response_model=FeedbackGiven, openapi_extra=KEY_HEADER
)
@needs(Permission.GIVE_FEEDBACK)
async def give_feedback(
    body: FeedbackRequest, house: TheHouse, caller: TheCaller, once: OncePerKey
) -> Response:
    """Say how a resolution was. One per ticket and author: a second one replaces the first. Durable before this answers."""
    word = body.replaced(author=caller.named(body.author, "author"))

    async def give() -> tuple[HTTPStatus, FeedbackGiven]:
        taught = await house.learning.from_feedback(word)
        return HTTPStatus.CREATED, FeedbackGiven(
            feedback_id=taught.feedback_id,
            ticket_id=body.ticket_id,
            feedback_type=body.feedback_type,
            replaced=taught.replaced,
            reliability_score=taught.reliability_score,
            set_aside=taught.set_aside,
        )

    return await once.run(body, give)
