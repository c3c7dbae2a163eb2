"""What every durable step has in common: wait for what is temporary, and turn every failure into a value.

Services answer for sick platforms themselves, so `Unavailable` here is our own database. It is waited for without end:
a ticket whose end cannot be written has no end, and giving up would leave it half done with its locks held.

Across a step travel plain JSON values. A step that failed for good answers `{"error": sentence}`; the spine reads it
and takes the ticket to its honest end. This is one of the three doors where `except Exception` stands: a bug in one
ticket's step must end that ticket, not the worker.

A run that was taken over stops where it is, for good: had it an end, DBOS would record that as the end of the ticket,
which goes on elsewhere.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import structlog
from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential

from datacenter_docs.domain.errors import DatacenterDocsError, Superseded, Unavailable

Wire: TypeAlias = dict[str, Any]
"""What a step returns: plain JSON."""

MAX_WAIT_SECONDS = 15.0

log = structlog.get_logger(__name__)


async def guarded(name: str, subject: str, work: Callable[[], Awaitable[Wire]]) -> Wire:
    """Run the work of one step. `subject`: the ticket, or what else it is about, for the log. Only `Unavailable` is tried again, until it works."""
    retrying = AsyncRetrying(
        retry=retry_if_exception_type(Unavailable),
        wait=wait_random_exponential(multiplier=0.2, max=MAX_WAIT_SECONDS),
    )
    try:
        async for attempt in retrying:
            with attempt:
                return await work()
    except Superseded as error:
        log.warning("run_superseded", step=name, subject=subject, error=error.message)
        await asyncio.Event().wait()
    except DatacenterDocsError as error:
        log.warning("step_failed", step=name, subject=subject, error=error.message)
        return {"error": error.message}
    except Exception as error:
        log.exception("step_broke", step=name, subject=subject)
        return {
            "error": f"{name} broke: {type(error).__name__}. The log of the worker has the details."
        }
    raise AssertionError("unreachable: tenacity returns or raises, and nobody sets the event")
