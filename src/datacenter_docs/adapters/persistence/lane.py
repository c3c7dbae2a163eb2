"""A queue of wishes with threads that take all that wait at once, so that many callers share one transaction.

Going to a thread and back costs more than a small statement; here it is paid once per batch. The writer has one
thread (`writer.py`), the readers have a few (`readers.py`). There is no artificial delay: a lonely wish runs at once.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from datacenter_docs.domain.errors import Unavailable


@dataclass(slots=True, eq=False)
class Job:
    """One caller's wish and where it waits. What `work` and `item` are is the owner's business."""

    work: Any
    item: Any
    future: "asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop


Answered = Iterable[tuple[Job, Any]]
Perform = Callable[[Sequence[Job]], Answered]
"""Runs a batch; each job that it answers with its answer. An exception is raised to whoever waits for that job."""


class Lane:
    """Threads that run `perform` on batches of at most `limit` jobs. May be used from any number of event loops."""

    def __init__(self, name: str, perform: Perform, *, threads: int, limit: int) -> None:
        self._perform = perform
        self._limit = limit
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._turns: dict[asyncio.AbstractEventLoop, list[Job]] = {}
        self._gate = threading.Lock()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"{name}-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    async def ask(self, work: Any, item: Any = None) -> Any:
        """Queue a job and wait for its answer. Raises `Unavailable` once the lane is closed."""
        loop = asyncio.get_running_loop()
        job = Job(work, item, loop.create_future(), loop)
        with self._gate:
            if self._closed:
                raise Unavailable("The database is closed: this process is shutting down.")
            if loop not in self._turns:
                self._turns[loop] = []
                loop.call_soon(self._send, loop)
            self._turns[loop].append(job)
        return await job.future

    def _send(self, loop: asyncio.AbstractEventLoop) -> None:
        """What was asked for in one turn of a loop goes together: a thread that the first woke would take only that."""
        with self._gate:
            self.put(self._turns.pop(loop, ()))

    def put(self, jobs: Iterable[Job]) -> None:
        """Let the next batches have these."""
        for job in jobs:
            self._queue.put(job)

    def close(self) -> None:
        """Finish what is queued, then stop. Twice is fine."""
        with self._gate:
            if not self._closed:
                self._closed = True
                for jobs in self._turns.values():
                    self.put(jobs)
                self._turns.clear()
                self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while batch := self._next_batch():
            _wake(self._perform(batch))

    def _next_batch(self) -> list[Job]:
        """What is queued now, at least one job; empty only after `close`."""
        batch: list[Job] = []
        job = self._queue.get()
        time.sleep(0)  # whoever is ready to ask queues first; no delay where nobody is
        while True:
            if job is not None:
                batch.append(job)
            elif self._is_the_end(batch):
                break
            if len(batch) == self._limit:
                break
            try:
                job = self._queue.get_nowait() if batch else self._queue.get()
            except Empty:
                break
        return batch

    def _is_the_end(self, batch: Sequence[Job]) -> bool:
        """The mark of the end was met: it stays in the queue for the other threads, behind what was put back after it."""
        self._queue.put(None)
        return bool(batch) or self._queue.qsize() == 1


def _wake(answered: Answered) -> None:
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
