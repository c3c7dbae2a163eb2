"""A demo datacenter to survey, and its data folder."""

import time
from pathlib import Path

import pytest

from datacenter_docs.bootstrap import read_settings
from datacenter_docs.settings import Settings
from datacenter_mcp.demo.store import Origin, Reading
from datacenter_mcp.demo.world import World

MONTH_SECONDS = 30 * 86_400


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a demo whose world is made, and which surveys only when it is asked."""
    settings = read_settings(data_dir=tmp_path, demo=True, survey_schedule="", log_level="ERROR")
    now = time.time()
    origin = Origin(seed=1, size=200, born=now - MONTH_SECONDS)
    World.create(settings.world_file, origin, Reading(real=now, world=now, rate=1.0)).close()
    return settings
