"""Reads, in threads of their own: read-only transactions, each a consistent view that never waits for writers.

What waits at the same time shares a transaction, so a batch is only for reads that are quick; what is asked for twice in
one is read once. A read that took longer all the same ends its batch; the ones behind it go on in another.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from datacenter_docs.adapters.persistence.engine import reading_engine
from datacenter_docs.adapters.persistence.failures import translated
from datacenter_docs.adapters.persistence.lane import Answered, Job, Lane

T = TypeVar("T")

_PATIENCE_SECONDS = 0.005
"""A batch that lasted longer ends after the read that it is at."""


class Readers:
    """`threads` batches of reads at once, the others wait; each thread has a connection. `batch`: most reads of a batch."""

    def __init__(self, url: str, *, threads: int, batch: int = 1) -> None:
        self._engine = reading_engine(url, threads)
        self._lane = Lane("database-reader", self._perform, threads=threads, limit=batch)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a thread. Raises what it raises, and `Unavailable` when the database does not answer."""
        answer: T = await self._lane.ask(work)
        return answer

    def close(self) -> None:
        """Wait for running reads, then let the connections go."""
        self._lane.close()
        self._engine.dispose()

    def _perform(self, jobs: Sequence[Job]) -> Answered:
        """Answer the jobs in order, until one took long or the database failed; the others are put back."""
        try:
            with self._engine.connect() as connection:
                answered = list(_until_slow(connection, jobs))
        except Exception as error:  # noqa: BLE001 - a thread that ended would leave its callers waiting
            answered = [(jobs[0], translated(error))]
        self._lane.put(jobs[len(answered) :])
        return answered


def _until_slow(connection: Connection, jobs: Sequence[Job]) -> Iterator[tuple[Job, Any]]:
    begun = time.monotonic()
    read: dict[Any, Any] = {}
    for job in jobs:
        try:
            if job.work not in read:
                read[job.work] = job.work(connection)
            yield job, read[job.work]
        except (SQLAlchemyError, UnicodeEncodeError) as error:
            yield job, translated(error)
            return  # PostgreSQL answers nothing more in this transaction
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the caller that waits
            yield job, error
        if time.monotonic() - begun > _PATIENCE_SECONDS:
            return
