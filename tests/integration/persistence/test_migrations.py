"""The migrations, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect
from tests.peers.databases import opened

from datacenter_docs.adapters.persistence.database import migrate
from datacenter_docs.adapters.persistence.engine import writing_engine
from datacenter_docs.adapters.persistence.estate.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        url = request.getfixturevalue("empty_postgres_url")
    engine = writing_engine(url)
    yield engine
    engine.dispose()


def definitions(engine: Engine) -> set[str]:
    """Every table and index as SQLite has it, without regard to spaces."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
            " AND name <> 'alembic_version' AND name NOT GLOB 'search*'"
        )
        return {" ".join(row[0].replace("(", " ( ").split()) for row in rows}


def is_plain(name: str | None, kind: str, parents: object) -> bool:
    """All but the index of the search, which each database has in a way of its own."""
    return not (kind == "table" and name and name.startswith("search"))


def test_the_migrations_lead_to_the_schema_that_the_code_uses(empty: Engine):
    migrate(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_plain})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_the_migrations_define_every_index_and_condition_as_the_code_does(tmp_path: Path):
    migrated, created = (
        writing_engine(f"sqlite:///{tmp_path / name}") for name in ("migrated.db", "created.db")
    )
    migrate(migrated)
    metadata.create_all(created)
    found, wanted = definitions(migrated), definitions(created)
    for engine in (migrated, created):
        engine.dispose()

    assert found == wanted


def test_each_step_works_alone_and_a_repetition_changes_nothing(empty: Engine):
    for revision in ("0001", "0002", "head", "head"):
        migrate(empty, revision)

    assert {"tickets", "journal"} < set(inspect(empty).get_table_names())


def test_threads_may_open_databases_at_once(tmp_path: Path):
    def open_and_close(number: int) -> None:
        with opened(f"sqlite:///{tmp_path / str(number % 2)}.db"):
            pass

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(open_and_close, range(4))) == [None] * 4


async def test_data_survives_closing_and_opening_again(database_url: str):
    with opened(database_url) as database:
        await database.writer.run(
            lambda c: c.exec_driver_sql(
                "INSERT INTO requests (key, fingerprint, claimed_at, body) VALUES ('k', 'f', 1, '')"
            )
        )
    with opened(database_url) as database:
        rows = await database.read(lambda c: c.exec_driver_sql("SELECT key FROM requests").all())

    assert rows == [("k",)]
