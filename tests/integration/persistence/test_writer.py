"""The single writer: what shares a commit, and what a failure does to the others."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event
from tests.peers.databases import opened
from tests.peers.postgres import PostgresServer

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.writer import Writer
from datacenter_docs.domain.errors import Invalid, NotFound, Unavailable


def inserting(key: str) -> Callable[[Connection], str]:
    def insert(connection: Connection) -> str:
        connection.exec_driver_sql(
            f"INSERT INTO requests (key, fingerprint, claimed_at, body) VALUES ('{key}', '', 0, '')"
        )
        return key

    return insert


async def keys(database: Database) -> list[str]:
    query = "SELECT key FROM requests ORDER BY key"
    return await database.read(lambda c: [row[0] for row in c.exec_driver_sql(query)])


@contextmanager
def held(writer: Writer) -> Iterator[None]:
    """Keep the writer busy inside, so that what comes meanwhile queues and shares a batch."""
    begun, release = threading.Event(), threading.Event()

    def wait(_connection: Connection) -> None:
        begun.set()
        assert release.wait(10)

    holder = threading.Thread(target=lambda: asyncio.run(writer.run(wait)))
    holder.start()
    assert begun.wait(10)
    try:
        yield
    finally:
        release.set()
        holder.join()


@contextmanager
def commits(database: Database) -> Iterator[list[Connection]]:
    seen: list[Connection] = []
    engine = database.writer._engine
    count = seen.append
    event.listen(engine, "commit", count)
    try:
        yield seen
    finally:
        event.remove(engine, "commit", count)


async def test_what_queues_during_a_commit_shares_the_next_one(database: Database):
    with commits(database) as seen:
        with held(database.writer):
            tasks = [
                asyncio.ensure_future(database.writer.run(inserting(f"{i:03}")))
                for i in range(100)
            ]
            await asyncio.sleep(0)
        answers = await asyncio.gather(*tasks)

    assert answers == [f"{i:03}" for i in range(100)]
    assert await keys(database) == answers
    assert len(seen) <= 2


async def test_a_lonely_write_is_committed_at_once(database: Database):
    with commits(database) as seen:
        await database.writer.run(inserting("a"))
        await database.writer.run(inserting("b"))

    assert len(seen) == 2


async def test_a_batch_has_a_bound(database: Database):
    writer = Writer(database.writer._engine, batch_limit=10)
    with commits(database) as seen:
        with held(writer):
            tasks = [asyncio.ensure_future(writer.run(inserting(str(i)))) for i in range(40)]
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
    writer.close()

    assert len(seen) >= 4


async def test_one_that_raises_harms_nobody_and_leaves_nothing(database: Database):
    def failing(connection: Connection) -> str:
        inserting("half done")(connection)
        raise NotFound("on purpose")

    works = [inserting("a"), failing, inserting("b"), inserting("a"), inserting("c")]
    with held(database.writer):
        tasks = [asyncio.ensure_future(database.writer.run(work)) for work in works]
        await asyncio.sleep(0)
    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(answer).__name__ for answer in answers] == [
        "str",
        "NotFound",
        "str",
        "Broken",
        "str",
    ]
    assert await keys(database) == ["a", "b", "c"]


async def test_items_for_the_same_work_are_handed_over_together(database: Database):
    calls: list[list[str]] = []

    def store(connection: Connection, items: list[str]) -> list[str | Invalid]:
        calls.append(list(items))
        return [Invalid(item) if item == "bad" else inserting(item)(connection) for item in items]

    with held(database.writer):
        tasks = [
            asyncio.ensure_future(database.writer.share(store, item)) for item in ("a", "bad", "b")
        ]
        await asyncio.sleep(0)
    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert calls == [["a", "bad", "b"]]
    assert (answers[0], answers[2]) == ("a", "b")
    assert isinstance(answers[1], Invalid)
    assert await keys(database) == ["a", "b"]


async def test_several_event_loops_may_write_at_once(database: Database):
    async def many(name: str) -> list[str]:
        works = (inserting(f"{name}{i}") for i in range(20))
        return await asyncio.gather(*(database.writer.run(work) for work in works))

    def run(name: str) -> list[str]:
        return asyncio.run(many(name))

    answers = await asyncio.gather(*(asyncio.to_thread(run, name) for name in "abc"), many("d"))

    assert await keys(database) == sorted(key for answer in answers for key in answer)


async def test_a_caller_that_gives_up_harms_nobody(database: Database):
    with held(database.writer):
        impatient = asyncio.ensure_future(database.writer.run(inserting("a")))
        patient = asyncio.ensure_future(database.writer.run(inserting("b")))
        await asyncio.sleep(0)
        impatient.cancel()

    assert await patient == "b"


async def test_closing_finishes_what_is_queued_and_refuses_what_comes_later(database_url: str):
    with opened(database_url) as database:
        with held(database.writer):
            tasks = [
                asyncio.ensure_future(database.writer.run(inserting(str(i)))) for i in range(5)
            ]
            await asyncio.sleep(0)
        await asyncio.to_thread(database.writer.close)

        assert await asyncio.gather(*tasks) == ["0", "1", "2", "3", "4"]
        with pytest.raises(Unavailable):
            await database.writer.run(inserting("late"))
        assert len(await keys(database)) == 5


async def test_a_full_disk_is_unavailable_and_passes(sqlite_url: str):
    def limit_pages(pages: int) -> Callable[[Connection], None]:
        return lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with opened(sqlite_url) as database:
        await database.writer.run(limit_pages(1))
        with pytest.raises(Unavailable, match="full"):
            await database.writer.run(inserting("x" * 100_000))
        await database.writer.run(limit_pages(1_000_000))
        await database.writer.run(inserting("y"))

        assert await keys(database) == ["y"]


async def test_a_connection_that_is_cut_is_unavailable_and_the_next_write_has_a_new_one(
    postgres: PostgresServer, postgres_url: str
):
    with opened(postgres_url) as database:

        def cut(connection: Connection) -> None:
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            postgres.execute(f"SELECT pg_terminate_backend({pid})")
            inserting("lost")(connection)

        with pytest.raises(Unavailable):
            await database.writer.run(cut)
        await database.writer.run(inserting("kept"))

        assert await keys(database) == ["kept"]


async def test_a_cut_between_two_writes_costs_no_request(
    postgres: PostgresServer, postgres_url: str
):
    with opened(postgres_url) as database:
        pid = await database.writer.run(
            lambda c: c.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        )
        postgres.execute(f"SELECT pg_terminate_backend({pid})")

        assert await database.writer.run(inserting("kept")) == "kept"


async def test_half_a_surrogate_pair_is_invalid(database: Database):
    with pytest.raises(Invalid):
        await database.writer.run(
            lambda c: c.exec_driver_sql("UPDATE requests SET body = 'x' WHERE key = '\ud800'")
        )
