"""What a word and an outcome cost on a large base: `python -m benchmarks.speed.learning [--tickets N] [--url URL]`.

A base of tickets of one category, a tenth of them of one pattern, each scored and closed, is written straight into the
tables; then feedback and outcomes go through the very stores of the product, one after the other. Each is durable, counted
and visible when its call returns. The goal: under 5 ms, of which a lone commit's fsync is the larger part.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from datacenter_docs.adapters.persistence.cases import new_row
from datacenter_docs.adapters.persistence.database import Database, open_database
from datacenter_docs.adapters.persistence.feedback import SqlFeedbackStore
from datacenter_docs.adapters.persistence.patterns import SqlPatternStore
from datacenter_docs.adapters.persistence.tables import tickets
from datacenter_docs.adapters.persistence.tickets import SqlCaseStore
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import CaseChange
from datacenter_docs.domain.feedback import Feedback, FeedbackRequest, FeedbackType
from datacenter_docs.domain.masking import masked
from datacenter_docs.domain.outcomes import Check, Verification
from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.domain.tickets import Ticket, TicketRequest, TicketState

BUNCH = 10_000
CALLS = 200
START = datetime(2026, 1, 1, tzinfo=UTC)
PASSED = Verification(checks=(Check(name="effect", wanted="up", seen="up", passed=True),))


def row(number: int) -> dict[str, object]:
    """A ticket of the past, as the tables hold it."""
    at = START + timedelta(seconds=number)
    request = TicketRequest(
        ticket_id=f"T-{number}", description="port is down", category="network"
    )
    made = new_row(
        Ticket(request=request, state=TicketState.RESOLVED, received_at=at, updated_at=at)
    )
    pattern = "pat-large" if number % 10 == 0 else f"pat-{number % 997}"
    return {**made, "state": "resolved", "pattern_id": pattern, "closed_at": at, "ai_confidence": 0.9, "overall_score": 90.0, "delivered": True}  # fmt: skip


async def filled(database: Database, count: int) -> None:
    """The base, and its large pattern counted."""
    patterns = SqlPatternStore(database)
    large = Pattern(pattern_id="pat-large", signature="large", category="network", key_terms=("down", "port"), first_seen_at=START, last_seen_at=START)  # fmt: skip
    await patterns.add(large, masked("port is down"))
    for begin in range(0, count, BUNCH):
        rows = [row(number) for number in range(begin, min(begin + BUNCH, count))]
        await database.writer.run(lambda c, rows=rows: c.execute(insert(tickets), rows))
    begun = time.perf_counter()
    counted = await patterns.refresh("pat-large")
    say(f"counting the pattern of {counted.occurrences:,} anew", [time.perf_counter() - begun], "")


async def measure(count: int, url: str) -> None:
    database = open_database(url)
    await filled(database, count)
    cases, words, patterns = SqlCaseStore(database), SqlFeedbackStore(database), SqlPatternStore(database)  # fmt: skip
    said, ended, bare = [], [], []
    for call in range(CALLS):
        ticket_id, at = f"T-{call * 10}", datetime.now(UTC)
        word = FeedbackRequest(ticket_id=ticket_id, feedback_type=FeedbackType.NEUTRAL, rating=4, author=f"p{call}")  # fmt: skip
        entry = Entry(kind=EntryKind.FEEDBACK_GIVEN, at=at, ticket_id=ticket_id)
        begun = time.perf_counter()
        await words.put(Feedback(feedback_id=f"F-{call}", request=word, given_at=at), entry)
        said.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        await cases.change(ticket_id, CaseChange(at=at, executed=True, verification=PASSED))
        ended.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        await database.writer.run(lambda c, n=call: c.exec_driver_sql(f"UPDATE patterns SET resolved = resolved + 0 WHERE pattern_id = 'x{n}'"))  # fmt: skip
        bare.append(time.perf_counter() - begun)
    large = await patterns.get("pat-large")
    assert (large.neutral, large.executions, large.executions_succeeded) == (CALLS,) * 3, large
    say("a word, stored and counted", said, "under 5 ms")
    say("an outcome, stored and counted", ended, "under 5 ms")
    say("a commit of the writer that changes nothing", bare, "")
    database.close()


def say(what: str, took: list[float], goal: str) -> None:
    took = sorted(took)
    middle, late = statistics.median(took), took[int(len(took) * 0.99)]
    sys.stdout.write(f"{what:<46} median {middle * 1e3:8.2f} ms  p99 {late * 1e3:8.2f} ms  {goal}\n")  # fmt: skip
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--url", help="another database than SQLite, empty")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.url or f"sqlite:///{Path(folder) / 'datacenter-docs.sqlite'}"
        asyncio.run(measure(given.tickets, url))


if __name__ == "__main__":
    main()
