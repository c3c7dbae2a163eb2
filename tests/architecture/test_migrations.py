"""The migrations follow one another: two that grew side by side have to be put in a row before they meet a database."""

from alembic.script import ScriptDirectory
from tests.architecture.repository import ROOT

FOLDER = ROOT / "src/datacenter_docs/adapters/persistence/migrations"


def test_the_migrations_are_one_row():
    scripts = ScriptDirectory(str(FOLDER))
    steps = list(scripts.walk_revisions())

    assert len(scripts.get_heads()) == 1
    assert len(steps) == len(list((FOLDER / "versions").glob("[0-9]*.py"))) > 1
