"""Writes the journal's head outside the database again and again, so that a journal that was cut off shows."""

import asyncio

import structlog

from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.ports.journal import Journal

ANCHOR_SECONDS = 60.0

log = structlog.get_logger(__name__)


async def anchoring(journal: Journal) -> None:
    """Every minute, until cancelled."""
    while True:
        await asyncio.sleep(ANCHOR_SECONDS)
        try:
            await journal.anchor()
        except DatacenterDocsError as error:
            log.warning("anchor_failed", error=error.message)
