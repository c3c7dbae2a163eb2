"""The single writer of a process: everything that queued while the last commit ran shares the next one (group commit).

An fsync costs far more than a few inserts, so one commit per request would cap the whole product at the disk's pace.
A lonely write is committed at once. Where writes share commits the next one waits a moment for more of them, about as long
as the disk takes for one, as PostgreSQL does by `commit_delay`. Called by the stores only.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from datacenter_docs.adapters.persistence.failures import translated
from datacenter_docs.adapters.persistence.lane import Answered, Job, Lane
from datacenter_docs.domain.errors import DatacenterDocsError

T = TypeVar("T")
Item = TypeVar("Item")
SharedWork = Callable[[Connection, Sequence[Item]], Sequence[T | DatacenterDocsError]]
"""Does many items at once and answers in their order. An error among the answers fails its own caller only."""

_BATCH_LIMIT = 1_000
_COMPANY_SECONDS = 0.004


class _DatabaseFailed(Exception):
    """No transaction could begin or commit. The work is not to blame, so nothing of it is tried again."""


class Writer:
    """One thread, one connection, one transaction per batch. May be used from any number of event loops.

    Work must touch nothing but the connection: when one callable of a batch raises, all are rolled back and run again,
    each in its own transaction.
    """

    def __init__(self, engine: Engine, batch_limit: int = _BATCH_LIMIT) -> None:
        self._engine = engine
        self._lane = Lane(
            "database-writer",
            self._perform,
            threads=1,
            limit=batch_limit,
            company_seconds=_COMPANY_SECONDS,
        )

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a write transaction; durable when this returns.

        Raises what `work` raises, and `Unavailable` when the database does not take it. After a commit that failed for
        a lost connection nobody can know whether it is there, so it is never tried again here.
        """
        return await self.share(_one_by_one, work)

    async def share(self, work: SharedWork[Item, T], item: Item) -> T:
        """Like `run`, but items that wait for the same `work` are handed to it together, for bulk statements."""
        answer: T = await self._lane.ask(work, item)
        return answer

    def close(self) -> None:
        """Finish what is queued, then stop. Twice is fine."""
        self._lane.close()

    def _perform(self, jobs: Sequence[Job]) -> Answered:
        return zip(jobs, self._write(jobs), strict=True)

    def _write(self, jobs: Sequence[Job]) -> list[Any]:
        """The answers in order; an exception among them is for its caller."""
        try:
            return self._transaction(jobs)
        except _DatabaseFailed as signal:
            return [signal.__cause__] * len(jobs)
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the caller that waits
            return [translated(error)] if len(jobs) == 1 else self._write_apart(jobs)

    def _write_apart(self, jobs: Sequence[Job]) -> list[Any]:
        """Each job in its own transaction, until the database itself fails."""
        answers: list[Any] = []
        for job in jobs:
            try:
                answers += self._transaction([job])
            except _DatabaseFailed as signal:
                return answers + [signal.__cause__] * (len(jobs) - len(answers))
            except Exception as error:  # noqa: BLE001 - as above
                answers.append(translated(error))
        return answers

    def _transaction(self, jobs: Sequence[Job]) -> list[Any]:
        """All jobs in one commit, durable when this returns."""
        with _signalling():
            connection = self._engine.connect()
        with connection:
            with _signalling():
                connection.begin()
            answers = _work(connection, jobs)
            with _signalling():
                connection.commit()
        return answers


@contextmanager
def _signalling() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise _DatabaseFailed from translated(error)


def _work(connection: Connection, jobs: Sequence[Job]) -> list[Any]:
    """Run the jobs, those with the same work in one call. Jobs of a batch never waited for each other: any order is right."""
    places: dict[SharedWork[Any, Any], list[int]] = {}
    for place, job in enumerate(jobs):
        places.setdefault(job.work, []).append(place)
    answers: list[Any] = [None] * len(jobs)
    for work, shared in places.items():
        results = work(connection, [jobs[place].item for place in shared])
        for place, result in zip(shared, results, strict=True):
            answers[place] = result
    return answers


def _one_by_one(connection: Connection, works: Sequence[Callable[[Connection], T]]) -> list[T]:
    return [work(connection) for work in works]
