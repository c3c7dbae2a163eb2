"""`PlatformReader` over MCP: reads side by side, one sick connection never stops the others."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from mcp.types import CallToolResult

from datacenter_docs.adapters.platforms import answers
from datacenter_docs.adapters.platforms.estate_file import Connection
from datacenter_docs.adapters.platforms.pool import Pool
from datacenter_docs.domain.errors import (
    Broken,
    DatacenterDocsError,
    Invalid,
    Refused,
    Unsupported,
)
from datacenter_docs.domain.estate import Health, Look, Resource
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.ports.platforms import ConnectionInfo, ConnectionReport, Gap, Inventory
from datacenter_mcp.contract import acting, reading, tools

MAX_PAGES = 1_000
MAX_DEPTH = 8


class McpPlatformReader:
    """Reads through the contract's read tools only."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def connections(self) -> Sequence[ConnectionInfo]:
        return [
            ConnectionInfo(c.name, c.platform, c.transport, c.allow_writes, c.server)
            for c in self._pool.connections()
        ]

    async def test(self, connection: str) -> ConnectionReport:
        self._pool.connection(connection)
        started = time.perf_counter()
        try:
            listed = tuple(sorted(await self._pool.tools(connection)))
            health = await self._health(connection, None)
            offers = await self._offers(connection)
        except DatacenterDocsError as error:
            return ConnectionReport(
                name=connection,
                ok=False,
                health=None,
                tools=(),
                operations={},
                milliseconds=_milliseconds(started),
                error=error.message,
            )
        operations = {offer.operation: offer.supported and offer.writable for offer in offers}
        return ConnectionReport(
            name=connection,
            ok=True,
            health=health,
            tools=listed,
            operations=operations,
            milliseconds=_milliseconds(started),
        )

    async def inventory(
        self, platform: str, *, kind: str | None = None, parent: str | None = None
    ) -> Inventory:
        names = [c.name for c in self._pool.connections() if c.platform == platform]
        if parent is not None:
            names = [ResourceId.parse(parent).connection]
        parts = await asyncio.gather(*(self._inventory_of(name, kind, parent) for name in names))
        return Inventory(
            resources=tuple(resource for part in parts for resource in part.resources),
            gaps=tuple(gap for part in parts for gap in part.gaps),
        )

    async def describe(self, resource_id: str) -> Resource:
        page = await self._read(
            resource_id, tools.DESCRIBE_RESOURCE, {"id": resource_id}, reading.Resource
        )
        if page.id != resource_id:
            raise Broken(
                f"{ResourceId.parse(resource_id).connection} answered for {page.id}, not for {resource_id}."
            )
        return answers.own(page, Resource)

    async def health(self, resource_id: str) -> Health:
        return await self._health(ResourceId.parse(resource_id).connection, resource_id)

    async def system_health(self, resource_id: str) -> Health:
        topmost = resource_id
        for _ in range(MAX_DEPTH):
            parent = (await self.describe(topmost)).parent
            if parent is None:
                break
            topmost = parent
        return await self.health(topmost)

    async def look(self, operation: str, target: str, parameters: Mapping[str, Any]) -> Look:
        arguments = {"operation": operation, "target": target, "parameters": dict(parameters)}
        seen = answers.own(await self._read(target, tools.LOOK, arguments, reading.Look), Look)
        name = ResourceId.parse(target).connection
        if seen.successor is not None and not self._owner(name)(seen.successor):
            raise Broken(f"{name} names a successor of {target} that is not its own.")
        return seen

    async def can(self, operation: str, target: str) -> Refused | Unsupported | None:
        connection = self._pool.connection(ResourceId.parse(target).connection)
        offers = await self._offers(connection.name, target)
        offer = next((one for one in offers if one.operation == operation), None)
        if offer is None:
            return Unsupported(f"{connection.name} does not offer {operation}.")
        if not offer.supported:
            reason = offer.reason or "the platform does not support it"
            return Unsupported(f"{operation} cannot be done to {target}: {reason}")
        if not (offer.writable and connection.allow_writes):
            return Refused(
                f"The connection {connection.name} is read-only: set allow_writes: true in the estate file to act through it."
            )
        return None

    async def _inventory_of(self, name: str, kind: str | None, parent: str | None) -> Inventory:
        """What it lists of its own. Where it speaks of things of others it is not believed, and that is told."""
        own, foreign = self._owner(name), 0
        resources: list[Resource] = []
        gaps: list[Gap] = []
        try:
            async for page in self._pages(name, {"kind": kind, "parent": parent}):
                believed = [one for one in page.resources if own(one.id)]
                foreign += len(page.resources) - len(believed)
                resources.extend(believed)
                gaps.extend(
                    Gap(name, answers.brief(one.part), answers.brief(one.message))
                    for one in page.failures
                )
        except DatacenterDocsError as error:
            gaps.append(Gap(name, "", error.message))
        if foreign:
            gaps.append(Gap(name, "", f"{foreign} things are not its own: they were left out."))
        return Inventory(tuple(resources), tuple(gaps))

    def _owner(self, name: str) -> Callable[[str], bool]:
        """Tells whether an id is of a thing of a connection."""
        whose = (self._pool.connection(name).platform.value, name)

        def own(resource_id: str) -> bool:
            try:
                return ResourceId.parse(resource_id)[:2] == whose
            except Invalid:
                return False

        return own

    async def _pages(self, name: str, query: Mapping[str, Any]) -> AsyncIterator[answers.Page]:
        """The pages of a listing. While one of a long listing is checked, in a thread, the server makes the next: both take
        about as long, and one after the other would take as long as both.
        """
        asked = asyncio.create_task(self._page(name, query, None))
        try:
            for _ in range(MAX_PAGES):
                result = await asked
                cursor = answers.cursor_of(result)
                if cursor is None:
                    yield answers.read(result, answers.Page, name)
                    return
                asked = asyncio.create_task(self._page(name, query, cursor))
                yield await asyncio.to_thread(answers.read, result, answers.Page, name)
        finally:
            asked.cancel()
        raise Broken(f"{name} lists resources without end.")

    async def _page(
        self, name: str, query: Mapping[str, Any], cursor: str | None
    ) -> CallToolResult:
        arguments = {**query, "cursor": cursor, "limit": tools.PAGE_LIMIT}
        return await self._pool.read(name, tools.LIST_RESOURCES, arguments)

    async def _health(self, name: str, resource_id: str | None) -> Health:
        result = await self._pool.read(name, tools.GET_HEALTH, {"id": resource_id})
        health = answers.own(answers.read(result, reading.Health, name), Health)
        some = health.reasons[: answers.MOST_REASONS]
        return health.replaced(reasons=tuple(map(answers.brief, some)))

    async def _offers(
        self, name: str, target: str | None = None
    ) -> Sequence[acting.OperationOffer]:
        """What can be done to a target, or (None) to anything of the connection."""
        result = await self._pool.read(name, tools.LIST_OPERATIONS, {"target": target})
        return answers.read(result, acting.OperationOffers, name).offers

    async def _read(
        self,
        resource_id: str,
        tool: str,
        arguments: Mapping[str, Any],
        expected: type[answers.Wire],
    ) -> answers.Wire:
        connection: Connection = self._pool.connection(ResourceId.parse(resource_id).connection)
        return answers.read(
            await self._pool.read(connection.name, tool, arguments), expected, connection.name
        )


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1_000, 1)
