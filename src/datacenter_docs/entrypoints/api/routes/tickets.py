"""Tickets: create, read, list, close by hand, and watch."""

import json
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from datacenter_docs.bootstrap import House
from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.model_calls import ModelCall
from datacenter_docs.domain.tickets import Category, Text, TicketRequest, TicketState
from datacenter_docs.entrypoints.api import records
from datacenter_docs.entrypoints.api.access import Guarded, needs
from datacenter_docs.entrypoints.api.dependencies import (
    KEY_HEADER,
    Caller,
    Cursor,
    Limit,
    Name,
    Once,
    TheCaller,
    TheHouse,
)
from datacenter_docs.entrypoints.api.schemas import (
    Items,
    RemediationLogs,
    TicketAccepted,
    TicketDetail,
    TicketPatch,
    TicketSummary,
)
from datacenter_docs.ports.tickets import TicketFilter

router = APIRouter(prefix="/tickets", tags=["tickets"], route_class=Guarded)


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    response_model=TicketAccepted,
    responses={200: {"model": TicketAccepted, "description": "The ticket was there already"}},
    openapi_extra=KEY_HEADER,
)
@needs(Permission.SUBMIT_TICKETS)
async def create_ticket(body: TicketRequest, request: Request) -> Response:
    """Take a ticket in. It is durable before this answers; the same ticket again is answered with 200 and changes nothing."""
    # The busiest route: it asks the application for the house itself, since every dependency costs a tenth of its time.
    house: House = request.app.state.house
    if house.authenticating is not None:
        requester = Caller.of(request).named(body.requester, "requester")
        body = body.model_copy(update={"requester": requester})
    return await Once.of(request).run(body, lambda: _receive(house, body))


async def _receive(house: House, body: TicketRequest) -> tuple[HTTPStatus, TicketAccepted]:
    received = await house.receiving.receive(body)
    state = received.ticket.state
    return HTTPStatus.ACCEPTED if received.created else HTTPStatus.OK, TicketAccepted(
        ticket_id=body.ticket_id,
        status="processing" if state is TicketState.RECEIVED else state,
        auto_remediation_enabled=body.enable_auto_remediation,
    )


@router.get("")
@needs(Permission.READ)
async def list_tickets(
    house: TheHouse,
    status: Annotated[TicketState | None, Query(description="Only tickets in this state.")] = None,
    category: Annotated[
        Category | None, Query(description="Only tickets of this category.")
    ] = None,
    pattern_id: Annotated[
        Text | None, Query(max_length=128, description="Only tickets of this pattern.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Items[TicketSummary]:
    """Tickets, newest first."""
    page = await house.cases.find(TicketFilter(status, category, pattern_id), cursor, limit)
    return Items(
        items=[TicketSummary.of(ticket) for ticket in page.items], next_cursor=page.next_cursor
    )


@router.get("/{ticket_id}")
@needs(Permission.READ)
async def get_ticket(ticket_id: Name, house: TheHouse) -> TicketDetail:
    """A ticket with everything that was found and done."""
    return TicketDetail.of(await house.cases.get(ticket_id))


@router.patch("/{ticket_id}")
@needs(Permission.CLOSE_TICKETS)
async def patch_ticket(
    ticket_id: Name, body: TicketPatch, house: TheHouse, caller: TheCaller
) -> TicketDetail:
    """Close a ticket by hand, and say how it was resolved."""
    state = TicketState(body.status) if body.status else None
    actor = caller.named(body.actor, "actor")
    return TicketDetail.of(
        await house.learning.closed_by_hand(ticket_id, state, body.resolution, actor)
    )


@router.get("/{ticket_id}/remediation-logs")
@needs(Permission.READ)
async def remediation_logs(
    ticket_id: Name, house: TheHouse, cursor: Cursor = None, limit: Limit = 200
) -> RemediationLogs:
    """All that was journaled about a ticket, in order."""
    await house.cases.get(ticket_id)
    page = await house.journal.page(
        ticket_id=ticket_id, after_seq=records.after(cursor), limit=limit
    )
    return RemediationLogs(
        ticket_id=ticket_id,
        logs=[records.shown(record) for record in page.items],
        next_cursor=page.next_cursor,
    )


@router.get("/{ticket_id}/model-calls")
@needs(Permission.READ)
async def model_calls(
    ticket_id: Name, house: TheHouse, cursor: Cursor = None, limit: Limit = 50
) -> Items[ModelCall]:
    """What was asked of the language model about a ticket, what it said and what it cost, the latest first; without secrets."""
    await house.cases.get(ticket_id)
    page = await house.model_calls.about(ticket_id, cursor, limit)
    return Items(items=list(page.items), next_cursor=page.next_cursor)


@router.get(
    "/{ticket_id}/events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Server-sent events"}},
)
@needs(Permission.READ)
async def watch_ticket(
    ticket_id: Name,
    house: TheHouse,
    request: Request,
    after: Annotated[
        int, Query(ge=0, le=records.MAX_SEQ, description="The last record that is known.")
    ] = 0,
) -> EventSourceResponse:
    """The timeline of a ticket as server-sent events, from `after` (a journal sequence number) on, until it is closed or waits for a person."""
    await house.cases.get(ticket_id)  # an unknown ticket is a problem document, not a stream

    def stopping() -> bool:
        ends: bool = request.app.state.stopping
        return ends

    return EventSourceResponse(_events(house, ticket_id, after, stopping), sep="\n")


async def _events(
    house: House, ticket_id: str, after: int, stopping: Callable[[], bool]
) -> AsyncIterator[ServerSentEvent]:
    async for record in house.watching.timeline(ticket_id, after, stopping=stopping):
        shown = records.shown(record).model_dump_json()
        yield ServerSentEvent(shown, event=record.kind, id=str(record.seq), sep="\n")
    if not stopping():
        state = (await house.cases.get(ticket_id)).ticket.state
        yield ServerSentEvent(json.dumps({"status": state}), event="end", sep="\n")
