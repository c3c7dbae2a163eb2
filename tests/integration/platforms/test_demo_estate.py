"""The demo's connections: five started servers of one world, read and written through the brain's own reader and actuator."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.fakes.world import make

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.platforms import estate_file
from datacenter_docs.adapters.platforms.actuator import McpPlatformActuator
from datacenter_docs.adapters.platforms.pool import Pool
from datacenter_docs.adapters.platforms.reader import McpPlatformReader
from datacenter_docs.domain.ids import Platform
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.gates import of_platform
from datacenter_mcp.demo.world import World


@pytest.fixture
def world_file(tmp_path: Path) -> Path:
    return make(tmp_path, lambda: SystemClock().now().timestamp())


@pytest.fixture
async def pool(world_file: Path) -> AsyncIterator[Pool]:
    opened = Pool(estate_file.demo(world_file), timeout_seconds=20)
    yield opened
    await opened.close()


def test_an_estate_file_may_name_a_platform_of_the_demo(tmp_path: Path):
    path = tmp_path / "datacenter.yaml"
    path.write_text(
        "connections:\n  - name: toys\n    platform: vmware\n    server: demo\n    settings: {world: w.sqlite}\n"
    )
    [connection] = estate_file.load(path).connections

    assert estate_file.command_of(connection)[-2:] == ("toys", "--demo")


async def test_five_servers_are_read_and_see_what_one_of_them_did(pool: Pool):
    reader, actuator = McpPlatformReader(pool), McpPlatformActuator(pool)
    port, host = "network:fabric:interface:sw1/eth1", "vmware:vcenter:host:host-11"
    estates = await asyncio.gather(*(reader.inventory(platform) for platform in Platform))
    before = (await reader.describe(host)).value("connection_state")
    baseline = await reader.look("disable_port", port, {})
    done = await actuator.act(
        "disable_port", port, {}, baseline=baseline, idempotency_key="1", dry_run=False
    )
    after = (await reader.describe(host)).value("connection_state")

    assert all(estate.resources and not estate.gaps for estate in estates)
    assert 180 < sum(len(estate.resources) for estate in estates) < 250
    assert done.changed
    assert (before, after) == ("connected", "not_responding")


async def test_one_that_hangs_does_not_hold_up_the_others(pool: Pool, world_file: Path):
    """How little it costs is measured in benchmarks/speed/demo.py."""
    await pool.warm()
    world = World.open(world_file)
    world.happen("test", "x", lambda _: [Step(of_platform("openstack"), {"_slow_seconds": 3_600})])
    world.close()
    reader = McpPlatformReader(pool)
    hanging = asyncio.create_task(reader.inventory("openstack"))
    started = time.monotonic()
    well = await asyncio.gather(*(reader.inventory(one) for one in Platform if one != "openstack"))
    took = time.monotonic() - started

    assert all(estate.resources and not estate.gaps for estate in well)
    assert not hanging.done()
    assert took < 10
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)
