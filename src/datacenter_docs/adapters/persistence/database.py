"""The database as the stores see it: writes through the one writer, reads through a few readers.

`bootstrap` opens it once and hands it to every store.
"""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from datacenter_docs.adapters.persistence.engine import writing_engine
from datacenter_docs.adapters.persistence.failures import translating
from datacenter_docs.adapters.persistence.readers import Readers
from datacenter_docs.adapters.persistence.writer import Writer

T = TypeVar("T")

_BATCH = 32
_SCANNERS = 2
_MIGRATIONS = Path(__file__).parent / "migrations"
_ALEMBIC = (
    Lock()
)  # it keeps its connection in module globals, so two threads would mix up their databases


class Database:
    """One open database."""

    def __init__(self, url: str, engine: Engine) -> None:
        self._engine = engine
        self.writer = Writer(engine)
        self._readers = Readers(url, threads=_readers(url), batch=_BATCH)
        self._scanners = Readers(url, threads=_SCANNERS)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a read-only transaction, in a thread. For what takes milliseconds: others may wait behind it."""
        return await self._readers.read(work)

    async def scan(self, work: Callable[[Connection], T]) -> T:
        """The same for what walks over many rows; it holds up other scans only."""
        return await self._scanners.read(work)

    def close(self) -> None:
        """Finish what is queued and let go of everything."""
        self.writer.close()
        self._readers.close()
        self._scanners.close()
        self._engine.dispose()


def _readers(url: str) -> int:
    """SQLite answers while the interpreter waits for it, so a second thread would only split what could share one batch."""
    return 1 if url.startswith("sqlite") else 2


def open_database(url: str) -> Database:
    """Open it and bring its schema up to date; several processes may start at once. Blocks: call before serving.

    Raises `Invalid` for a URL that is not one, `Unavailable` when the server does not answer.
    """
    engine = writing_engine(url)
    with translating():
        migrate(engine)
    return Database(url, engine)


def migrate(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to `revision` in one write transaction, which also keeps other starters out."""
    with _ALEMBIC, engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
