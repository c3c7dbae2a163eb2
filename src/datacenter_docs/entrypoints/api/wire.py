"""What HTTP asks of every route alike: bodies are bounded, HEAD is GET without the body, and every answer says what a browser
may do with it. Pure ASGI, as in `guard`.
"""

import asyncio
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datacenter_docs.entrypoints.api.errors import problem

TICK_SECONDS = 0.5
"""How often it is looked whether somebody waits too long."""
SAFE_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
"""Of every answer that does not say otherwise itself."""
SAFE_NAMES = frozenset(name for name, _ in SAFE_HEADERS)


class SafeHeaders:
    """Answers load nothing, stand in no frame of others, are kept by nobody, and are what they say they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name for name, _ in message["headers"]}
                unsaid = SAFE_HEADERS
                if not SAFE_NAMES.isdisjoint(said):
                    unsaid = tuple(header for header in SAFE_HEADERS if header[0] not in said)
                message["headers"] = [*message["headers"], *unsaid]
            await send(message)

        await self._app(scope, receive, with_headers)


class BodyLimit:
    """Answers 413 for a body above the limit: at once where its length is declared, else as soon as it has come so far; and 408
    for one that is not there in time, or up to `TICK_SECONDS` later.
    """

    def __init__(self, app: ASGIApp, limit_bytes: int, limit_seconds: float) -> None:
        self._app = app
        self._limit_bytes = limit_bytes
        self._large = (
            f"The body is larger than {limit_bytes} bytes, which is the limit of this server."
        )
        self._late = f"The body was not complete within {limit_seconds:g} seconds."
        self._patience = Patience(limit_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _declared_bytes(scope) > self._limit_bytes:
            answer = problem(scope, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._large)
            await answer(scope, receive, send)
            return
        received_bytes, complete = 0, False
        since = asyncio.get_running_loop().time()

        async def bounded() -> Message:
            nonlocal received_bytes, complete
            if complete:  # what comes now is that the reader goes away, whenever that is
                return await receive()
            try:
                message = await self._patience.wait(receive, since)
            except TimeoutError:
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, self._late) from None
            complete = not message.get("more_body", False)
            received_bytes += len(message.get("body", b""))
            if received_bytes > self._limit_bytes:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._large)
            return message

        await self._app(scope, bounded, send)


class Patience:
    """Waits for messages, each request until it has waited too long. One timer looks after all that wait: a timer for each, as
    of `asyncio.timeout`, is measured in the busiest route.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: dict[asyncio.Task[Any], float] = {}
        self._watched = False

    async def wait(self, receive: Receive, since: float) -> Message:
        """The next message. Raises `TimeoutError` for one that did not come in time after `since`, in seconds of the loop."""
        task = asyncio.current_task()
        if task is None:  # nothing but a task can wait in an event loop
            return await receive()
        self._since[task] = since
        if not self._watched:
            self._watched = True
            asyncio.get_running_loop().call_later(TICK_SECONDS, self._look)
        try:
            return await receive()
        except asyncio.CancelledError:
            if task in self._since:
                raise  # somebody else's wish
            task.uncancel()
            raise TimeoutError from None
        finally:
            self._since.pop(task, None)

    def _look(self) -> None:
        """Wake those that have waited too long."""
        loop = asyncio.get_running_loop()
        late = [task for task, since in self._since.items() if loop.time() - since > self._seconds]
        for task in late:
            del self._since[task]
            task.cancel()
        self._watched = bool(self._since)
        if self._watched:
            loop.call_later(TICK_SECONDS, self._look)


class Head:
    """Answers HEAD with the status and the headers of GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def headers_only(message: Message) -> None:
            # Ending the answer here also ends streams: they see that the reader has gone.
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body"})

        await self._app({**scope, "method": "GET"}, receive, headers_only)


def _declared_bytes(scope: Scope) -> int:
    """The Content-Length, which the HTTP parser has checked; 0: not declared."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)
    return 0
