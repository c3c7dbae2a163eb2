"""How fast the journal appends durably, and how fast a long one is verified.

    python -m benchmarks.speed.journal [--records 1000000] [--url sqlite:////tmp/x.db]

Appending is measured as the product does it: many callers at once, each waiting until its own record is durable.
For verifying, the journal is filled up in large batches first, which is not timed.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.persistence.anchors import AnchorFile
from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.adapters.persistence.journal import SqlJournal
from datacenter_docs.domain.audit import Entry, EntryKind

CALLERS = 256
APPENDED = 20_000
FILLED_AT_ONCE = 10_000


def an_entry(clock: SystemClock, number: int) -> Entry:
    """A record of ordinary size."""
    body = {"operation": "enable_port", "target": f"network:lab:interface:r{number}/eth1"}
    return Entry(
        kind=EntryKind.ACTION_STARTED, at=clock.now(), ticket_id=f"INC-{number}", body=body
    )


async def append(journal: SqlJournal, clock: SystemClock) -> float:
    """Records per second, each durable before its caller goes on."""
    numbers = iter(range(APPENDED))

    async def caller() -> None:
        for number in numbers:
            await journal.append([an_entry(clock, number)])

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return APPENDED / (time.perf_counter() - begun)


async def fill(journal: SqlJournal, clock: SystemClock, records: int) -> None:
    """Append up to so many records in all."""
    for start in range(APPENDED, records, FILLED_AT_ONCE):
        end = min(start + FILLED_AT_ONCE, records)
        await journal.append([an_entry(clock, number) for number in range(start, end)])


async def main(url: str, records: int, anchors: Path) -> None:
    clock = SystemClock()
    database = open_database(url)
    journal = SqlJournal(database, AnchorFile(anchors), clock)
    print(f"append  {await append(journal, clock):>10,.0f} durable records/s, {CALLERS} callers")
    await fill(journal, clock, records)
    await journal.anchor()
    begun = time.perf_counter()
    report = await journal.verify()
    seconds = time.perf_counter() - begun
    print(f"verify  {seconds:>10.2f} s for {report.records:,} records, ok: {report.ok}")
    database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--url")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        chosen = arguments.url or f"sqlite:///{place / 'journal.db'}"
        asyncio.run(main(chosen, arguments.records, place / "anchors"))
