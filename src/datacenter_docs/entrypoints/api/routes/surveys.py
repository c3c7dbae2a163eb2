"""Surveys: begin one, follow it, see what it covered and how old what is known is."""

from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field
from sse_starlette import EventSourceResponse, ServerSentEvent

from datacenter_docs.bootstrap import House
from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.surveys import Coverage, Survey
from datacenter_docs.domain.tickets import PersonName, Text
from datacenter_docs.entrypoints.api.access import Guarded, needs
from datacenter_docs.entrypoints.api.dependencies import (
    KEY_HEADER,
    MAX_COUNT,
    Cursor,
    Limit,
    Name,
    OncePerKey,
    TheCaller,
    TheHouse,
)
from datacenter_docs.entrypoints.api.estate import At
from datacenter_docs.entrypoints.api.paging import page
from datacenter_docs.entrypoints.api.schemas import Body, Items

router = APIRouter(tags=["surveys"], route_class=Guarded)
Number = Annotated[int, Path(ge=1, le=MAX_COUNT, description="The survey's number.")]


class SurveyBody(Body):
    """What to read. `connections` empty: all."""

    connections: Annotated[list[Text], Field(max_length=1_000)] = []
    requester: PersonName = "anonymous"


class AcceptBody(Body):
    """Who says so."""

    actor: PersonName = "anonymous"


class Accepted(BaseModel):
    """So many resources got their tombstone."""

    connection: str
    vanished: int


@router.post(
    "/surveys",
    status_code=HTTPStatus.ACCEPTED,
    response_model=Survey,
    responses={200: {"model": Survey, "description": "One runs already: this one"}},
    openapi_extra=KEY_HEADER,
)
@needs(Permission.SURVEY)
async def begin_survey(
    body: SurveyBody, house: TheHouse, caller: TheCaller, once: OncePerKey
) -> Response:
    """Begin a survey. While one runs it is answered with 200 instead: there is one at a time."""
    requester = caller.named(body.requester, "requester")

    async def begin() -> tuple[HTTPStatus, Survey]:
        begun = await house.surveying.begin(requester, body.connections)
        return HTTPStatus.ACCEPTED if begun.created else HTTPStatus.OK, begun.survey

    return await once.run(body, begin)


@router.get("/surveys")
@needs(Permission.READ)
async def list_surveys(house: TheHouse, cursor: Cursor = None, limit: Limit = 20) -> Items[Survey]:
    """Surveys with what they covered, newest first."""
    found = await house.estate.surveys(cursor, limit)
    return Items(items=list(found.items), next_cursor=found.next_cursor)


@router.get("/surveys/{number}")
@needs(Permission.READ)
async def get_survey(number: Number, house: TheHouse) -> Survey:
    """One survey."""
    return await house.estate.survey(number)


@router.get(
    "/surveys/{number}/events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Server-sent events"}},
)
@needs(Permission.READ)
async def watch_survey(number: Number, house: TheHouse, request: Request) -> EventSourceResponse:
    """A survey as server-sent events: `covered` for each connection that is done, `end` with the whole of it."""
    await house.estate.survey(number)  # an unknown survey is a problem document, not a stream

    def stopping() -> bool:
        ends: bool = request.app.state.stopping
        return ends

    return EventSourceResponse(_events(house, number, stopping), sep="\n")


async def _events(
    house: House, number: int, stopping: Callable[[], bool]
) -> AsyncIterator[ServerSentEvent]:
    async for coverage in house.surveying.progress(number, stopping=stopping):
        yield ServerSentEvent(coverage.model_dump_json(), event="covered", sep="\n")
    if not stopping():
        survey = await house.estate.survey(number)
        yield ServerSentEvent(survey.model_dump_json(), event="end", sep="\n")


@router.get("/coverage")
@needs(Permission.READ)
async def list_coverage(
    house: TheHouse,
    at: At = None,
    cursor: Annotated[Text | None, Query(max_length=1_000)] = None,
    limit: Limit = 100,
) -> Items[Coverage]:
    """The newest reading of each connection: how well it was read, what is missing, and how old what is known is."""
    found = await house.estate.coverage(at)
    return page("coverage", found, lambda one: one.connection, cursor, limit)


@router.post("/connections/{name}/accept-vanished")
@needs(Permission.SURVEY)
async def accept_vanished(
    name: Name, body: AcceptBody, house: TheHouse, caller: TheCaller
) -> Accepted:
    """Say that what a suspicious reading of a connection did not show is really gone. Journaled."""
    vanished = await house.surveying.accept_vanished(name, caller.named(body.actor, "actor"))
    return Accepted(connection=name, vanished=vanished)
