"""How long a listing of RBD images takes, beside `rbd ls -l --format json`, in turn in one run on a real Ceph.

Run: `python -m benchmarks.speed.ceph [--images 1000] [--snapshots 100] [--rounds 3]`, as root. `rbd ls -l` does not tell
what an image uses, which the room asks for besides, nor when a snapshot was taken, for which it asks each image that has
any. So there are two measurements: with no snapshots, and with one on so many images. No goal was set.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

from tests.peers import ceph, slots
from tests.peers.ceph import Ceph
from tests.peers.slots import PeerMissingError

from datacenter_mcp.storage.room import open_storage

POOL = "crowd"
PREFIX = "many-"


async def taken(read: Callable[[], Awaitable[int]], images: int) -> float:
    """Seconds of one read, which has to be complete."""
    begun = time.perf_counter()
    count = await read()
    seconds = time.perf_counter() - begun
    assert count == images, f"{count} of {images} images"
    return seconds


async def measure(lab: Ceph, images: int, rounds: int) -> tuple[float, float]:
    """The median seconds of the bare command and of the room."""
    room = open_storage("lab", lab.settings("reader", command_timeout_seconds=300))

    async def bare() -> int:
        text = await asyncio.to_thread(lab.rbd, "ls", "-l", "--format", "json", POOL)
        return text.count('"image"') - text.count('"snapshot"')

    async def ours() -> int:
        listing = await room.list_resources("volume", f"storage:lab:pool:ceph1/{POOL}")
        return len(listing.resources)

    found: dict[str, list[float]] = {"bare": [], "ours": []}
    for _ in range(rounds):
        found["bare"].append(await taken(bare, images))
        found["ours"].append(await taken(ours, images))
    await room.close()
    return statistics.median(found["bare"]), statistics.median(found["ours"])


def show(label: str, bare: float, ours: float) -> None:
    """One line."""
    print(f"{label}: rbd ls -l {bare:.2f} s, the room {ours:.2f} s, {ours / bare:.1f} times")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=1_000)
    parser.add_argument("--snapshots", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    try:
        lab = ceph.start(slots.me())
    except PeerMissingError as error:
        print(f"not measured: {error}", file=sys.stderr)
        return
    try:
        with lab.pool_made(POOL):
            lab.run_hands("crowd", POOL, PREFIX, str(asked.images))
            plain = asyncio.run(measure(lab, asked.images, asked.rounds))
            show(f"{asked.images} images", *plain)
            lab.run_hands("remember", POOL, PREFIX, str(asked.snapshots))
            dated = asyncio.run(measure(lab, asked.images, asked.rounds))
            show(f"{asked.images} images, {asked.snapshots} of them with a snapshot", *dated)
    finally:
        ceph.stop(lab)


if __name__ == "__main__":
    main()
