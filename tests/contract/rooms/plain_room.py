"""A room of plain values, for what the server does whatever the room: errors, limits, memory."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from datacenter_mcp.contract.errors import RoomError
from datacenter_mcp.contract.reading import (
    Health,
    HealthStatus,
    Look,
    MetricsReport,
    Resource,
    Source,
    Wire,
)
from datacenter_mcp.grades import ENDURES, READS, Proof
from datacenter_mcp.readings import facts
from datacenter_mcp.room import Effect, Listing, OperationSpec

SOURCE = Source(
    connection="plain",
    tool="none",
    arguments={},
    observed_at=datetime(2026, 1, 1, tzinfo=UTC),
    payload_sha256="0" * 64,
)

PROVEN = Proof("plain", frozenset({READS, ENDURES, "set_size"}))


class SizeParameters(Wire):
    """A size."""

    size_bytes: int


class PlainRoom:
    """Does what it is told; `fails` is raised by the next deed, `gate` holds deeds until it is set."""

    platform = "network"
    connection = "plain"
    operations = (OperationSpec("set_size", "Set a size.", SizeParameters, destructive=True),)

    def __init__(self, resources: int = 0, text: str = "", proof: Proof = PROVEN) -> None:
        self._proof = proof
        self.listed = 0
        self.acted: list[str] = []
        self.fails: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self._resources = resources
        self._text = text

    def drivers(self, target: str | None) -> tuple[Proof, ...]:
        return (self._proof,)

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        self.listed += 1
        return Listing([self._resource(number) for number in range(self._resources)])

    async def describe(self, resource_id: str) -> Resource:
        if self.fails:
            raise self.fails
        return self._resource(1)

    async def health(self, resource_id: str | None) -> Health:
        return Health(status=HealthStatus.OK)

    async def metrics(self, resource_id: str) -> MetricsReport:
        return MetricsReport(id=resource_id, metrics=[], source=SOURCE)

    async def look(self, operation: OperationSpec, target: str, parameters: Any) -> Look:
        state = {"size_bytes": parameters.size_bytes}
        return Look(exists=True, state=state, health=await self.health(None), source=SOURCE)

    async def act(
        self, operation: OperationSpec, target: str, parameters: Any, *, dry_run: bool
    ) -> Effect:
        if dry_run:
            return Effect({}, {}, would=["Set it."])
        self.acted.append(target)
        await self.gate.wait()
        fails, self.fails = self.fails, None
        if fails:
            raise fails
        return Effect({}, {"size_bytes": parameters.size_bytes}, changed=True)

    async def close(self) -> None:
        return None

    def failing(self, error: Exception | RoomError) -> "PlainRoom":
        """This room, whose next call fails."""
        self.fails = error
        return self

    def _resource(self, number: int) -> Resource:
        return Resource(
            id=f"network:plain:device:{number:06}",
            kind="device",
            name=str(number),
            facts=facts({"text": self._text}),
            source=SOURCE,
        )
