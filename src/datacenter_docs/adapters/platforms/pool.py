"""All connections of the estate: a few sessions each, taken in turn, and the allow-list that keeps readers from writing."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from mcp.types import CallToolResult, Tool

from datacenter_docs.adapters.platforms.estate_file import Connection, Estate, translated
from datacenter_docs.adapters.platforms.sessions import Session
from datacenter_docs.domain.errors import DatacenterDocsError, NotFound, Refused
from datacenter_mcp.contract.tools import READ_TOOLS


class Speaking(Protocol):
    """What a pool needs of a session."""

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> CallToolResult: ...

    async def tools(self) -> Mapping[str, Tool]: ...

    async def close(self) -> None: ...


Opening = Callable[[Connection, float], Speaking]


class Pool:
    """Sessions by connection name. `timeout_seconds`: for calls of connections that do not say otherwise. `opening`: makes a
    session of a connection and its time limit.
    """

    def __init__(self, estate: Estate, timeout_seconds: float, opening: Opening = Session) -> None:
        self._connections = {connection.name: connection for connection in estate.connections}
        self._sessions: dict[str, Sequence[Speaking]] = {}
        self._turns: dict[str, Iterator[Speaking]] = {}
        self._theirs: dict[str, Speaking] = {}
        for connection in estate.connections:
            ours = translated(connection)
            sessions = [opening(ours, timeout_seconds) for _ in range(connection.sessions)]
            self._sessions[connection.name] = sessions
            self._turns[connection.name] = itertools.cycle(sessions)
            if connection.read_tools:
                same = ours is connection
                self._theirs[connection.name] = (
                    sessions[0] if same else opening(connection, timeout_seconds)
                )

    def connections(self) -> Sequence[Connection]:
        """All of them, by name."""
        return [self._connections[name] for name in sorted(self._connections)]

    def connection(self, name: str) -> Connection:
        """One of them. Raises `NotFound`, naming those there are."""
        try:
            return self._connections[name]
        except KeyError:
            known = ", ".join(sorted(self._connections)) or "none"
            raise NotFound(f"There is no connection {name!r}; configured are: {known}.") from None

    async def warm(self) -> None:
        """Connect everywhere side by side, so that the first ticket need not wait for servers to start. A sick one stays
        sick here, and tells whoever asks it.
        """
        await asyncio.gather(*(self._warm(name) for name in self._sessions))

    async def _warm(self, name: str) -> None:
        with contextlib.suppress(DatacenterDocsError):
            await self.tools(name)

    async def tools(self, name: str) -> Mapping[str, Tool]:
        """The tools of a connection."""
        self.connection(name)
        return await next(self._turns[name]).tools()

    async def read(self, name: str, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        """Call a tool of the read list; any other is refused here, whatever the server says about it."""
        if tool not in READ_TOOLS:
            raise Refused(f"{tool} is not on the read-only list, so a reader may not call it.")
        self.connection(name)
        return await next(self._turns[name]).call(tool, arguments)

    async def consult(self, name: str, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        """Call a tool beside the contract. Only one that the estate file allows by name, and of which the server itself says
        that it only reads; raises `Refused` for any other.
        """
        if tool not in self.connection(name).read_tools:
            raise Refused(f"{tool} is not among the read_tools of {name} in the estate file.")
        theirs = self._theirs[name]
        listed = (await theirs.tools()).get(tool)
        if listed is None:
            raise NotFound(f"{name} has no tool {tool}.")
        if listed.annotations is None or listed.annotations.read_only_hint is not True:
            raise Refused(f"{name} does not say of {tool} that it only reads.")
        return await theirs.call(tool, arguments)

    async def write(self, name: str, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        """Call a write tool; only where the estate file allows writes. A write always goes over the first session, so that
        the server sees one key once.
        """
        connection = self.connection(name)
        if not connection.allow_writes:
            raise Refused(
                f"The connection {name} is read-only: set allow_writes: true in the estate file to act through it."
            )
        if tool in READ_TOOLS:
            raise Refused(f"{tool} is a read tool and does not act.")
        return await self._sessions[name][0].call(tool, arguments)

    async def close(self) -> None:
        """Leave all servers."""
        await asyncio.gather(
            *(session.close() for sessions in self._sessions.values() for session in sessions),
            *(session.close() for session in self._theirs.values()),
        )
