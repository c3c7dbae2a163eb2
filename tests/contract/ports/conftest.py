"""Every suite here runs three times: against the fakes, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.storage import Storage, fake_storage
from tests.peers.databases import database, database_url, migrated_sqlite, opened, sqlite_url
from tests.peers.postgres import postgres, postgres_url
from tests.peers.stores import sql_storage

__all__ = ["database", "database_url", "migrated_sqlite", "postgres", "postgres_url", "sqlite_url"]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[Storage]:
    if request.param == "fake":
        yield fake_storage()
        return
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    with opened(request.getfixturevalue(fixture)) as database:
        yield sql_storage(database, tmp_path / "anchors", clock)
