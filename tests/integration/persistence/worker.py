"""A process of its own that uses a database, for tests with several writers and for tests that kill one.

`worker.py append|reserve|lock URL COUNT`: says `ready`, waits for a line, then prints one line per success.
"""

import asyncio
import os
import sys
from pathlib import Path

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.samples import an_entry
from tests.fakes.storage import Storage
from tests.peers.databases import opened
from tests.peers.stores import sql_storage

from datacenter_docs.ports.guards import RateLimit

AT_ONCE = 8
LIMIT = RateLimit("global", 30)


async def append(storage: Storage, number: int) -> str:
    """Append one record; its `seq`."""
    [record] = await storage.journal.append([an_entry(number=number, process=os.getpid())])
    return str(record.seq)


async def reserve(storage: Storage, number: int) -> str | None:
    """Reserve one action of this process; its number, or None when the limit is reached."""
    action_id = f"{os.getpid()}/{number}"
    refusal = await storage.limiter.reserve([action_id], [LIMIT], at=NOON)
    return action_id if refusal is None else None


async def lock(storage: Storage, number: int) -> str | None:
    """Take a pair of resources; the number of the pair, or None when another process has one of them."""
    pair = [f"r-{number}", f"r-{number + 1}"]
    others = await storage.locks.acquire(pair, holder=f"{os.getpid()}/{number}", at=NOON)
    return str(number) if not others else None


def say(line: str) -> None:
    """Tell the test at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(work: str, url: str, count: int) -> None:
    """Do the work `count` times, a few at once."""
    do = {"append": append, "reserve": reserve, "lock": lock}[work]
    with opened(url) as database:
        storage = sql_storage(database, Path(os.devnull), FakeClock())
        say("ready")
        sys.stdin.readline()
        for start in range(0, count, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, count))
            for done in await asyncio.gather(*(do(storage, number) for number in numbers)):
                if done is not None:
                    say(done)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
