"""What routes need: the house, and the memory of `Idempotency-Key`."""

import hashlib
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request, Response
from pydantic import BaseModel

from datacenter_docs.bootstrap import House
from datacenter_docs.domain.errors import Refused, Unavailable
from datacenter_docs.domain.tickets import Text
from datacenter_docs.domain.values import canonical_json
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.requests import RequestMemory


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


TheHouse = Annotated[House, Depends(_house)]
MAX_COUNT = 2_147_483_647
"""What every database can hold as a count."""
Name = Annotated[Text, Path(max_length=320, description="Its id or name.")]
Cursor = Annotated[
    Text | None,
    Query(max_length=1_000, description="Where the last page ended; none for the first."),
]
Limit = Annotated[int, Query(ge=1, le=500, description="The largest number of items on a page.")]


class Once:
    """Runs a request once per `Idempotency-Key`: the same key and body get the same answer, another body is refused."""

    def __init__(
        self, memory: RequestMemory, clock: Clock, key: str | None, response: Response
    ) -> None:
        self._memory = memory
        self._clock = clock
        self._key = key
        self._response = response

    async def run(
        self, body: BaseModel | None, status: HTTPStatus, work: Callable[[], Awaitable[BaseModel]]
    ) -> Response | BaseModel:
        """The answer of `work`, or the one that is remembered. `status`: unless `work` set another one on the response."""
        if self._key is None:
            return await work()
        asked = canonical_json(body.model_dump(mode="json") if body else None)
        fingerprint = hashlib.sha256(asked.encode()).hexdigest()
        known = await self._memory.claim(self._key, fingerprint, self._clock.now())
        if known is None:
            return await self._first(self._key, status, work)
        if known.fingerprint != fingerprint:
            raise Refused(
                "This Idempotency-Key was used for another request; use a new key for a new request."
            )
        if known.status is None:
            raise Unavailable(
                "The first request with this Idempotency-Key is still being worked on.", 1.0
            )
        return Response(
            known.body, known.status, {"Idempotency-Replayed": "true"}, "application/json"
        )

    async def _first(
        self, key: str, status: HTTPStatus, work: Callable[[], Awaitable[BaseModel]]
    ) -> Response:
        try:
            answer = (await work()).model_dump_json()
        except BaseException:
            await self._memory.forget(key)
            raise
        code = self._response.status_code or status
        await self._memory.answer(key, code, answer)
        return Response(answer, code, media_type="application/json")


def _once(
    request: Request,
    response: Response,
    house: TheHouse,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1, max_length=255, description="The same key and body are answered once."
        ),
    ] = None,
) -> Once:
    key = f"{request.method} {request.url.path} {idempotency_key}" if idempotency_key else None
    return Once(house.requests, house.clock, key, response)


OncePerKey = Annotated[Once, Depends(_once)]
