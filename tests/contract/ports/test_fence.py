"""The contract of `ports/fence.py`, and that a worker which was taken over is behind it."""

import pytest
from tests.fakes.clock import NOON
from tests.fakes.samples import an_entry
from tests.fakes.storage import Storage

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.fence import SqlFence
from datacenter_docs.adapters.persistence.guards import SqlResourceLocks
from datacenter_docs.adapters.persistence.leases import SqlLeases, leases_of
from datacenter_docs.domain.errors import Superseded


async def test_the_newest_claim_of_a_ticket_holds_and_no_other(storage: Storage):
    first = await storage.fence.claim("T-1")
    other = await storage.fence.claim("T-2")
    second = await storage.fence.claim("T-1")
    with pytest.raises(Superseded):
        await storage.fence.check(first)

    assert second.token > first.token
    await storage.fence.check(second)
    await storage.fence.check(other)


async def test_a_stale_claim_journals_nothing(storage: Storage):
    stale = await storage.fence.claim("T-1")
    await storage.fence.append(stale, [an_entry(ticket_id="T-1")])
    newest = await storage.fence.claim("T-1")
    with pytest.raises(Superseded):
        await storage.fence.append(stale, [an_entry(ticket_id="T-1")])
    assert len((await storage.journal.page(ticket_id="T-1")).items) == 1
    await storage.fence.append(newest, [an_entry(ticket_id="T-1"), an_entry(ticket_id="T-1")])

    assert len((await storage.journal.page(ticket_id="T-1")).items) == 3
    assert (await storage.journal.verify()).ok


async def test_a_worker_that_was_taken_over_claims_journals_and_locks_nothing(database: Database):
    leases = SqlLeases(database, 1_000.0)
    old = await leases.join("w1")
    fence, locks = SqlFence(database, old), SqlResourceLocks(database, old)
    claim = await fence.claim("T-1")
    await fence.check(claim)
    await leases.join("w1")

    for forbidden in (
        fence.check(claim),
        fence.append(claim, [an_entry(ticket_id="T-1")]),
        fence.claim("T-2"),
        locks.acquire(["a"], holder="T-1", at=NOON),
    ):
        with pytest.raises(Superseded):
            await forbidden
    assert await SqlResourceLocks(database).acquire(["a"], holder="T-2", at=NOON) == {}


async def test_an_embedded_database_has_no_leases(database: Database, database_url: str):
    has = leases_of(database, database_url, 15.0) is not None

    assert has == (not database_url.startswith("sqlite"))
