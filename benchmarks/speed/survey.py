"""How long a survey takes, and how little one costs that finds next to nothing new.

`python benchmarks/speed/survey.py [--demo N] [--sizes N ...]`: first the demo's servers with N resources, over MCP, as a
user has them; then the estate alone with made-up listings of each size: everything new, nothing changed, 1 to 1,000
changes; the memory of that; and resources by the API. Prints one table, with the goals.
"""

import argparse
import asyncio
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx2

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.adapters.persistence.estate.reader import SqlEstateReader
from datacenter_docs.adapters.persistence.estate.recorder import SqlEstateRecorder
from datacenter_docs.adapters.platforms import estate_file
from datacenter_docs.adapters.platforms.lister import PAGE, McpPlatformLister
from datacenter_docs.adapters.platforms.pool import Pool
from datacenter_docs.adapters.telemetry.meter import PrometheusMeter
from datacenter_docs.bootstrap import open_house, read_settings
from datacenter_docs.domain.estate import Fact, Resource, Source
from datacenter_docs.entrypoints.cli.serving import settle_memory
from datacenter_docs.ports.estate import KeptPayload, ResourceFilter
from datacenter_docs.ports.platforms import ConnectionInfo, ListedPage
from datacenter_docs.services.surveying import Limits, Surveying
from datacenter_mcp.demo.store import Origin, Reading
from datacenter_mcp.demo.world import World

CHANGES = (1, 10, 100, 1_000)
ASKED = 2_000
MEASURED = {"vm": frozenset({"cpu_usage_ratio", "memory_usage_ratio", "storage_used_bytes"})}


class Listing:
    """A vCenter in a formula. `changed`: so many of its machines are not as they were when it was made."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.changed = 0
        self.moving = 0.0
        self.spent = 0.0

    def connections(self) -> Sequence[ConnectionInfo]:
        return [ConnectionInfo("bench", "vmware", "stdio", allow_writes=False, server="builtin")]

    async def pages(self, connection: str) -> AsyncIterator[ListedPage]:
        for start in range(0, self.size, PAGE):
            began, now = time.perf_counter(), datetime.now(UTC)
            sha = sha256(f"{start} {self.moving} {self.changed}".encode()).hexdigest()
            source = Source(connection="bench", tool="RetrieveProperties", arguments={"type": "VirtualMachine"}, observed_at=now, payload_sha256=sha)  # fmt: skip
            numbers = range(start, min(start + PAGE, self.size))
            page = ListedPage([self._vm(number, source) for number in numbers], measured=MEASURED)
            self.spent += time.perf_counter() - began
            yield page

    async def payloads(self, connection: str, hashes: Sequence[str]) -> Sequence[KeptPayload]:
        body = "<returnval>" * 20_000
        return [KeptPayload(one, body, len(body)) for one in hashes]

    def _vm(self, number: int, source: Source) -> Resource:
        stated: Mapping[str, object] = {
            "power_state": "off" if number < self.changed else "on",
            "connection_state": "connected",
            "is_template": False,
            "folder": "/prod",
            "notes": "owner: platform team, contact on the wiki",
            "instance_uuid": f"503{number:05x}-0000-4000-8000-{number:012x}",
            "bios_uuid": f"423{number:05x}-0000-4000-8000-{number:012x}",
            "guest_os": "debian12_64Guest",
            "hostname": f"vm{number}.example.net",
            "addresses": [f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"],
            "mac_addresses": [
                f"00:50:56:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
            ],
            "tools_state": "running",
            "cpu_count": 4,
            "cpu_hot_add": True,
            "memory_mib": 8_192,
            "memory_hot_add": True,
            "disk_count": 2,
            "snapshot_count": 0,
            "needs_consolidation": False,
            "host_id": f"vmware:bench:vm:{number // 100 * 100:06}",
            "datastore_ids": [f"vmware:bench:vm:{number // 50 * 50:06}"],
            "network_ids": [f"vmware:bench:vm:{number // 500 * 500:06}"],
            "cpu_usage_ratio": round(number % 97 / 97 + self.moving, 4),
            "memory_usage_ratio": round(number % 89 / 89 + self.moving, 4),
            "storage_used_bytes": number * 1_000_003,
        }
        return Resource(
            id=f"vmware:bench:vm:{number:06}",
            kind="vm",
            name=f"vm-{number}",
            facts=tuple(Fact(attribute=name, value=value) for name, value in stated.items()),  # type: ignore[arg-type]
            source=source,
        )


def line(what: str, seconds: float, goal: str = "") -> None:
    print(f"{what:58} {seconds:9.3f}  {goal}", flush=True)


async def demo(size: int) -> None:
    """The demo's five servers, read and stored, twice."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(
            data_dir=Path(folder), demo=True, survey_schedule="", log_level="ERROR"
        )
        now = time.time()
        origin = Origin(seed=1, size=size, born=now - 86_400)
        World.create(settings.world_file, origin, Reading(real=now, world=now, rate=1.0)).close()
        pool = Pool(estate_file.demo(settings.world_file), 60)
        await pool.warm()
        began = time.perf_counter()
        await asyncio.gather(*(read(pool, each.name) for each in pool.connections()))
        reading = time.perf_counter() - began
        await pool.close()
        async with open_house(settings, works=True) as house:
            first = await over(house, 1)
            await house.surveying.begin("benchmark")
            second = await over(house, 2)
            resources = sum((await house.estate.counts()).values())
        line(f"demo, {resources} resources: reading alone", reading)
        line(f"demo, {resources} resources: first survey", first, "with documents under 60")
        line(f"demo, {resources} resources: nothing changed", second)


