"""Makes the demo's world with its past, once; later starts find it there. Called by `up --demo` and `demo start`.

It is made in a folder beside its place and moved there when it is whole, so that a crash leaves nothing half done.
"""

import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from datacenter_docs.bootstrap import open_rehearsal, read_settings, wall_clock
from datacenter_docs.domain.errors import Refused
from datacenter_docs.entrypoints.demo.clock import SetClock
from datacenter_docs.entrypoints.demo.near import NearSession
from datacenter_docs.entrypoints.demo.rehearsing import rehearse
from datacenter_docs.entrypoints.demo.story import DAYS, incidents
from datacenter_mcp.demo.store import Origin, Reading
from datacenter_mcp.demo.world import World


async def prepare(folder: Path, *, seed: int, size: int, now: datetime | None = None) -> int:
    """Make world and history in a folder that has none; how many tickets it holds then. `now` None: this machine's. Raises
    `Refused` for a folder that holds anything else.

    The history is lived in the first rack, which is the same whatever the size; the other racks are put beside it at the end.
    """
    _must_be_free(folder)
    end = now or wall_clock()
    building = folder.with_name(f"{folder.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    settings = read_settings(demo=True, data_dir=building)
    story, world_file = incidents(seed, end), settings.world_file
    begin = end.timestamp() - (DAYS + 1) * 86_400
    origin = Origin(seed=seed, size=1, born=begin)
    world = World.create(world_file, origin, Reading(real=0, world=begin, rate=0))
    clock = SetClock(
        datetime.fromtimestamp(begin, UTC), seed, lambda at: world.set_clock(at.timestamp(), 0)
    )
    try:
        near = partial(_near, world_file)
        async with open_rehearsal(settings, clock, near) as house:
            lived = await rehearse(house, world, clock, story, end)
        world.grow(size)
        world.set_clock((now or wall_clock()).timestamp())
    finally:
        world.close()
    building.replace(folder)
    return len(lived)


def _must_be_free(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Refused(
            f"{folder} holds other data: give the demo a folder of its own (--data-dir)."
        )


def _near(world: Path, platform: str, connection: str) -> NearSession:
    return NearSession(platform, connection, world)
