"""What routes need: the house, who asks, and the memory of `Idempotency-Key`."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BaseModel

from datacenter_docs.bootstrap import House
from datacenter_docs.domain.access import Permission, Principal, acting_name
from datacenter_docs.domain.errors import Invalid, Refused, Unavailable
from datacenter_docs.domain.tickets import Text
from datacenter_docs.domain.values import content_hash
from datacenter_docs.entrypoints.api.access import principal_of
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.requests import RequestMemory


async def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


TheHouse = Annotated[House, Depends(_house)]


class Caller:
    """Who asks. `principal` None: there is no authentication, so names are what the caller says, and all is allowed."""

    def __init__(self, principal: Principal | None) -> None:
        self.principal = principal

    @classmethod
    def of(cls, request: Request) -> "Caller":
        """Who was let in with a request."""
        return cls(principal_of(request))

    @property
    def name(self) -> str:
        """The name of the login; empty where there is none."""
        return self.principal.name if self.principal else ""

    def named(self, said: str | None, field: str) -> str:
        """The name under which something is done, where `said` stood in `field`. Raises `Forbidden` for somebody else's."""
        return acting_name(self.principal, said, field)

    def must(self, permission: Permission) -> None:
        """What depends on the body, beside what the route needs. Raises `Forbidden`."""
        if self.principal is not None:
            self.principal.must(permission)


async def _caller(request: Request) -> Caller:
    return Caller.of(request)


TheCaller = Annotated[Caller, Depends(_caller)]
MAX_COUNT = 2_147_483_647
"""What every database can hold as a count."""
Name = Annotated[Text, Path(max_length=320, description="Its id or name.")]
Cursor = Annotated[
    Text | None,
    Query(max_length=1_000, description="Where the last page ended; none for the first."),
]
Limit = Annotated[int, Query(ge=1, le=500, description="The largest number of items on a page.")]


MAX_KEY = 255
Work = Callable[[], Awaitable[tuple[HTTPStatus, BaseModel]]]
"""What a request does: the status and the body of its answer."""
KEY_HEADER: dict[str, Any] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "A request with the same key and body is answered once; a repetition gets the same answer.",
            "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
        }
    ]
}
"""For the OpenAPI document of a route that takes an `Idempotency-Key`."""


class Once:
    """Runs a request once per `Idempotency-Key`: the same key and body get the same answer, another body is refused."""

    def __init__(self, memory: RequestMemory, clock: Clock, key: str | None, scope: str) -> None:
        self._memory = memory
        self._clock = clock
        self._key = f"{scope} {key}" if key else None

    @classmethod
    def of(cls, request: Request) -> "Once":
        """For the request's own key, if it has one."""
        house: House = request.app.state.house
        key = request.headers.get("idempotency-key")
        if key is not None and not 1 <= len(key) <= MAX_KEY:
            raise Invalid(
                f"An Idempotency-Key has 1 to {MAX_KEY} characters.",
                {"idempotency-key": "wrong length"},
            )
        if key is None:
            return cls(house.requests, house.clock, None, "")
        who = Caller.of(request).name  # nobody gets the answer to somebody else's request
        scope = f"{who} {request.method} {request.url.path}".lstrip()
        return cls(house.requests, house.clock, key, scope)

    async def run(self, body: BaseModel, work: Work) -> Response:
        """The answer of `work`, or the one that is remembered."""
        if self._key is None:
            status, answer = await work()
            return _json(status, answer.model_dump_json())
        fingerprint = content_hash(body.model_dump(mode="json"))
        known = await self._memory.claim(self._key, fingerprint, self._clock.now())
        if known is None:
            return await self._first(self._key, work)
        if known.fingerprint != fingerprint:
            raise Refused(
                "This Idempotency-Key was used for another request; use a new key for a new request."
            )
        if known.status is None:
            raise Unavailable(
                "The first request with this Idempotency-Key is still being worked on.", 1.0
            )
        return _json(known.status, known.body, {"Idempotency-Replayed": "true"})

    async def _first(self, key: str, work: Work) -> Response:
        """Work, and remember the answer; a request that failed frees its key."""
        try:
            status, answer = await work()
        except BaseException:
            await self._memory.forget(key)
            raise
        text = answer.model_dump_json()
        await self._memory.answer(key, status, text)
        return _json(status, text)


def _json(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(text, status, headers, "application/json")


async def _once(request: Request) -> Once:
    return Once.of(request)


OncePerKey = Annotated[Once, Depends(_once)]
