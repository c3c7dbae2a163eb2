"""Fixtures of the persistence tests: both databases, and processes that share one."""

from pathlib import Path

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.storage import Storage
from tests.peers.databases import database, database_url, migrated_sqlite, sqlite_url
from tests.peers.postgres import empty_postgres_url, postgres, postgres_url
from tests.peers.stores import sql_storage

from datacenter_docs.adapters.persistence.database import Database

__all__ = [
    "database",
    "database_url",
    "empty_postgres_url",
    "migrated_sqlite",
    "postgres",
    "postgres_url",
    "sqlite_url",
]


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    """Where the anchors of the journal go."""
    return tmp_path / "anchors" / "journal.jsonl"


@pytest.fixture
def storage(database: Database, anchors: Path) -> Storage:
    return sql_storage(database, anchors, FakeClock())
