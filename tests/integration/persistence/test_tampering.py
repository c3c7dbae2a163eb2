"""What happens to somebody who changes the journal behind our back."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.fakes.samples import an_entry
from tests.fakes.storage import Storage
from tests.peers.databases import opened

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.tables import journal
from datacenter_docs.domain.audit import GENESIS, seal
from datacenter_docs.domain.errors import Broken

TRIGGERS = {
    "sqlite": ("journal_no_update", "journal_no_delete", "journal_no_replace"),
    "postgresql": ("journal_append_only",),
}


async def tamper(database: Database, *statements: str) -> None:
    """Change the journal as somebody with all rights could: without the triggers."""

    def change(connection: Connection) -> None:
        for trigger in TRIGGERS[connection.dialect.name]:
            on = " ON journal" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}{on}")
        for statement in statements:
            connection.exec_driver_sql(statement)

    await database.writer.run(change)


async def appended(storage: Storage, count: int = 10) -> None:
    await storage.journal.append([an_entry(number=i) for i in range(count)])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'mallory' WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 2",
        "DELETE FROM journal",
    ],
)
async def test_the_journal_refuses_every_change(
    database: Database, storage: Storage, statement: str
):
    await appended(storage)
    with pytest.raises(Broken, match="append-only"):
        await database.writer.run(lambda c: c.exec_driver_sql(statement))
    report = await storage.journal.verify()

    assert (report.ok, report.records) == (True, 10)


@pytest.mark.parametrize(
    "statement", ["TRUNCATE journal", "UPDATE journal SET actor = 'mallory' WHERE seq = 99"]
)
async def test_postgresql_refuses_even_what_would_change_no_record(
    postgres_url: str, statement: str
):
    with opened(postgres_url) as database, pytest.raises(Broken, match="append-only"):
        await database.writer.run(lambda c: c.exec_driver_sql(statement))


async def test_sqlite_refuses_to_replace_a_record_by_inserting(sqlite_url: str):
    replacing = (
        "INSERT OR REPLACE INTO journal VALUES (1, 'k', 'now', 'mallory', NULL, '{}', '', '')"
    )
    with opened(sqlite_url) as database:
        await database.writer.run(lambda c: c.exec_driver_sql(replacing))
        with pytest.raises(Broken, match="append-only"):
            await database.writer.run(lambda c: c.exec_driver_sql(replacing))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "'ticket.decided'"),
        ("at", "replace(at, '2026', '2025')"),
        ("actor", "'systen'"),
        ("ticket_id", "NULL"),
        ("body", "replace(body, '6', '7')"),
        ("previous_hash", "replace(previous_hash, substr(previous_hash, 1, 1), 'x')"),
        ("hash", "replace(hash, substr(hash, 1, 1), 'x')"),
    ],
)
async def test_one_changed_byte_is_found_with_its_number(
    database: Database, storage: Storage, column: str, value: str
):
    await appended(storage)
    await tamper(database, f"UPDATE journal SET {column} = {value} WHERE seq = 7")
    report = await storage.journal.verify()

    assert not report.ok
    assert report.bad_seq == 7
    assert report.records == 6


async def test_a_missing_record_is_found(database: Database, storage: Storage):
    await appended(storage)
    await tamper(database, "DELETE FROM journal WHERE seq = 4")
    report = await storage.journal.verify()

    assert not report.ok
    assert report.bad_seq == 4


async def test_a_missing_end_is_found_by_the_anchor(database: Database, storage: Storage):
    await appended(storage)
    await storage.journal.anchor()
    await tamper(database, "DELETE FROM journal WHERE seq > 8")
    report = await storage.journal.verify()

    assert not report.ok
    assert report.bad_seq is None
    assert "missing" in (report.reason or "")


async def test_a_chain_that_was_forged_as_a_whole_is_found_by_the_anchor(
    database: Database, storage: Storage
):
    await appended(storage, 3)
    await storage.journal.anchor()
    await tamper(database, "DELETE FROM journal")
    previous = GENESIS

    def forge(connection: Connection) -> None:
        nonlocal previous
        for seq in (1, 2, 3):
            record = seal(an_entry(forged=seq), seq, previous)
            previous = record.hash
            at = record.at.isoformat(timespec="microseconds")
            connection.execute(journal.insert().values({**vars(record), "at": at}))

    await database.writer.run(forge)
    report = await storage.journal.verify()

    assert not report.ok
    assert report.bad_seq == 3
    assert "rewritten" in (report.reason or "")


async def test_every_anchor_counts_not_only_the_last(storage: Storage, anchors: Path):
    for _ in range(2):
        await appended(storage)
        await storage.journal.anchor()
    lines = anchors.read_text().splitlines()
    anchors.write_text(f"{lines[0].replace(_hash_of(lines[0]), 'f' * 64)}\n{lines[1]}\n")
    report = await storage.journal.verify()

    assert report.bad_seq == 10


def _hash_of(line: str) -> str:
    return str(json.loads(line)["hash"])


async def test_an_idle_journal_is_anchored_once(storage: Storage, anchors: Path):
    await storage.journal.anchor()
    await appended(storage)
    for _ in range(3):
        await storage.journal.anchor()

    assert len(anchors.read_text().splitlines()) == 1
    assert anchors.stat().st_mode & 0o777 == 0o600


async def test_half_a_line_from_a_power_cut_is_no_anchor_and_gives_way(
    storage: Storage, anchors: Path
):
    await appended(storage)
    await storage.journal.anchor()
    with anchors.open("a") as file:
        file.write('{"seq": 99, "ha')

    assert (await storage.journal.verify()).ok
    await appended(storage)
    await storage.journal.anchor()
    assert len(anchors.read_text().splitlines()) == 2
    assert (await storage.journal.verify()).ok


@pytest.mark.parametrize("line", ["garbage", "[]", "{}", '{"seq": "x", "hash": "y"}', "\ufffd"])
async def test_a_line_that_is_no_anchor_is_reported(storage: Storage, anchors: Path, line: str):
    await appended(storage)
    await storage.journal.anchor()
    anchors.write_text(f"{line}\n{anchors.read_text()}")
    report = await storage.journal.verify()

    assert not report.ok
    assert "Line 1" in (report.reason or "")
