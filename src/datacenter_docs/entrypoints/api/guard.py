"""Which names this server answers to, and to pages of which sites: its own, and of nobody else.

Checks Host (DNS rebinding) and Origin (cross-site requests) before anything else sees the request. Pure ASGI, since it
stands in the path of every request.
"""

from collections.abc import Callable, Collection
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from datacenter_docs.domain.addresses import is_loopback
from datacenter_docs.entrypoints.api.errors import problem


class HostGuard:
    """Answers 421 for a foreign Host and 403 for a foreign Origin. `hosts`: names of this server beside those of this machine."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] = ()) -> None:
        self._app = app
        self._is_ours = _judge(frozenset(host.lower() for host in hosts))
        self._foreign_host = (
            "This server does not answer to that name; its owner lists its names in DATACENTER_DOCS_ALLOWED_HOSTS."
            if hosts
            else "This server answers to localhost only. Ask for it as http://127.0.0.1 or http://localhost."
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            host = origin = None
            for name, value in scope["headers"]:
                if name == b"host":
                    host = value.decode("latin-1")
                elif name == b"origin":
                    origin = value.decode("latin-1")
            if host is None or not self._is_ours(f"//{host}"):
                answer = problem(scope, HTTPStatus.MISDIRECTED_REQUEST, self._foreign_host)
                await answer(scope, receive, send)
                return
            if origin is not None and not self._is_ours(origin):
                detail = "Requests from web pages of other sites are refused."
                await problem(scope, HTTPStatus.FORBIDDEN, detail)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _judge(hosts: Collection[str]) -> Callable[[str], bool]:
    """Whether the host of a URL is ours."""

    @lru_cache(maxsize=256)
    def is_ours(url: str) -> bool:
        try:
            name = urlsplit(url).hostname
        except ValueError:
            return False
        return name is not None and (name in hosts or is_loopback(name))

    return is_ours
