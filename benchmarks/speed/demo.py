"""The demo: how long making it takes, how long a later start, and whether one platform that hangs delays the others:
`python -m benchmarks.speed.demo`.
"""

import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from datacenter_docs.adapters.platforms import estate_file
from datacenter_docs.adapters.platforms.pool import Pool
from datacenter_docs.adapters.platforms.reader import McpPlatformReader
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.gates import of_platform
from datacenter_mcp.demo.world import World

SCRIPT = str(Path(sys.executable).with_name("dcdocs"))
BUILD_GOAL_SECONDS, START_GOAL_SECONDS, DELAY_GOAL_RATIO = 60.0, 5.0, 1.1
ROUNDS = 24
HANG_SECONDS = 20.0
UNDER_WAY_SECONDS = 0.05
SETTLE_SECONDS = 2.0
SICK, WELL = "openstack", ("vmware", "kubernetes", "network", "storage")


def start_seconds(folder: Path) -> float:
    """From the command to the line that says where it listens; it is stopped then."""
    begun = time.perf_counter()
    command = [SCRIPT, "up", "--demo", "--port", "0", "--data-dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if re.search("http://", line):
                break
        taken = time.perf_counter() - begun
        time.sleep(SETTLE_SECONDS)
        process.terminate()
    return taken


async def reading_seconds(reader: McpPlatformReader) -> float:
    """The four, side by side, each to its last page."""
    begun = time.perf_counter()
    await asyncio.gather(*(reader.inventory(platform) for platform in WELL))
    return time.perf_counter() - begun


async def delay(world_file: Path) -> tuple[float, float, float]:
    """Reading the four without the fifth, and while it hangs: the medians, and the median of the ratios of each pair. The pairs
    take turns in who begins, since the machine is never equally busy.
    """
    pool = Pool(estate_file.demo(world_file), timeout_seconds=HANG_SECONDS)
    reader, world = McpPlatformReader(pool), World.open(world_file)
    await pool.warm()
    world.happen("benchmark", "x", lambda _: [Step(of_platform(SICK), {"_slow_seconds": 3_600})])
    pairs = []
    for number in range(ROUNDS):
        taken = {
            hangs: await one_round(reader, hangs=hangs)
            for hangs in ((False, True), (True, False))[number % 2]
        }
        pairs.append((taken[False], taken[True]))
    world.close()
    await pool.close()
    alone, beside = (statistics.median(side) for side in zip(*pairs, strict=True))
    return alone, beside, statistics.median(after / before for before, after in pairs)


async def one_round(reader: McpPlatformReader, *, hangs: bool) -> float:
    """Seconds to read the four; `hangs`: while a question to the fifth is under way."""
    hanging = asyncio.create_task(reader.inventory(SICK)) if hangs else None
    await asyncio.sleep(UNDER_WAY_SECONDS)
    taken = await reading_seconds(reader)
    if hanging is not None:
        assert not hanging.done(), "the sick platform answered"
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
    return taken


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "demo"
        build, start = start_seconds(place), start_seconds(place)
        alone, beside, ratio = asyncio.run(delay(place / "world.sqlite"))
    print(f"making the demo, and start: {build:.1f} s (goal < {BUILD_GOAL_SECONDS:g} s)")
    print(f"a later start: {start:.1f} s (goal < {START_GOAL_SECONDS:g} s)")
    print(
        f"four of five read: {alone * 1_000:.0f} ms; while the fifth hangs: {beside * 1_000:.0f} ms; "
        f"ratio {ratio:.2f} (goal < {DELAY_GOAL_RATIO})"
    )


if __name__ == "__main__":
    main()
