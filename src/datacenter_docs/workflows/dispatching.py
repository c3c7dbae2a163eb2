"""Carries what the services stored into the workflows: new tickets, and people's answers.

The ticket row and the grant row are the outbox: they are durable before anybody was told, and starting a workflow or
sending a message twice under the same id does nothing. So a crash between the two loses nothing and doubles nothing.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Sequence

import structlog
from dbos import DBOS, SetWorkflowID
from dbos import error as dbos_error
from sqlalchemy.exc import SQLAlchemyError

from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.grants import Grant, GrantKind
from datacenter_docs.ports.grants import GrantStore
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.workflows.ticket import GRANT_TOPIC, Workflows

POLL_SECONDS = 0.5
"""How often to look for work that another process stored; work of this process rings the bell."""
BATCH = 64
RETRY_SECONDS = 2.0
TROUBLE = (DatacenterDocsError, dbos_error.DBOSException, SQLAlchemyError)
"""What our database or that of DBOS may raise while it is away."""

log = structlog.get_logger(__name__)


class Dispatching:
    """The loop between the outbox and DBOS. `bell` is rung by whoever stores work in this process."""

    def __init__(
        self, cases: CaseStore, grants: GrantStore, workflows: Workflows, bell: asyncio.Event
    ) -> None:
        self._cases = cases
        self._grants = grants
        self._workflows = workflows
        self._bell = bell

    async def run(self) -> None:
        """Until cancelled. A database that does not answer is asked again."""
        while True:
            self._bell.clear()
            try:
                busy = await self._tickets() | await self._answers()
            except TROUBLE as error:
                log.warning("outbox_unavailable", error=str(error))
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if not busy:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._bell.wait()

    async def _tickets(self) -> bool:
        waiting = await self._cases.undelivered(BATCH)
        await _all([self._start(ticket_id) for ticket_id in waiting])
        if waiting:
            await self._cases.mark_delivered(waiting)
        return len(waiting) == BATCH

    async def _answers(self) -> bool:
        waiting = await self._grants.undelivered(BATCH)
        await _all([self._deliver(grant) for grant in waiting])
        if waiting:
            await self._grants.mark_delivered([grant.grant_id for grant in waiting])
        return len(waiting) == BATCH

    async def _start(self, ticket_id: str) -> None:
        with SetWorkflowID(ticket_id):
            await DBOS.start_workflow_async(self._workflows.ticket, ticket_id)

    async def _deliver(self, grant: Grant) -> None:
        if grant.kind is GrantKind.APPROVAL:
            await DBOS.send_async(
                grant.ticket_id, grant.grant_id, GRANT_TOPIC, idempotency_key=grant.grant_id
            )
            return
        with SetWorkflowID(f"{grant.ticket_id}/run/{grant.grant_id}"):
            await DBOS.start_workflow_async(
                self._workflows.granted, grant.ticket_id, grant.grant_id
            )


async def _all(work: Sequence[Awaitable[None]]) -> None:
    """Side by side, so that their commits are shared."""
    await asyncio.gather(*work)
