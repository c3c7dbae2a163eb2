"""Makes many pages at once, in as many processes as there are processors; few of them are made where they are asked for.

Called by `site.py`. A page takes two milliseconds and a large estate has a hundred thousand of them, while everything
else that is done for it (reading, describing) takes another processor's time already.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self

from datacenter_docs.adapters.memory import settle_memory
from datacenter_docs.adapters.publishing import pages
from datacenter_docs.adapters.publishing.pages import Frame, Leaf
from datacenter_docs.domain.errors import Unavailable

WORTH_IT = 1_000
"""Pages from which on other processes are started, which takes half a second."""
PORTION = 50
"""Pages that a process is handed at once."""
MOST = 8
"""Processes: more of them wait for whoever describes what they make."""


class Crew:
    """A context in which pages are made. `expected`: how many, about."""

    def __init__(self, frame: Frame, expected: int) -> None:
        self._frame = frame
        processors = len(os.sched_getaffinity(0))
        alone = expected < WORTH_IT or processors == 1
        self._pool = None if alone else _pool(frame, min(processors, MOST))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def pages(self, leaves: Sequence[Leaf]) -> Sequence[str]:
        """The pages, in order. Raises `Unavailable` when a process was ended from outside."""
        if self._pool is None:
            return await asyncio.to_thread(_made, self._frame, leaves)
        loop = asyncio.get_running_loop()
        portions = [leaves[n : n + PORTION] for n in range(0, len(leaves), PORTION)]
        try:
            made = await asyncio.gather(
                *(loop.run_in_executor(self._pool, _portion, one) for one in portions)
            )
        except BrokenProcessPool as error:
            raise Unavailable(
                "A process that made pages was ended, perhaps for want of memory. "
                "Run the same command again to finish."
            ) from error
        return [text for portion in made for text in portion]


def _pool(frame: Frame, processes: int) -> ProcessPoolExecutor:
    """Started afresh and not forked: this process has threads and connections of its own."""
    fresh = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, fresh, _begin, (frame,))


_frames: list[Frame] = []
"""The one frame of a process of the pool."""


def _begin(frame: Frame) -> None:
    """A Ctrl-C is for the process that asked; it ends the pool."""
    settle_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _frames[:] = [frame]


def _portion(leaves: Sequence[Leaf]) -> Sequence[str]:
    return _made(_frames[0], leaves)


def _made(frame: Frame, leaves: Sequence[Leaf]) -> Sequence[str]:
    return [pages.page(frame, leaf) for leaf in leaves]
