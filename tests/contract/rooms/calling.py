"""Calls a room's tools through a real MCP client in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from mcp import Client

from datacenter_mcp.contract.errors import ErrorReport
from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.room import Room
from datacenter_mcp.serving import build_server


class Caller:
    """A client whose answers are checked for being what they say."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def __call__(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The structured answer of a call that has to succeed."""
        result = await self._client.call_tool(tool, arguments)
        assert not result.is_error, result.content
        assert isinstance(result.structured_content, dict)
        return result.structured_content

    async def read(self, shape: type[Wire], tool: str, **arguments: Any) -> Any:
        """The answer as a model of the contract."""
        return shape.model_validate(await self(tool, **arguments))

    async def error(self, tool: str, **arguments: Any) -> ErrorReport:
        """The report of a call that has to fail."""
        result = await self._client.call_tool(tool, arguments)
        assert result.is_error, result.structured_content
        assert isinstance(result.structured_content, dict)
        return ErrorReport.model_validate(result.structured_content["error"])

    async def until(
        self, wanted: Callable[[dict[str, Any]], Any], tool: str, **arguments: Any
    ) -> dict[str, Any]:
        """Repeat a read until its answer is as wanted: devices take a moment. Fails after ten seconds."""
        async with asyncio.timeout(10):
            while True:
                answer = await self(tool, **arguments)
                if wanted(answer):
                    return answer
                await asyncio.sleep(0.05)

    async def kinds(self, *calls: tuple[str, dict[str, Any]]) -> list[str]:
        """Make calls at the same time: `ok`, or the kind of error, of each."""
        results = await asyncio.gather(*(self._client.call_tool(*call) for call in calls))
        return [
            result.structured_content["error"]["kind"] if result.is_error else "ok"
            for result in results
        ]

    async def tools(self) -> dict[str, Any]:
        """The listed tools by name."""
        return {tool.name: tool for tool in (await self._client.list_tools()).tools}

    async def everything(self, *, mine: str = "", **arguments: Any) -> dict[str, dict[str, Any]]:
        """All resources by id, page by page; fails when an id comes twice, or a part with `mine` in its name could not be
        read (on one machine, tests that run at the same time see each other's volumes)."""
        found: dict[str, dict[str, Any]] = {}
        cursor = None
        while True:
            page = await self("list_resources", cursor=cursor, **arguments)
            assert [one for one in page["failures"] if mine in one["part"]] == [], page["failures"]
            for resource in page["resources"]:
                assert resource["id"] not in found
                found[resource["id"]] = resource
            cursor = page["next_cursor"]
            if cursor is None:
                return found


@asynccontextmanager
async def calling(room: Room, *, allow_writes: bool = True) -> AsyncIterator[Caller]:
    """A caller of a room; the room is closed afterwards."""
    try:
        async with Client(build_server(room, allow_writes=allow_writes)) as client:
            yield Caller(client)
    finally:
        await room.close()


def facts(resource: dict[str, Any]) -> dict[str, Any]:
    """The facts of a resource as a mapping."""
    return {fact["attribute"]: fact["value"] for fact in resource["facts"]}
