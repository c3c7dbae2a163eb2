"""How long it takes to write the documentation, and how little it costs when next to nothing changed.

`python -m benchmarks.speed.documents [--sizes N ...]`: for each size an estate of made-up things of three platforms; then
the sections after the first survey, after one that found nothing new, and after 1 to 1,000 changes; the site with a page
for every resource, and the site again after the same; the memory of all that. Prints one table, with the goals.
"""

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.adapters.persistence.estate.recorder import SqlEstateRecorder
from datacenter_docs.bootstrap import House, open_house, read_settings, settle_memory
from datacenter_docs.domain.observed import NAME, PARENT, FactValue, Reading
from datacenter_docs.domain.sightings import Sighting
from datacenter_docs.domain.surveys import Counts, Coverage, CoverageState
from datacenter_docs.ports.publishing import Format

CHANGES = (0, 1, 10, 100, 1_000)
BUNCH = 2_000
PLATFORMS = {"vc": "vmware", "lan": "network"}


def things(size: int) -> Iterator[Sighting]:
    """A twentieth hosts, a fiftieth datastores, a fifth interfaces of devices with 48 of them, and machines."""
    hosts, stores, ports = max(1, size // 20), max(1, size // 50), size // 5
    devices = max(1, ports // 48)
    for n in range(hosts):
        yield thing(f"vmware:vc:host:host-{n}", f"esx-{n}", {"memory_usage_ratio": n % 100 / 100}, cpu_cores=32, memory_total_bytes=2**39, connection_state="connected", model="R-2280", software="8.0.3", addresses=[f"10.0.{n // 250}.{n % 250}"], port_names=["vmnic0", "vmnic1"])  # fmt: skip
    for n in range(stores):
        yield thing(f"vmware:vc:datastore:ds-{n}", f"vmfs-{n}", {"usage_ratio": n % 100 / 100, "free_bytes": 10**11}, size_bytes=10**12, accessible=True)  # fmt: skip
    for n in range(devices):
        yield thing(f"network:lan:device:sw{n}", f"sw{n}", model="ts-4808", software="4.1", serial_number=f"S{n:08}", driver="linux")  # fmt: skip
    for n in range(ports):
        device, port = n // 48 % devices, n % 48
        yield thing(f"network:lan:interface:sw{device}/eth{n // 48 // devices}-{port}", f"sw{device} eth{port}", parent=f"network:lan:device:sw{device}", admin_state="up", oper_state="up", mac=f"02:00:{n >> 24 & 255:02x}:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:{n & 255:02x}", speed_mbps=10_000, mtu_bytes=1_500, addresses=[])  # fmt: skip
    for n in range(size - hosts - stores - devices - ports):
        yield machine(n, hosts, stores)


def machine(n: int, hosts: int, stores: int, memory: int = 4_096) -> Sighting:
    """A virtual machine, with twenty facts."""
    host = f"vmware:vc:host:host-{n % hosts}"
    measured: dict[str, FactValue] = {"cpu_usage_ratio": n % 97 / 100, "storage_used_bytes": n * 10**6, "uptime_seconds": n}  # fmt: skip
    return thing(f"vmware:vc:vm:vm-{n}", f"app-{n:06}", measured, parent=host, host_id=host, datastore_ids=[f"vmware:vc:datastore:ds-{n % stores}"], power_state="on" if n % 7 else "off", cpu_count=4, memory_mib=memory, guest_os="Debian 12", addresses=[f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"], mac_addresses=[f"00:50:56:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:{n & 255:02x}"], instance_uuid=f"{n:032x}", bios_uuid=f"{n + 10**9:032x}", tools_status="ok", hardware_version="vmx-21", template=False, annotation=f"owner of {n}")  # fmt: skip


def thing(
    resource_id: str,
    name: str,
    measured: dict[str, FactValue] | None = None,
    *,
    parent: str | None = None,
    **stated: FactValue,
) -> Sighting:
    """One resource, as if a call had just shown it."""
    connection = resource_id.split(":")[1]
    digest = sha256(f"{connection} {len(resource_id)}".encode()).hexdigest()
    reading = Reading(connection, "list", {"kind": resource_id.split(":")[2]}, datetime.now(UTC), digest)  # fmt: skip
    return Sighting(resource_id, {NAME: name, PARENT: parent, **stated}, measured or {}, reading)


async def survey(recorder: SqlEstateRecorder, seen: Iterator[Sighting]) -> None:
    """Record what was seen as a survey of all connections, in which nothing is gone."""
    now = SystemClock().now()
    number = (await recorder.begin(sorted(PLATFORMS), "benchmark", now)).survey.number
    while bunch := list(islice(seen, BUNCH)):
        await recorder.record(number, bunch, now)
    for connection, platform in PLATFORMS.items():
        await recorder.cover(Coverage(survey=number, connection=connection, platform=platform, state=CoverageState.COMPLETE, started_at=now, finished_at=now, read_at=None, counts=Counts()))  # fmt: skip
    await recorder.finish(number, SystemClock().now())


async def measure(size: int, folder: Path) -> None:
    """One size, in a process of its own, so that its memory is its own."""
    settings = read_settings(data_dir=folder)
    hosts, stores = max(1, size // 20), max(1, size // 50)
    database = open_database(settings.url)
    recorder = SqlEstateRecorder(database)
    await survey(recorder, things(size))
    async with open_house(settings, works=False) as house:
        settle_memory()
        goal = "under 20 s together, at 10,000"
        say(size, "sections, the first time", await timed(house.documenting.refresh()), goal)
        say(size, "site, a page for each", await timed(publish(house, folder)), goal)
        for changes in CHANGES:
            await survey(recorder, (machine(n, hosts, stores, 8_192 + changes) for n in range(changes)))  # fmt: skip
            goal = "" if changes else "under 1 s"
            say(size, f"sections after {changes} changes", await timed(house.documenting.refresh()), goal)  # fmt: skip
            say(size, f"site after {changes} changes", await timed(publish(house, folder)), goal)
    database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    sys.stdout.write(f"{size:>8,}  {'memory at its highest':<32} {peak:>8.0f} MB  under 1,024 MB at 100,000\n")  # fmt: skip


async def publish(house: House, folder: Path) -> None:
    """The site, into the same folder each time."""
    await house.publishing.publish(Format.SITE, folder / "site", lambda done, of: None)


async def timed(work: object) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    await work  # type: ignore[misc]
    return time.perf_counter() - began


def say(size: int, what: str, seconds: float, goal: str) -> None:
    """One line of the table."""
    sys.stdout.write(f"{size:>8,}  {what:<32} {seconds:>8.2f} s   {goal}\n")
    sys.stdout.flush()


def main() -> None:
    """All sizes, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here is not None:
        asyncio.run(measure(given.sizes[0], given.here))
        return
    for size in given.sizes:
        with tempfile.TemporaryDirectory(prefix="documents-") as folder:
            words = ["-m", "benchmarks.speed.documents", "--sizes", str(size), "--here", folder]
            subprocess.run([sys.executable, *words], check=True, env=dict(os.environ))


if __name__ == "__main__":
    main()
