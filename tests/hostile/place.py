"""A product on the demo datacenter in this process, with automation as wide open as an owner can make it: the worst case.

The database, with a past that made the patterns of the carriers eligible, is made once and copied for each place.
"""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.hostile.carriers import CARRIERS
from tests.hostile.servers import HostileSession

from datacenter_docs.adapters.platforms.pool import Speaking
from datacenter_docs.bootstrap import House, open_rehearsal, read_settings
from datacenter_docs.domain.operations import CRITICAL, SAFE
from datacenter_docs.domain.policy import Policy
from datacenter_docs.entrypoints.demo.clock import SetClock
from datacenter_docs.entrypoints.demo.rehearsing import Rehearsal
from datacenter_docs.entrypoints.demo.story import Incident
from datacenter_docs.workflows.ticket import Walk, undurable
from datacenter_mcp.demo.store import Origin, Reading
from datacenter_mcp.demo.world import World

BORN = 1_780_000_000.0
BEGIN = datetime.fromtimestamp(BORN + 100 * 86_400, UTC)
PLATFORMS = ("vmware", "kubernetes", "network", "storage", "openstack")
CATEGORIES = ("network", "server", "storage", "kubernetes", "cloud", "general")
TIMES = 4
"""So often each carrier was repaired before, after which its pattern is eligible."""


def policies() -> list[Policy]:
    """Everything that an owner may allow is allowed."""
    return [
        Policy(
            name=f"open-{category}",
            category=category,
            min_confidence_score=0.0,
            min_reliability_score=0.0,
            min_similar_tickets=0,
            min_positive_feedback_rate=0.0,
            allowed_action_types=(SAFE, CRITICAL),
            allowed_systems=PLATFORMS,
            requires_approval=False,
            auto_approve_threshold=0.0,
            max_actions_per_hour=1_000_000,
            requires_rollback_plan=False,
            requires_backup=False,
            ai_may_only_veto=False,
            supervised_occurrences=0,
            restart_may_reset=True,
        )
        for category in CATEGORIES
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """A house on a world of its own, and the folder of its data."""

    house: House
    world: World
    clock: SetClock
    walk: Walk
    data: Path


Opening = Callable[[str, str, Path], Speaking]


@asynccontextmanager
async def opened(
    folder: Path, opening: Opening = HostileSession, **settings: object
) -> AsyncIterator[Place]:
    """A place in a folder, which may hold a database and a world already."""
    wanted = read_settings(
        demo=True,
        data_dir=folder,
        auto_remediation_enabled=True,
        auto_remediation_require_approval=False,
        auto_remediation_min_reliability=0.0,
        auto_remediation_max_actions_per_hour=1_000_000,
        pattern_min_occurrences=1,
        pattern_min_positive_rate=0.0,
        **settings,
    )
    origin = Origin(seed=1, size=1, born=BORN)
    begin = BEGIN + timedelta(days=TIMES * len(CARRIERS) + 1 if (folder / "lived").exists() else 0)
    world = World.create(
        wanted.world_file, origin, Reading(real=0, world=begin.timestamp(), rate=0)
    )
    seed = int(begin.timestamp())
    clock = SetClock(begin, seed, lambda at: world.set_clock(at.timestamp(), 0))

    def near(platform: str, connection: str) -> Speaking:
        return opening(platform, connection, wanted.world_file)

    try:
        async with open_rehearsal(wanted, clock, near) as house:
            yield Place(house, world, clock, undurable(house.stops), folder)
    finally:
        world.close()


async def live(folder: Path) -> None:
    """Make the past: each carrier broken, reported, repaired and praised, until its pattern is eligible."""
    folder.mkdir(parents=True)
    async with opened(folder) as place:
        for policy in policies():
            await place.house.governing.put_policy(policy, "owner")
        rehearsal = Rehearsal(place.house, place.world, place.clock)
        for number in range(TIMES * len(CARRIERS)):
            carrier = list(CARRIERS.values())[number % len(CARRIERS)]
            await rehearsal.live(
                Incident(
                    at=BEGIN + timedelta(days=number),
                    requester="help-desk",
                    number=number,
                    fault=carrier.fault,
                    on=carrier.on,
                    opts_in=True,
                    approves=True,
                    answers=True,
                    content=True,
                )
            )
        await surveyed(place)
    (folder / "lived").touch()


async def surveyed(place: Place) -> None:
    """A survey, and the documents after it."""
    surveying = place.house.surveying
    number = (await surveying.begin("mallory")).survey.number
    for connection in place.house.reader.connections():
        await surveying.read(number, connection.name)
    await surveying.finish(number)
    await place.house.documenting.refresh()
    for index in (place.house.indexing, place.house.resembling):
        while await index.follow():
            pass


class Places:
    """Places with the same past, quickly."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.template, self._folder, self._number = template, folder, 0

    @asynccontextmanager
    async def new(
        self, opening: Opening = HostileSession, **settings: object
    ) -> AsyncIterator[Place]:
        """One that nobody has used."""
        self._number += 1
        folder = self._folder / f"place-{self._number}"
        shutil.copytree(self.template, folder)
        async with opened(folder, opening, **settings) as place:
            yield place
