"""Readers: what waits at the same time shares a transaction, and neither a slow nor a broken read costs the others."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event, text
from tests.peers.databases import opened

from datacenter_docs.adapters.persistence import readers as lanes
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.readers import Readers
from datacenter_docs.domain.errors import Broken, Unavailable

DEADLINE_SECONDS = 10


@pytest.fixture
def readers(database: Database, database_url: str) -> Iterator[Readers]:
    """One thread, so that what comes while it is busy has to wait."""
    readers = Readers(database_url, threads=1, batch=32)
    yield readers
    readers.close()


@contextmanager
def busy(readers: Readers) -> Iterator[None]:
    begun, release = threading.Event(), threading.Event()

    def wait(_connection: Connection) -> None:
        begun.set()
        assert release.wait(DEADLINE_SECONDS)

    holder = threading.Thread(target=lambda: asyncio.run(readers.read(wait)))
    holder.start()
    assert begun.wait(DEADLINE_SECONDS)
    try:
        yield
    finally:
        release.set()
        holder.join()


def number(value: int):
    return lambda connection: connection.scalar(text(f"SELECT {value}"))


async def test_reads_that_wait_share_a_transaction(readers: Readers):
    begun: list[Connection] = []
    event.listen(readers._engine, "begin", begun.append)
    with busy(readers):
        waiting = [asyncio.ensure_future(readers.read(number(n))) for n in range(20)]
        await asyncio.sleep(0)

    assert await asyncio.gather(*waiting) == list(range(20))
    assert len(begun) < 10


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that does not end for being slow, however busy the machine is."""
    monkeypatch.setattr(lanes, "_PATIENCE_SECONDS", DEADLINE_SECONDS)


@pytest.mark.usefixtures("patient")
async def test_what_is_asked_in_one_turn_of_the_loop_goes_in_one_transaction(readers: Readers):
    begun: list[Connection] = []
    event.listen(readers._engine, "begin", begun.append)

    answers = await asyncio.gather(*(readers.read(number(n)) for n in range(20)))

    assert answers == list(range(20))
    assert len(begun) == 1


@pytest.mark.usefixtures("patient")
async def test_what_is_asked_twice_in_a_transaction_is_read_once(readers: Readers):
    read: list[Connection] = []

    def once(connection: Connection) -> int:
        read.append(connection)
        return len(read)

    assert await asyncio.gather(*(readers.read(once) for _ in range(5))) == [1] * 5
    assert await readers.read(once) == 2


async def test_a_read_that_fails_is_its_own_callers_business(readers: Readers):
    def broken(connection: Connection) -> None:
        connection.execute(text("SELECT nothing FROM nowhere"))

    def bug(_connection: Connection) -> None:
        raise KeyError("mine")

    with busy(readers):
        works = (number(1), broken, number(2), bug, number(3))
        waiting = [asyncio.ensure_future(readers.read(work)) for work in works]
        await asyncio.sleep(0)
    answers = await asyncio.gather(*waiting, return_exceptions=True)

    assert answers[::2] == [1, 2, 3]
    assert isinstance(answers[1], Broken | Unavailable)
    assert isinstance(answers[3], KeyError)


async def test_a_scan_holds_up_no_read(database: Database):
    release = threading.Event()

    def slow(_connection: Connection) -> str:
        assert release.wait(DEADLINE_SECONDS)
        return "slow"

    scans = [asyncio.ensure_future(database.scan(slow)) for _ in range(10)]
    await asyncio.sleep(0)
    quick = [await database.read(number(n)) for n in range(3)]
    release.set()

    assert quick == [0, 1, 2]
    assert await asyncio.gather(*scans) == ["slow"] * 10


async def test_what_is_queued_when_it_closes_is_still_read(readers: Readers):
    def slow(_connection: Connection) -> str:
        threading.Event().wait(0.02)
        return "slow"

    with busy(readers):
        waiting = [asyncio.ensure_future(readers.read(slow)) for _ in range(5)]
        await asyncio.sleep(0)
        closing = threading.Thread(target=readers.close)
        closing.start()
    answers = await asyncio.gather(*waiting)
    closing.join()

    assert answers == ["slow"] * 5
    with pytest.raises(Unavailable):
        await readers.read(slow)


async def test_a_write_is_seen_by_whoever_reads_after_it(tmp_path):
    with opened(f"sqlite:///{tmp_path}/own.sqlite") as database:
        for count in range(1, 30):
            await database.writer.run(
                lambda c, count=count: c.exec_driver_sql(
                    "INSERT INTO requests (key, fingerprint, claimed_at, body) "
                    f"VALUES ('{count}', '', 0, '')"
                )
            )
            seen = await asyncio.gather(*(database.read(number_of_requests) for _ in range(3)))
            assert seen == [count] * 3


def number_of_requests(connection: Connection) -> int:
    return connection.exec_driver_sql("SELECT count(*) FROM requests").scalar_one()
