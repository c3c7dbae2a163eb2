"""Parts of the story, lived through by the real services."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from datacenter_docs.bootstrap import open_rehearsal, read_settings
from datacenter_docs.entrypoints.demo.clock import SetClock
from datacenter_docs.entrypoints.demo.near import NearSession
from datacenter_docs.entrypoints.demo.rehearsing import Lived, rehearse
from datacenter_docs.entrypoints.demo.story import Incident
from datacenter_docs.ports.patterns import PatternFilter
from datacenter_mcp.demo.store import Origin, Reading
from datacenter_mcp.demo.world import World

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
Living = Callable[..., Awaitable[tuple[list[Lived], list[Any], str]]]


@pytest.fixture
def live(tmp_path: Path) -> Living:
    """Live through incidents: how they ended, the patterns afterwards, and the journal's head."""

    async def living(
        story: list[Incident], folder: str = "demo"
    ) -> tuple[list[Lived], list[Any], str]:
        settings = read_settings(demo=True, data_dir=tmp_path / folder)
        begin = BEGIN.timestamp()
        origin = Origin(seed=1, size=200, born=begin)
        world = World.create(settings.world_file, origin, Reading(real=0, world=begin, rate=0))
        clock = SetClock(BEGIN, 1, lambda at: world.set_clock(at.timestamp(), 0))
        near = partial(_near, settings.world_file)
        async with open_rehearsal(settings, clock, near) as house:
            lived = await rehearse(house, world, clock, story, BEGIN + timedelta(days=30))
            page = await house.patterns.find(PatternFilter(), None, 100)
            report = await house.journal.verify()
        world.close()
        assert report.ok
        return list(lived), list(page.items), report.head_hash

    return living


def _near(world: Path, platform: str, connection: str) -> NearSession:
    return NearSession(platform, connection, world)
