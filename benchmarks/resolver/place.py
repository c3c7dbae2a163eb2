"""A product on a demo datacenter in this process: the real services over the real contract, without a process and a pipe each.

Each ticket gets a place of its own, so that none learns from another; the database is made once and copied.
"""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mcp.types import CallToolResult, Tool

from datacenter_docs.bootstrap import House, open_rehearsal, read_settings
from datacenter_docs.domain.operations import CRITICAL, SAFE
from datacenter_docs.domain.policy import Policy
from datacenter_docs.entrypoints.demo.clock import SetClock
from datacenter_docs.entrypoints.demo.near import NearSession
from datacenter_docs.workflows.ticket import Walk, undurable
from datacenter_mcp.demo.store import Origin, Reading
from datacenter_mcp.demo.world import World

BORN = 1_780_000_000.0
NOW = BORN + 100 * 86_400
PLATFORMS = ("vmware", "kubernetes", "network", "storage", "openstack")
CATEGORIES = ("network", "server", "storage", "kubernetes", "cloud", "general")
OWNER = "platform-owner"


def policies() -> list[Policy]:
    """As an owner begins: everything asks a person; ports may only be touched where it is safe."""
    return [
        Policy(
            name=f"benchmark-{category}",
            category=category,
            min_reliability_score=30.0,
            allowed_action_types=(SAFE,) if category == "network" else (SAFE, CRITICAL),
            allowed_systems=PLATFORMS,
            requires_rollback_plan=False,
            requires_backup=False,
            max_actions_per_hour=1_000,
            restart_may_reset=True,
        )
        for category in CATEGORIES
    ]


class CountingSession(NearSession):
    """A session that counts its calls."""

    calls = 0

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        """Call a tool, and count it."""
        CountingSession.calls += 1
        return await super().call(tool, arguments)

    async def tools(self) -> Mapping[str, Tool]:
        """Its tools."""
        return await super().tools()


@dataclass(frozen=True, slots=True)
class Place:
    """A house on a world of its own."""

    house: House
    world: World
    clock: SetClock
    walk: Walk


@asynccontextmanager
async def opened(folder: Path, *, seed: int, size: int) -> AsyncIterator[Place]:
    """A place in a folder, which may hold the database already."""
    settings = read_settings(demo=True, data_dir=folder)
    origin = Origin(seed=seed, size=size, born=BORN)
    world = World.create(settings.world_file, origin, Reading(real=0, world=NOW, rate=0))
    begin = datetime.fromtimestamp(NOW, UTC)
    clock = SetClock(begin, seed, lambda at: world.set_clock(at.timestamp(), 0))
    try:
        async with open_rehearsal(
            settings,
            clock,
            lambda platform, connection: CountingSession(
                platform, connection, settings.world_file
            ),
        ) as house:
            yield Place(house, world, clock, undurable(house.stops))
    finally:
        world.close()


class Places:
    """Places with policies, quickly: what is the same in all is made once."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._number = folder, 0

    async def prepare(self) -> None:
        """Make the database that the others begin with."""
        self._template.mkdir(parents=True)
        async with opened(self._template, seed=1, size=1) as place:
            for policy in policies():
                await place.house.governing.put_policy(policy, OWNER)

    @asynccontextmanager
    async def new(self, *, seed: int, size: int) -> AsyncIterator[Place]:
        """A place that nobody has used; it is gone afterwards."""
        self._number += 1
        folder = self._folder / f"place-{self._number}"
        shutil.copytree(self._template, folder, ignore=shutil.ignore_patterns("world*"))
        try:
            async with opened(folder, seed=seed, size=size) as place:
                yield place
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def _template(self) -> Path:
        return self._folder / "template"
