"""Fixtures of the spine's tests: both databases, and a place on each."""

import json
import os
import sys
from pathlib import Path

import pytest
from tests.fakes.room import Folder, Port
from tests.integration.spine.place import Place
from tests.peers.databases import database_url, migrated_sqlite, sqlite_url
from tests.peers.postgres import postgres, postgres_url

from datacenter_docs.bootstrap import read_settings

__all__ = ["database_url", "migrated_sqlite", "postgres", "postgres_url", "sqlite_url"]


@pytest.fixture
def place(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A new place with one port, which is shut."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    room = Folder(tmp_path / "room")
    room.path.mkdir()
    room.write(Port())
    connection = {
        "name": "lab", "platform": "network", "server": "external", "allow_writes": True,
        "command": [sys.executable, "-m", "tests.fakes.room", str(room.path)],
        "environment": {"PYTHONPATH": "env:PYTHONPATH"}, "timeout_seconds": 10,
    }  # fmt: skip
    estate = tmp_path / "datacenter.yaml"
    estate.write_text(json.dumps({"connections": [connection]}))
    data = tmp_path / "data"
    data.mkdir()
    settings = read_settings(
        data_dir=data, database_url=database_url, estate_file=estate, worker_id="w1",
        auto_remediation_enabled=True,
    )  # fmt: skip
    return Place(settings, room)
