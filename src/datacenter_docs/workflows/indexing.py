"""Keeps the index of the search, and what is learned from words, in step, beside everything else that a worker does."""

import asyncio
from typing import Protocol

import structlog

from datacenter_docs.domain.errors import DatacenterDocsError

REST_SECONDS = 1.0
"""How long to wait after there was nothing to do: so much later a ticket may be found."""
RETRY_SECONDS = 10.0

log = structlog.get_logger(__name__)


class Follows(Protocol):
    """Something that follows what happens."""

    async def follow(self) -> bool:
        """Take in what happened since the last time, or a part of it. Whether to go on at once."""
        ...


async def indexing(work: Follows) -> None:
    """Until cancelled. What fails is tried again: nothing is lost, it is only found later."""
    while True:
        try:
            busy = await work.follow()
        except DatacenterDocsError as error:
            log.warning("indexing_failed", error=error.message)
            await asyncio.sleep(RETRY_SECONDS)
            continue
        if not busy:
            await asyncio.sleep(REST_SECONDS)
