"""How a server is reached: over its own standard input and output, or over HTTP with a bearer token.

Over stdio nothing but JSON-RPC goes to stdout (the library points descriptor 1 at stderr), and the end of stdin ends
the server. Over HTTP a token is always required, and Host and Origin are checked (DNS rebinding).
"""

import hmac
from collections.abc import Sequence
from typing import Any

import uvicorn
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = "127.0.0.1"


class BearerGate:
    """Lets a request through only with `Authorization: Bearer <token>`."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._admits(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        refusal = JSONResponse(
            {"error": "a bearer token is required"}, 401, {"WWW-Authenticate": "Bearer"}
        )
        await refusal(scope, receive, send)

    def _admits(self, headers: Headers) -> bool:
        given = headers.get("authorization", "").encode("latin-1")
        return hmac.compare_digest(given, self._expected)


async def serve_stdio(server: MCPServer[Any]) -> None:
    """Serve until stdin ends."""
    await server.run_stdio_async()


async def serve_http(
    server: MCPServer[Any], *, host: str, port: int, token: str, names: Sequence[str] = ()
) -> None:
    """Serve at `http://host:port/mcp` until the process is told to stop. `names`: what clients may call us besides the
    address itself and the loopback, with port (`dc1.example:8443`).
    """
    own = [f"{name}:{port}" for name in (host, f"[{host}]", LOOPBACK, "localhost")]
    allowed = [*own, *names]
    app = server.streamable_http_app(
        host=host,
        json_response=True,
        transport_security=TransportSecuritySettings(
            allowed_hosts=allowed,
            allowed_origins=[
                f"{scheme}://{name}" for scheme in ("http", "https") for name in allowed
            ],
        ),
    )
    gate = BearerGate(app, token)
    config = uvicorn.Config(gate, host=host, port=port, log_level="warning", access_log=False)
    await uvicorn.Server(config).serve()
