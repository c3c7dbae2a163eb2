"""One MCP server, reached: connected on demand, reconnected after a loss, with a time limit and a circuit breaker.

The SDK's client must be entered and left by the same task, so each session has a keeper task that does nothing else.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any

import anyio
import httpx2
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolRequest, CallToolRequestParams, CallToolResult, TextContent, Tool
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from datacenter_docs.adapters.platforms import estate_file, secrets
from datacenter_docs.adapters.platforms.blotting import without
from datacenter_docs.adapters.platforms.estate_file import Connection
from datacenter_docs.domain.errors import Broken, DatacenterDocsError, Invalid, Unavailable

FAILURES_BEFORE_OPEN = 3
OPEN_SECONDS = 10.0
CONNECT_SECONDS = 20.0
MAX_TOOL_PAGES = 100
LOST = (
    MCPError,
    OSError,
    httpx2.HTTPError,
    anyio.ClosedResourceError,
    anyio.BrokenResourceError,
    anyio.EndOfStream,
    RuntimeError,
)
"""What the SDK raises when the server went away; RuntimeError is its word for a session that is closed."""


class Session:
    """One live connection to one server. `call` may be used by any number of tasks at once."""

    def __init__(self, connection: Connection, timeout_seconds: float) -> None:
        self._connection = connection
        self._timeout = connection.timeout_seconds or timeout_seconds
        self._breakers = AsyncCircuitBreakerFactory(
            default_threshold=FAILURES_BEFORE_OPEN,
            default_ttl=OPEN_SECONDS,
            exclude=[Invalid, asyncio.CancelledError],
        )
        self._opening = asyncio.Lock()
        self._client: Client | None = None
        self._tools: dict[str, Tool] = {}
        self._secrets: Collection[str] = ()
        self._keeper: asyncio.Task[None] | None = None
        self._leave = asyncio.Event()

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        """Call a tool. Raises `Unavailable` when the server cannot be reached or does not answer in time."""
        name = self._connection.name
        try:
            async with await self._breakers.get_breaker(name):
                return await self._call(tool, arguments)
        except OpenedState as error:
            raise Unavailable(
                f"{name} failed {FAILURES_BEFORE_OPEN} times in a row; it is asked again in a moment.",
                OPEN_SECONDS,
            ) from error

    async def tools(self) -> Mapping[str, Tool]:
        """The tools that the server lists now: read at connecting, and again whenever the server says they changed."""
        await self._connected()
        return self._tools

    async def close(self) -> None:
        """Leave the server; a started one is ended."""
        keeper, self._keeper = self._keeper, None
        self._client = None
        if keeper:
            self._leave.set()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([keeper], timeout=CONNECT_SECONDS)
            keeper.cancel()

    async def _call(self, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        client = await self._connected()
        try:
            async with asyncio.timeout(self._timeout):
                result = await client.session.send_request(
                    _request(tool, arguments), CallToolResult
                )
        except TimeoutError as error:
            await self._drop(client)
            raise Unavailable(
                f"{self._connection.name} did not answer {tool} within {self._timeout:g} s."
            ) from error
        except LOST as error:
            await self._drop(client)
            raise Unavailable(
                f"{self._connection.name} was lost while {tool} ran: {self._clean(str(error))}",
                1.0,
            ) from error
        except ValueError as error:  # pydantic's ValidationError: the answer is not MCP
            raise Broken(
                f"{self._connection.name} answered {tool} with something that is not MCP."
            ) from error
        return self._without_secrets(result)

    def _without_secrets(self, result: CallToolResult) -> CallToolResult:
        """The answer without the credentials that the server was given: it may repeat them, in anger or in an error."""
        if not self._secrets:
            return result
        content = [
            part.model_copy(update={"text": self._clean(part.text)})
            if isinstance(part, TextContent)
            else part
            for part in result.content
        ]
        structured = without(result.structured_content, self._secrets)
        return result.model_copy(update={"content": content, "structured_content": structured})

    def _clean(self, text: str) -> str:
        return str(without(text, self._secrets))

    async def _connected(self) -> Client:
        if self._client is not None and self._keeper is not None and not self._keeper.done():
            return self._client
        async with self._opening:
            if self._client is not None and self._keeper is not None and not self._keeper.done():
                return self._client
            return await self._open()

    async def _open(self) -> Client:
        ready: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._client, self._leave = None, asyncio.Event()
        self._secrets = _credentials(self._connection)
        self._keeper = asyncio.create_task(
            self._keep(ready, self._leave), name=f"mcp {self._connection.name}"
        )
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                self._client = await asyncio.shield(ready)
        except TimeoutError as error:
            raise Unavailable(
                f"{self._connection.name} did not come up within {CONNECT_SECONDS:g} s."
            ) from error
        finally:
            # Also when whoever waited was cancelled: no server is left behind.
            if self._client is None:
                self._keeper.cancel()
        return self._client

    async def _keep(self, ready: "asyncio.Future[Client]", leave: asyncio.Event) -> None:
        """Hold the client open until told to leave; every failure goes to whoever waits for the connection."""
        name = self._connection.name
        try:
            async with (
                self._transport() as server,
                Client(server, message_handler=self._on_message, cache=None) as client,
            ):
                self._tools = await self._list(client)
                if not ready.done():
                    ready.set_result(client)
                await leave.wait()
        except DatacenterDocsError as error:
            if not ready.done():
                ready.set_exception(error)
        except (*LOST, ExceptionGroup, ValueError, TimeoutError) as error:
            if not ready.done():
                ready.set_exception(
                    Unavailable(f"{name} cannot be reached: {self._clean(_reason(error))}", 5.0)
                )

    async def _drop(self, client: Client) -> None:
        """After a failure: close this client, so that the next call connects anew. Others may have done so already."""
        if self._client is client:
            self._client = None
            self._leave.set()

    async def _list(self, client: Client) -> dict[str, Tool]:
        tools: dict[str, Tool] = {}
        cursor: str | None = None
        for _ in range(MAX_TOOL_PAGES):
            page = await client.list_tools(cursor=cursor)
            # One that is called like a credential is nobody's.
            tools.update(
                {one.name: one for one in page.tools if self._clean(one.name) == one.name}
            )
            cursor = page.next_cursor
            if cursor is None:
                return tools
        raise Broken(f"{self._connection.name} lists tools without end.")

    async def _on_message(self, message: Any) -> None:
        """Refresh the tool list when the server says that it changed."""
        if getattr(message, "method", None) == "notifications/tools/list_changed" and self._client:
            self._tools = await self._list(self._client)

    @contextlib.asynccontextmanager
    async def _transport(self) -> AsyncIterator[Any]:
        connection = self._connection
        if connection.transport == "stdio":
            command, *arguments = estate_file.command_of(connection)
            parameters = StdioServerParameters(
                command=command, args=arguments, env=self._environment()
            )
            yield stdio_client(parameters)
            return
        headers = (
            {"Authorization": f"Bearer {secrets.resolve(connection.token)}"}
            if connection.token
            else {}
        )
        timeout = httpx2.Timeout(self._timeout, connect=CONNECT_SECONDS)
        async with httpx2.AsyncClient(headers=headers, timeout=timeout) as http:
            yield streamable_http_client(connection.url or "", http_client=http)

    def _environment(self) -> dict[str, str]:
        """For a started server: its settings, and only the variables that those refer to."""
        connection = self._connection
        environment = {
            name: secrets.resolve(reference) for name, reference in connection.environment.items()
        }
        for reference in estate_file.references_in(connection.settings):
            if reference.startswith("env:"):
                environment[reference.removeprefix("env:")] = secrets.resolve(reference)
        if connection.server != "external":
            environment["DATACENTER_MCP_SETTINGS"] = json.dumps(connection.settings)
            for name in ("PYTHONPATH", "PYTHONWARNINGS", "TZ"):
                if value := os.environ.get(name):  # noqa: TID251 - our own room must find our own code
                    environment[name] = value
        return environment


def _request(tool: str, arguments: Mapping[str, Any]) -> CallToolRequest:
    """A call as the SDK makes it. Its own `call_tool` would check each answer against the published schema, in Python: half
    of the time of a long listing, and the contract's models check more (`answers.py`).
    """
    return CallToolRequest(params=CallToolRequestParams(name=tool, arguments=dict(arguments)))


def _credentials(connection: Connection) -> Collection[str]:
    """The secrets that the server was given, as they are now. One that cannot be read was not given."""
    found = set()
    for reference in estate_file.secret_references(connection):
        with contextlib.suppress(Invalid):
            found.add(secrets.resolve(reference))
    return found


def _reason(error: BaseException) -> str:
    """The first real reason inside a group of exceptions."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or type(error).__name__
