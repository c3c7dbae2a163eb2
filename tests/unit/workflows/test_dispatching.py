"""The loop between the outbox and the workflows outlives its databases."""

import asyncio

import pytest
from dbos import error as dbos_error
from sqlalchemy.exc import OperationalError
from tests.fakes.grants import FakeGrantStore
from tests.fakes.memory import Memory
from tests.fakes.tickets import FakeCaseStore

from datacenter_docs.domain.errors import Broken, Unavailable
from datacenter_docs.workflows import dispatching
from datacenter_docs.workflows.ticket import Workflows


class SickStore(FakeCaseStore):
    """Fails in every way that a database does, then works."""

    def __init__(self) -> None:
        super().__init__(Memory())
        self.well = asyncio.Event()
        self._raised: list[Exception] = [
            Unavailable("away"),
            Broken("disk I/O error"),
            OperationalError("SELECT 1", {}, Exception("connection lost")),
            dbos_error.DBOSException("not launched"),
        ]

    async def undelivered(self, limit: int):
        if self._raised:
            raise self._raised.pop(0)
        self.well.set()
        return await super().undelivered(limit)


async def test_no_trouble_of_a_database_ends_the_loop(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dispatching, "RETRY_SECONDS", 0.001)
    cases = SickStore()
    nothing = Workflows(ticket=lambda: None, granted=lambda: None)
    loop = asyncio.create_task(
        dispatching.Dispatching(cases, FakeGrantStore(Memory()), nothing, asyncio.Event()).run()
    )
    async with asyncio.timeout(10):
        await cases.well.wait()

    assert not loop.done()
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop
