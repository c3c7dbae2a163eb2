"""One moment of the embedded product: both SQLite files and the anchors, while others write.

Writers are kept out for as long as it takes to begin two reading transactions, then they go on; what is copied is what
these see. What the workflows' file knows the product's file knows too, since the workflows write it there first. So a
copy is what a crash at that moment would have left, and is begun again in the same way.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from datacenter_docs.domain.audit import GENESIS
from datacenter_docs.domain.errors import NotFound, Unavailable

DATABASE = "database.sqlite"
"""The product's file, as a backup calls it; where it lies is a setting."""
_PATIENCE_SECONDS = 10.0
_PAGES = 2_000
"""Copied at a time: between two of these others may read and write."""


class Head(NamedTuple):
    """The end of the journal."""

    records: int
    hash: str


def copy(database: Path, workflows: Path, anchors: Path, folder: Path) -> Head:
    """Copy the product's file (as `DATABASE`), that of the workflows and the anchors, where there are any, into a folder.
    Raises `NotFound` without a database, `Unavailable` when it is busy or the disk is full.
    """
    if not database.is_file():
        raise NotFound(f"There is nothing to back up: {database} does not exist.")
    files = {DATABASE: database} | ({workflows.name: workflows} if workflows.is_file() else {})
    try:
        with _moment(files, anchors, folder) as readers:
            for name, reader in readers.items():
                with closing(sqlite3.connect(folder / name)) as target:
                    reader.backup(target, pages=_PAGES)
            row = (
                readers[DATABASE]
                .execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
                .fetchone()
            )
    except sqlite3.Error as error:
        raise Unavailable(f"The database could not be copied: {error}") from error
    return Head(*row) if row else Head(0, GENESIS)


@contextmanager
def _moment(
    files: dict[str, Path], anchors: Path, folder: Path
) -> Iterator[dict[str, sqlite3.Connection]]:
    """Readers of all files that see one moment. The anchors are copied in it, so that none is ahead of the journal."""
    readers = {name: _connected(file) for name, file in files.items()}
    try:
        with closing(_connected(files[DATABASE])) as writer:
            writer.execute("BEGIN IMMEDIATE")
            for reader in readers.values():
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if anchors.is_file():
                (folder / anchors.name).write_bytes(anchors.read_bytes())
            writer.execute("ROLLBACK")
        yield readers
    finally:
        for reader in readers.values():
            reader.close()


def _connected(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=_PATIENCE_SECONDS, isolation_level=None)
