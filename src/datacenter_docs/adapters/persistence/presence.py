"""One worker per name: two of the same name would work on the same tickets.

The lock is freed by the kernel or the server on any death of its holder. Called by `bootstrap` before a worker starts.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url, text

from datacenter_docs.adapters.persistence.engine import writing_engine
from datacenter_docs.adapters.persistence.failures import translating
from datacenter_docs.domain.errors import Refused


@contextlib.contextmanager
def only_worker(name: str, folder: Path, url: str) -> Iterator[None]:
    """Hold the name: in the data folder, and on PostgreSQL in the database too, where workers of other machines see it.

    Raises `Refused` when another process holds it.
    """
    with contextlib.ExitStack() as held:
        held.enter_context(_in_folder(name, folder))
        if make_url(url).get_backend_name() == "postgresql":
            held.enter_context(_in_database(name, url))
        yield


@contextlib.contextmanager
def _in_folder(name: str, folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(
        folder / f"worker-{name}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600
    )
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _taken(name, str(folder)) from error
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _in_database(name: str, url: str) -> Iterator[None]:
    """A session lock on a connection of its own, which lives as long as the worker."""
    engine = writing_engine(url)
    try:
        with (
            translating(),
            engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session,
        ):
            query = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
            if not session.scalar(query, {"name": f"datacenter-docs worker {name}"}):
                raise _taken(name, "this database")
            yield
    finally:
        engine.dispose()


def _taken(name: str, where: str) -> Refused:
    return Refused(
        f"Another process works in {where} as {name!r}. Stop it, or give this one its own --data-dir (embedded) "
        "or DATACENTER_DOCS_WORKER_ID (PostgreSQL)."
    )
