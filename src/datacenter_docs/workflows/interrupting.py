"""Ends long workflows before DBOS is shut down, which would otherwise find itself gone and say so at length.

A workflow that is interrupted has not failed: nothing is recorded of it, and it goes on when its worker starts again.
"""

import asyncio
import contextlib
import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

Workflow = Callable[..., Awaitable[Any]]


class Interrupting:
    """The workflows of this event loop that may be interrupted."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def interruptible(self, workflow: Workflow) -> Workflow:
        """The same workflow, known while it runs."""

        @functools.wraps(workflow)
        async def known(*arguments: Any) -> Any:
            task = cast("asyncio.Task[Any]", asyncio.current_task())
            self._running.add(task)
            try:
                return await workflow(*arguments)
            finally:
                self._running.discard(task)

        return known

    @contextlib.asynccontextmanager
    async def until_closed(self) -> AsyncIterator[None]:
        """At its end nothing of them runs any more."""
        try:
            yield
        finally:
            logging.getLogger("dbos").setLevel(
                logging.ERROR
            )  # it warns of everything that is cancelled
            here = asyncio.get_running_loop()
            tasks = [task for task in self._running if task.get_loop() is here]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
