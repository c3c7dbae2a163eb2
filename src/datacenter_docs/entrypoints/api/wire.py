"""What HTTP asks of every route alike: bodies are bounded, and HEAD is GET without the body. Pure ASGI, as in `guard`."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datacenter_docs.entrypoints.api.errors import problem


class BodyLimit:
    """Answers 413 for a body above the limit: at once where its length is declared, else as soon as it has come so far."""

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self._app = app
        self._limit_bytes = limit_bytes
        self._detail = (
            f"The body is larger than {limit_bytes} bytes, which is the limit of this server."
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _declared_bytes(scope) > self._limit_bytes:
            answer = problem(scope, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._detail)
            await answer(scope, receive, send)
            return
        received_bytes = 0

        async def bounded() -> Message:
            nonlocal received_bytes
            message = await receive()
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
