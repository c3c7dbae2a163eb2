"""Who may talk to a server without authentication: only this machine, and no web page of somebody else.

Checks Host (DNS rebinding) and Origin (cross-site requests) before anything else sees the request. Pure ASGI, since it
stands in the path of every request.
"""

from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from datacenter_docs.entrypoints.api.errors import problem
from datacenter_docs.entrypoints.loopback import is_loopback


class LoopbackGuard:
    """Answers 421 for a foreign Host and 403 for a foreign Origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            host = origin = None
            for name, value in scope["headers"]:
                if name == b"host":
                    host = value.decode("latin-1")
                elif name == b"origin":
                    origin = value.decode("latin-1")
            if host is None or not _is_ours(f"//{host}"):
                detail = "This server answers to localhost only. Ask for it as http://127.0.0.1 or http://localhost."
                await problem(scope, HTTPStatus.MISDIRECTED_REQUEST, detail)(scope, receive, send)
                return
            if origin is not None and not _is_ours(origin):
                detail = "Requests from web pages of other sites are refused."
                await problem(scope, HTTPStatus.FORBIDDEN, detail)(scope, receive, send)
                return
        await self._app(scope, receive, send)


@lru_cache(maxsize=256)
def _is_ours(url: str) -> bool:
    try:
        name = urlsplit(url).hostname
    except ValueError:
        return False
    return name is not None and is_loopback(name)
