"""How connections are set up, and what is refused."""

import stat
from pathlib import Path

import pytest
from tests.peers.databases import opened

from datacenter_docs.adapters.persistence.database import Database, open_database
from datacenter_docs.domain.errors import Broken, Invalid, Unavailable


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_may_read_the_files(tmp_path: Path):
    path = tmp_path / "new" / "data.db"
    with opened(f"sqlite:///{path}"):
        files = {file.name: mode(file) for file in path.parent.iterdir()}

    assert mode(path.parent) == 0o700
    assert set(files.values()) == {0o600}
    assert "data.db-wal" in files


def test_a_file_that_others_could_read_is_closed_to_them(sqlite_url: str, tmp_path: Path):
    path = tmp_path / "test.db"
    path.chmod(0o644)
    with opened(sqlite_url):
        assert mode(path) == 0o600


async def test_sqlite_writes_ahead_syncs_fully_and_checks_references(sqlite_url: str):
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    with opened(sqlite_url) as database:
        found = {
            name: await database.writer.run(
                lambda c, name=name: c.exec_driver_sql(f"PRAGMA {name}").scalar()
            )
            for name in wanted
        }

    assert found == wanted


async def test_postgresql_waits_for_the_disk_whatever_the_server_says(postgres, postgres_url: str):
    name = postgres_url.split("/")[3].split("?")[0]
    postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with opened(postgres_url) as database:
        found = await database.writer.run(
            lambda c: c.exec_driver_sql("SHOW synchronous_commit").scalar()
        )

    assert found == "on"


async def test_a_reader_cannot_write(database: Database):
    with pytest.raises((Unavailable, Broken)):
        await database.read(lambda c: c.exec_driver_sql("DELETE FROM requests"))


async def test_reads_go_on_while_a_write_is_under_way(database: Database):
    def write(connection) -> None:
        connection.exec_driver_sql("DELETE FROM requests")
        with database._readers._engine.connect() as other:
            assert other.exec_driver_sql("SELECT count(*) FROM requests").scalar() == 0

    await database.writer.run(write)


@pytest.mark.parametrize(
    "url", ["", "no url", "sqlite://", "sqlite:///:memory:", "mysql://host/name"]
)
def test_a_url_that_cannot_serve_is_invalid(url: str):
    with pytest.raises(Invalid):
        open_database(url)


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path):
    with pytest.raises(Unavailable):
        open_database(f"postgresql://nobody@/none?host={tmp_path}")


def test_a_file_that_is_no_database_is_broken(tmp_path: Path):
    (tmp_path / "text.db").write_text("This is not a database. " * 100)

    with pytest.raises(Broken):
        open_database(f"sqlite:///{tmp_path / 'text.db'}")
