"""How fast many devices are read: `python -m benchmarks.speed.network [DEVICES] [DRIVER]`, in namespaces, as root.

`DRIVER` is `linux` or `frr` (zebra, bgpd and ospfd each); both where none is named. Each device has its own SSH server behind one bridge, as devices behind a management network. Side by side in one run: all
kinds of all devices through the room, logins included, at the default concurrency, with all devices at once, and one
device after the other.
"""

import asyncio
import os
import sys
import time
from typing import Any

from tests.peers import herd, slots
from tests.peers.netlab import PASSWORD

from datacenter_mcp.network.room import open_network

DEVICES = 50
GOAL_SECONDS = 10.0


async def everything(settings: dict[str, Any]) -> tuple[float, str]:
    """Seconds of reading everything through a fresh room, and what came of it."""
    room = open_network("bench", settings)
    begun = time.perf_counter()
    listing = await room.list_resources(None, None)
    seconds = time.perf_counter() - begun
    await room.close()
    return seconds, f"{len(listing.resources)} resources, {len(listing.failures)} failures"


async def measure(settings: dict[str, Any], what: str) -> None:
    """The three ways, beside each other."""
    count = len(settings["devices"])
    usual, came = await everything(settings)
    wide, _ = await everything({**settings, "concurrency": min(count, 256)})
    single, _ = await everything({**settings, "concurrency": 1})
    print(f"{count} {what} devices, 16 at a time (the default): {usual:.1f} s for {came} "
          f"(goal < {GOAL_SECONDS:.0f} s for {DEVICES})")  # fmt: skip
    print(
        f"all at once: {wide:.1f} s; one after the other: {single:.1f} s, {single / usual:.1f} x the default"
    )


def run(count: int, driver: str) -> None:
    """Start the devices, measure, and remove them."""
    try:
        devices = herd.start(slots.me(), count, driver)
    except slots.PeerMissingError as error:
        print(f"not measured: {error}")
        return
    try:
        asyncio.run(measure(devices.settings(), driver))
    finally:
        herd.stop(devices)


def main() -> None:
    os.environ["LAB_PASSWORD"] = PASSWORD
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DEVICES
    for driver in sys.argv[2:] or ("linux", "frr"):
        run(count, driver)


if __name__ == "__main__":
    main()
