"""Makes a sample of the documentation: of the simulated datacenter, which is surveyed twice with a day between.

`python -m tools.sample build/sample` (`make sample`) writes a site; with a number behind it of a datacenter of about so
many resources.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from datacenter_docs.bootstrap import House, open_house, read_settings, wall_clock
from datacenter_docs.ports.publishing import Format
from datacenter_mcp.demo.store import Origin, Reading
from datacenter_mcp.demo.world import World

SEED, SIZE = 1, 400
DAY = 86_400.0


def main(out: Path, size: int) -> None:
    """Make the sample in a folder."""
    with tempfile.TemporaryDirectory(prefix="datacenter-docs-sample-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        asyncio.run(_make(data, out, size))


async def _make(folder: Path, out: Path, size: int) -> None:
    settings = read_settings(demo=True, data_dir=folder)
    now = wall_clock().timestamp()
    origin = Origin(seed=SEED, size=size, born=now - 2 * DAY)
    world = World.create(settings.world_file, origin, Reading(real=now, world=now - DAY, rate=1.0))
    try:
        async with open_house(settings, works=False) as house:
            await survey(house)
            world.set_clock(now)
            await survey(house)
            pressed = await house.publishing.publish(Format.SITE, out, lambda done, of: None)
    finally:
        world.close()
    sys.stdout.write(f"{pressed.written} files written: open {out / 'index.html'}\n")


async def survey(house: House) -> None:
    """Survey all connections and write the documents, in this process."""
    begun = (await house.surveying.begin("sample")).survey
    await asyncio.gather(*(house.surveying.read(begun.number, one) for one in begun.connections))
    await house.surveying.finish(begun.number)
    await house.documenting.refresh()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else SIZE)
