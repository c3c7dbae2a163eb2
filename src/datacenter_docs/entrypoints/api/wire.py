"""What HTTP asks of every route alike: bodies are bounded, HEAD is GET without the body, and every answer says what a browser
may do with it. Pure ASGI, as in `guard`.
"""

import asyncio
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datacenter_docs.entrypoints.api.errors import problem

SAFE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
"""Of every answer that does not say otherwise itself."""


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
                message["headers"] = [
                    *message["headers"],
                    *(header for header in SAFE_HEADERS if header[0] not in said),
                ]
            await send(message)

        await self._app(scope, receive, with_headers)


class BodyLimit:
    """Answers 413 for a body above the limit: at once where its length is declared, else as soon as it has come so far; and 408
    for one that is not there in time.
    """

    def __init__(self, app: ASGIApp, limit_bytes: int, limit_seconds: float) -> None:
        self._app = app
        self._limit_bytes = limit_bytes
        self._limit_seconds = limit_seconds
        self._detail = (
            f"The body is larger than {limit_bytes} bytes, which is the limit of this server."
        )
        self._late = f"The body was not complete within {limit_seconds:g} seconds."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _declared_bytes(scope) > self._limit_bytes:
            answer = problem(scope, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._detail)
            await answer(scope, receive, send)
            return
        received_bytes, complete = 0, False
        deadline = asyncio.get_running_loop().time() + self._limit_seconds

        async def bounded() -> Message:
            nonlocal received_bytes, complete
            if complete:  # what comes now is that the reader goes away, whenever that is
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, self._late) from None
            complete = not message.get("more_body", False)
            received_bytes += len(message.get("body", b""))
            if received_bytes > self._limit_bytes:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._detail)
            return message

        await self._app(scope, bounded, send)


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
