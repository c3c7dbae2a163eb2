"""The single writer of a process: everything that queued while the last commit ran shares the next one (group commit).

An fsync costs far more than a few inserts, so one commit per request would cap the whole product at the disk's pace.
There is no artificial delay: a lonely write is committed at once. Called by the stores only.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from datacenter_docs.adapters.persistence.failures import translated
from datacenter_docs.domain.errors import DatacenterDocsError, Unavailable

T = TypeVar("T")
Item = TypeVar("Item")
SharedWork = Callable[[Connection, Sequence[Item]], Sequence[T | DatacenterDocsError]]
"""Does many items at once and answers in their order. An error among the answers fails its own caller only."""

_BATCH_LIMIT = 1_000


@dataclass(slots=True, eq=False)
class _Job:
    """One caller's wish and where it waits."""

    work: SharedWork[Any, Any]
    item: Any
    future: "asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop


class _DatabaseFailed(Exception):
    """No transaction could begin or commit. The work is not to blame, so nothing of it is tried again."""


class Writer:
    """One thread, one connection, one transaction per batch. May be used from any number of event loops.

    Work must touch nothing but the connection: when one callable of a batch raises, all are rolled back and run again,
    each in its own transaction.
    """

    def __init__(self, engine: Engine, batch_limit: int = _BATCH_LIMIT) -> None:
        self._engine = engine
        self._batch_limit = batch_limit
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="database-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a write transaction; durable when this returns.

        Raises what `work` raises, and `Unavailable` when the database does not take it. After a commit that failed for
        a lost connection nobody can know whether it is there, so it is never tried again here.
        """
        return await self.share(_one_by_one, work)

    async def share(self, work: SharedWork[Item, T], item: Item) -> T:
        """Like `run`, but items that wait for the same `work` are handed to it together, for bulk statements."""
        loop = asyncio.get_running_loop()
        job = _Job(work, item, loop.create_future(), loop)
        with self._gate:
            if self._closed:
                raise Unavailable("The database is closed: this process is shutting down.")
            self._queue.put(job)
        answer: T = await job.future
        return answer

    def close(self) -> None:
        """Finish what is queued, then stop. Twice is fine."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _serve(self) -> None:
        while batch := self._next_batch():
            _answer(zip(batch, self._write(batch), strict=True))

    def _next_batch(self) -> list[_Job]:
        """What is queued now, at least one job; empty only after `close`."""
        batch: list[_Job] = []
        job = self._queue.get()
        while job is not None:
            batch.append(job)
            if len(batch) == self._batch_limit:
                return batch
            try:
                job = self._queue.get_nowait()
            except Empty:
                return batch
        if batch:
            self._queue.put(None)  # the end is seen again after this last batch
        return batch

    def _write(self, jobs: list[_Job]) -> list[Any]:
        """The answers in order; an exception among them is for its caller."""
        try:
            return self._transaction(jobs)
        except _DatabaseFailed as signal:
            return [signal.__cause__] * len(jobs)
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the caller that waits
            return [translated(error)] if len(jobs) == 1 else self._write_apart(jobs)

    def _write_apart(self, jobs: list[_Job]) -> list[Any]:
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

    def _transaction(self, jobs: list[_Job]) -> list[Any]:
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


def _work(connection: Connection, jobs: list[_Job]) -> list[Any]:
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


def _answer(answered: Iterable[tuple[_Job, Any]]) -> None:
    """Wake the callers, each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for job, answer in answered:
        by_loop.setdefault(job.loop, []).append((job.future, answer))
    for loop, answers in by_loop.items():
        with suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_resolve, answers)


def _resolve(answers: Iterable[tuple["asyncio.Future[Any]", Any]]) -> None:
    for future, answer in answers:
        if future.done():  # the caller was cancelled
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
