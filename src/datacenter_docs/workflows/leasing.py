"""Failover: a worker stays by renewing its lease, and takes over what others left that did not.

DBOS continues a worker's workflows when one of the same name starts; here a survivor lets it enqueue them anew, and
whichever worker is free goes on. The right to do so is a row in our own database (`ports/leases.py`), so that two
survivors never do it at once. Only where several processes share a server: on PostgreSQL.
"""

import asyncio
from collections.abc import Callable, Sequence

import structlog
from dbos import DBOS

from datacenter_docs.domain.errors import Superseded
from datacenter_docs.ports.leases import Leases, Tenure
from datacenter_docs.workflows.dispatching import TROUBLE
from datacenter_docs.workflows.engine import WIRE_VERSION

RENEWALS_PER_LEASE = 3
"""So that two may fail before others take over."""
JOIN_SECONDS = 0.5

log = structlog.get_logger(__name__)


async def joined(leases: Leases, name: str) -> Tenure:
    """A tenure of this worker, as soon as nobody is just taking over what its name left."""
    while True:
        tenure = await leases.join(name)
        if tenure is not None:
            return tenure
        await asyncio.sleep(JOIN_SECONDS)


async def leasing(
    leases: Leases, tenure: Tenure, seconds: float, superseded: Callable[[], None]
) -> None:
    """Until cancelled, or until this worker was taken over itself: then `superseded` is called. `seconds`: of a lease."""
    while True:
        try:
            if gone := await leases.renew(tenure):
                await _take_over(gone)
                await leases.settle(tenure, gone)
        except Superseded as error:
            log.warning("worker_superseded", worker=tenure.name, error=error.message)
            superseded()
            return
        except TROUBLE as error:
            log.warning("lease_unavailable", worker=tenure.name, error=str(error))
        await asyncio.sleep(seconds / RENEWALS_PER_LEASE)


async def _take_over(names: Sequence[str]) -> None:
    left = await DBOS.list_workflows_async(
        executor_id=list(names),
        status="PENDING",
        app_version=WIRE_VERSION,
        load_input=False,
        load_output=False,
    )
    if not left:
        return
    log.warning("taken_over", workers=list(names), workflows=len(left))
    await DBOS.resume_workflows_async([workflow.workflow_id for workflow in left])
