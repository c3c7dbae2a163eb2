"""What routes need: the house, and the memory of `Idempotency-Key`."""

import hashlib
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Query, Request, Response
from pydantic import BaseModel

from datacenter_docs.bootstrap import House
from datacenter_docs.domain.errors import Refused, Unavailable
from datacenter_docs.domain.values import canonical_json
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.requests import RequestMemory


async def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


TheHouse = Annotated[House, Depends(_house)]
Cursor = Annotated[
    str | None,
    Query(max_length=1_000, description="Where the last page ended; none for the first."),
]
Limit = Annotated[int, Query(ge=1, le=500, description="The largest number of items on a page.")]


class Once:
    """Runs a request once per `Idempotency-Key`: the same key and body get the same answer, another body is refused."""

    def __init__(self, memory: RequestMemory, clock: Clock, key: str | None, scope: str) -> None:
        self._memory = memory
        self._clock = clock
        self._key = f"{scope} {key}" if key else None

    async def run(
        self, body: BaseModel | None, status: HTTPStatus, work: Callable[[], Awaitable[BaseModel]]
    ) -> Response | BaseModel:
        """The answer of `work`, or the one that is remembered."""
        if self._key is None:
            return await work()
        asked = canonical_json(body.model_dump(mode="json") if body else None)
        fingerprint = hashlib.sha256(asked.encode()).hexdigest()
        known = await self._memory.claim(self._key, fingerprint, self._clock.now())
        if known is None:
            return await self._first(status, work)
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
        self, status: HTTPStatus, work: Callable[[], Awaitable[BaseModel]]
    ) -> Response:
        key = self._key or ""
        try:
            answer = (await work()).model_dump_json()
        except BaseException:
            await self._memory.forget(key)
            raise
        await self._memory.answer(key, status, answer)
        return Response(answer, status, media_type="application/json")


async def _once(
    request: Request,
    house: TheHouse,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1, max_length=255, description="The same key and body are answered once."
        ),
    ] = None,
) -> Once:
    return Once(
        house.requests, house.clock, idempotency_key, f"{request.method} {request.url.path}"
    )


OncePerKey = Annotated[Once, Depends(_once)]
