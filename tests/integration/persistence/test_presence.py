"""Two workers of one name never work at the same time."""

from pathlib import Path

import pytest

from datacenter_docs.adapters.persistence.presence import only_worker
from datacenter_docs.domain.errors import Refused


def test_a_name_is_taken_once_and_free_afterwards(tmp_path: Path, database_url: str) -> None:
    with only_worker("w1", tmp_path, database_url):
        with pytest.raises(Refused, match="as 'w1'"), only_worker("w1", tmp_path, database_url):
            pass
        with only_worker("w2", tmp_path, database_url):
            pass
    with only_worker("w1", tmp_path, database_url):
        pass


def test_postgresql_guards_a_name_across_data_folders(tmp_path: Path, postgres_url: str) -> None:
    with only_worker("w1", tmp_path / "here", postgres_url):
        elsewhere = only_worker("w1", tmp_path / "there", postgres_url)
        with pytest.raises(Refused, match="this database"), elsewhere:
            pass
    with only_worker("w1", tmp_path / "there", postgres_url):
        pass
