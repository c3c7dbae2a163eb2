"""What one durable ticket costs, beside a bare loop that appends the same bytes to a file and syncs it.

    python -m benchmarks.speed.receive [--tickets 20000] [--url sqlite:////tmp/x.db]

Both in one run, because disks differ. `wall` is per ticket with so many callers at once, each waiting for its own
commit; `cpu` is the whole process, so it includes making the ticket and waking its caller.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.adapters.persistence.tickets import SqlCaseStore
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.tickets import Ticket, TicketRequest, TicketState

DESCRIPTION = "The link between r1 and r2 is down since this morning. " * 6
BARE_SYNCS = 500
CALLERS = (1, 16, 64, 256)


def bare_append(path: Path) -> float:
    """Seconds per append of one description with its own fsync."""
    content = DESCRIPTION.encode()
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    begun = time.perf_counter()
    for _ in range(BARE_SYNCS):
        os.write(descriptor, content)
        os.fsync(descriptor)
    seconds = time.perf_counter() - begun
    os.close(descriptor)
    return seconds / BARE_SYNCS


async def receive(cases: SqlCaseStore, clock: SystemClock, ticket_id: str) -> None:
    now = clock.now()
    request = TicketRequest(ticket_id=ticket_id, description=DESCRIPTION, category="network")
    ticket = Ticket(request=request, state=TicketState.RECEIVED, received_at=now, updated_at=now)
    body = {"category": request.category, "requester": request.requester}
    entry = Entry(kind=EntryKind.TICKET_RECEIVED, at=now, ticket_id=ticket_id, body=body)
    await cases.receive(ticket, entry)


async def measure(
    cases: SqlCaseStore, clock: SystemClock, callers: int, tickets: int
) -> tuple[float, float]:
    """Seconds of wall clock and of CPU per ticket."""
    ids: Iterator[str] = iter([f"INC-{callers}-{number}" for number in range(tickets)])

    async def caller() -> None:
        for ticket_id in ids:
            await receive(cases, clock, ticket_id)

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return (time.perf_counter() - wall) / tickets, (time.process_time() - cpu) / tickets


async def main(url: str, tickets: int, bare_file: Path) -> None:
    clock = SystemClock()
    database = open_database(url)
    cases = SqlCaseStore(database)
    print(f"bare append and fsync   {bare_append(bare_file) * 1e6:>8.0f} µs")
    for callers in CALLERS:
        wall, cpu = await measure(cases, clock, callers, min(tickets, 1_000 * callers))
        print(
            f"{callers:>4} callers at once    {wall * 1e6:>8.0f} µs wall {cpu * 1e6:>8.0f} µs cpu per ticket"
        )
    database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=20_000)
    parser.add_argument("--url")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        chosen = arguments.url or f"sqlite:///{place / 'tickets.db'}"
        asyncio.run(main(chosen, arguments.tickets, place / "bare"))
