"""The demo's rooms in this process, for making a history: the same servers and tools, without a process and a pipe each.

A history asks some thousands of questions; over five pipes they take longer than everything else together.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mcp.types import CallToolResult, Tool

from datacenter_mcp.demo.room import DemoRoom
from datacenter_mcp.demo.world import World
from datacenter_mcp.serving import build_server


class NearSession:
    """`Speaking` with one room of a world. It cannot be lost."""

    def __init__(self, platform: str, connection: str, world: Path) -> None:
        self._room = DemoRoom(platform, connection, World.open(world))
        self._server = build_server(self._room, allow_writes=True)

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        """Call a tool."""
        result = await self._server.call_tool(tool, dict(arguments))
        if not isinstance(result, CallToolResult):  # what asks back; ours never do
            raise TypeError(f"{tool} asked for more input.")
        return result

    async def tools(self) -> Mapping[str, Tool]:
        """Its tools."""
        return {tool.name: tool for tool in await self._server.list_tools()}

    async def close(self) -> None:
        """Let go of the world."""
        await self._room.close()
