"""Reads, in threads of their own, each in its own read-only transaction: a consistent view that never waits for writers."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection

from datacenter_docs.adapters.persistence.engine import reading_engine
from datacenter_docs.adapters.persistence.failures import translating

T = TypeVar("T")


class Readers:
    """`threads` reads at once, the others wait; each thread has a connection."""

    def __init__(self, url: str, threads: int) -> None:
        self._engine = reading_engine(url, threads)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="database-reader")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a thread. Raises what it raises, and `Unavailable` when the database does not answer."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, work)

    def _read(self, work: Callable[[Connection], T]) -> T:
        with translating(), self._engine.connect() as connection, connection.begin():
            return work(connection)

    def close(self) -> None:
        """Wait for running reads, then let the connections go."""
        self._threads.shutdown()
        self._engine.dispose()