async def read(pool: Pool, name: str) -> int:
    """A connection to its end, for nothing."""
    return sum([len(page.resources) async for page in McpPlatformLister(pool).pages(name)])


async def over(house: object, number: int) -> float:
    """How long a survey took."""
    while True:
        newest = (await house.estate.surveys(None, 1)).items  # type: ignore[attr-defined]
        if newest and newest[0].number == number and newest[0].finished_at:
            return (newest[0].finished_at - newest[0].started_at).total_seconds()
        await asyncio.sleep(0.05)


async def estate(size: int, folder: Path) -> None:
    """The estate alone."""
    database = open_database(f"sqlite:///{folder / 'datacenter-docs.sqlite'}")
    clock, listing = SystemClock(), Listing(size)
    reader, recorder = SqlEstateReader(database), SqlEstateRecorder(database)
    surveying = Surveying(
        listing,  # type: ignore[arg-type]
        listing,
        reader,
        recorder,
        PrometheusMeter(clock.now),
        clock,
        Limits(time_limit_seconds=3_600),
    )

    async def survey() -> float:
        """Without the time that the listing takes to be made up."""
        began, listing.spent = time.perf_counter(), 0.0
        number = (await surveying.begin("benchmark")).survey.number
        await surveying.read(number, "bench")
        await surveying.finish(number)
        return time.perf_counter() - began - listing.spent

    line(f"{size} resources: all new", await survey())
    line(f"{size} resources: nothing changed", await survey())
    listing.moving = 0.001
    line(f"{size} resources: all measured values moved", await survey())
    for count in CHANGES:
        listing.changed += count
        took = await survey()
        newest = (await reader.surveys(None, 1)).items[0]
        began = time.perf_counter()
        touched = await reader.touched(newest.number - 1)
        told = time.perf_counter() - began
        assert len(touched.stated) >= count
        line(f"{size} resources: {count} changed", took)
        line(f"{size} resources: to tell which {count}", told)
    began = time.perf_counter()
    met = sum([len(bunch) async for bunch in reader.walk(ResourceFilter())])
    line(f"{met} resources: walk over all", time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line(f"{size} resources: largest memory, MiB", peak, "under 1,024 at 100,000")
    database.close()


def api(size: int, folder: Path) -> None:
    """Single resources by the API of a server of its own."""
    command = [sys.executable, "-m", "datacenter_docs.entrypoints.cli", "serve", "--port", "0", "--data-dir", str(folder)]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[-1]
        dice, took = random.Random(1), []
        with httpx2.Client(base_url=url) as http:
            for _ in range(ASKED):
                path = f"/api/v1/resources/vmware:bench:vm:{dice.randrange(size):06}"
                began = time.perf_counter()
                assert http.get(path).status_code == 200
                took.append(time.perf_counter() - began)
            began, met, query = time.perf_counter(), 0, {"limit": "500"}
            while True:
                page = http.get("/api/v1/resources", params=query).json()
                met += len(page["items"])
                if page["next_cursor"] is None:
                    break
                query["cursor"] = page["next_cursor"]
            listed = time.perf_counter() - began
        server.terminate()
    line(f"{met} resources: listed by the API, 500 at a time", listed)
    took.sort()
    line(f"{size} resources: one by the API, median", statistics.median(took))
    line(
        f"{size} resources: one by the API, p99", took[int(ASKED * 0.99)], "under 0.050 at 100,000"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=int, default=10_000)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    given = parser.parse_args()
    settle_memory()  # as the product does
    print(f"{'':58} {'seconds':>9}  goal")
    if given.demo:
        asyncio.run(demo(given.demo))
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(estate(size, Path(folder)))
            api(size, Path(folder))


if __name__ == "__main__":
    main()
