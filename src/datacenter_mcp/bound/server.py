"""The other server, as its client: connected when it is needed, again after a loss, every call with a time limit.

The SDK's client must be entered and left by the same task, so a keeper task holds it.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import anyio
import httpx2
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import get_default_environment, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, TextContent, Tool

from datacenter_mcp.bound.binding import Binding, Call
from datacenter_mcp.bound.settings import BoundSettings
from datacenter_mcp.contract.errors import Broken, RoomError, Unavailable, Unsupported
from datacenter_mcp.readings import Reading
from datacenter_mcp.secrets import resolve
from datacenter_mcp.yaml_text import loaded

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
CONNECT_SECONDS = 20.0
MAX_TOOL_PAGES = 100
KINDS: Mapping[str, type[RoomError]] = {one.kind: one for one in RoomError.__subclasses__()}


class Server:
    """Calls the tools that a binding names. `call` may be used by any number of tasks at once."""

    def __init__(self, settings: BoundSettings, binding: Binding) -> None:
        self._settings = settings
        self._binding = binding
        self._opening = asyncio.Lock()
        self._client: Client | None = None
        self._leave = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._listed: frozenset[str] = frozenset()

    async def read(self, call: Call, arguments: Mapping[str, Any]) -> Reading[Any]:
        """The answer of a reading tool, as data. Raises the error that the binding sees in it."""
        result = await self._call(call.tool, arguments, sent=None)
        if result.is_error:
            raise self._error(call.tool, _text(result), sent=None)
        data = result.structured_content
        if data is None:
            data = _parsed(_text(result), call.tool)
        payload = json.dumps(data, sort_keys=True, default=str)
        return Reading(data, call.tool, payload, dict(arguments))

    async def act(self, call: Call, arguments: Mapping[str, Any]) -> str:
        """Call a writing tool; what it says. An error that is not understood may have come after the effect."""
        await self._connected()
        if call.tool not in self._listed:
            raise Unsupported(
                f"The server offers no tool {call.tool}: is it read-only?", sent=False
            )
        result = await self._call(call.tool, arguments, sent=True)
        if result.is_error:
            raise self._error(call.tool, _text(result), sent=True)
        return next(iter(_text(result).splitlines()), "")[:300]

    async def close(self) -> None:
        """Leave the server; one that we started is ended."""
        keeper, self._keeper, self._client = self._keeper, None, None
        if keeper:
            self._leave.set()
            await asyncio.wait([keeper], timeout=CONNECT_SECONDS)
            keeper.cancel()

    async def _call(
        self, tool: str, arguments: Mapping[str, Any], *, sent: bool | None
    ) -> CallToolResult:
        client = await self._connected()
        try:
            async with asyncio.timeout(self._settings.call_timeout_seconds):
                return await client.call_tool(tool, dict(arguments))
        except TimeoutError as error:
            self._drop(client)
            raise Unavailable(f"The server did not answer {tool} in time.", sent=sent) from error
        except LOST as error:
            self._drop(client)
            raise Unavailable(f"The server was lost while {tool} ran.", sent=sent) from error

    def _error(self, tool: str, text: str, *, sent: bool | None) -> RoomError:
        """The typed error of what the server said; what no rule of the binding knows is `broken`, and has to be looked at."""
        said = text.lower()
        kind = next((rule.kind for rule in self._binding.errors if rule.text in said), None)
        message = f"{tool}: {text.strip()[:300] or 'failed without a word'}"
        return KINDS[kind](message, sent=False) if kind else Broken(message, sent=sent)

    async def _connected(self) -> Client:
        async with self._opening:
            if self._client is None or self._keeper is None or self._keeper.done():
                self._client = await self._open()
            return self._client

    async def _open(self) -> Client:
        ready: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._leave = asyncio.Event()
        self._keeper = asyncio.create_task(self._keep(ready, self._leave))
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await asyncio.shield(ready)
        except TimeoutError as error:
            raise Unavailable("The server did not come up in time.", sent=False) from error
        finally:
            if not ready.done():
                self._keeper.cancel()

    async def _keep(self, ready: "asyncio.Future[Client]", leave: asyncio.Event) -> None:
        """Hold the client open until told to leave; failures go to whoever waits for the connection."""
        try:
            async with self._transport() as transport, Client(transport, cache=None) as client:
                try:
                    await self._check(client)
                except RoomError as error:  # here, since the SDK would wrap it in a group
                    _fail(ready, error)
                    return
                ready.set_result(client)
                await leave.wait()
        except (*LOST, ExceptionGroup, ValueError, TimeoutError) as error:
            _fail(ready, Unavailable(f"The server cannot be reached: {error}", sent=False))

    def _drop(self, client: Client) -> None:
        if self._client is client:
            self._client = None
            self._leave.set()

    async def _check(self, client: Client) -> None:
        """Every tool of the binding is there, and those that it reads with say of themselves that they only read."""
        listed = await _tools(client)
        missing = sorted(self._binding.reading_tools - listed.keys())
        if missing:
            raise Broken(f"The server has no tool {', '.join(missing)}, which the binding needs.")
        for name in sorted(self._binding.reading_tools):
            hints = listed[name].annotations
            if hints is None or hints.read_only_hint is not True:
                raise Broken(
                    f"{name} does not say that it only reads, so nothing is read with it."
                )
        self._listed = frozenset(listed)

    @contextlib.asynccontextmanager
    async def _transport(self) -> AsyncIterator[Any]:
        settings = self._settings
        if settings.url:
            headers = (
                {"Authorization": f"Bearer {resolve(settings.token)}"} if settings.token else {}
            )
            async with httpx2.AsyncClient(headers=headers, timeout=CONNECT_SECONDS) as http:
                yield streamable_http_client(settings.url, http_client=http)
            return
        command, *arguments = settings.command
        environment = get_default_environment() | {
            name: resolve(reference) for name, reference in settings.environment.items()
        }
        yield stdio_client(StdioServerParameters(command=command, args=arguments, env=environment))


async def _tools(client: Client) -> Mapping[str, Tool]:
    """All tools by name, page by page."""
    found: dict[str, Tool] = {}
    cursor: str | None = None
    for _ in range(MAX_TOOL_PAGES):
        page = await client.list_tools(cursor=cursor)
        found.update({tool.name: tool for tool in page.tools})
        cursor = page.next_cursor
        if cursor is None:
            return found
    raise Broken("The server lists tools without end.")


def _fail(ready: "asyncio.Future[Client]", error: RoomError) -> None:
    if not ready.done():
        ready.set_exception(error)


def _text(result: CallToolResult) -> str:
    return "\n".join(part.text for part in result.content if isinstance(part, TextContent))


def _parsed(text: str, tool: str) -> Any:
    """JSON or YAML. Raises `Broken` for what is neither."""
    try:
        return loaded(text, aliases=False)
    except ValueError as error:
        raise Broken(f"{tool} answered with text that is neither JSON nor YAML.") from error
