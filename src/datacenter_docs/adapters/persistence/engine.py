"""From a URL to engines: one that writes and one that only reads, for SQLite and for PostgreSQL.

A write transaction is alone in the whole installation, in every process: SQLite by `BEGIN IMMEDIATE`, PostgreSQL by an
advisory lock taken first of all. So a check and the write that relies on it never need row locks, and two processes
never deadlock. Group commit (`writer.py`) makes the one lane wide.
"""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError

from datacenter_docs.domain.errors import Invalid

_BUSY_MILLISECONDS = 10_000
_CONNECT_TIMEOUT_SECONDS = 5
_CHECKPOINT_PAGES = 4_000
_CACHE_KIBIBYTES = 32_768
_WRITER_LOCK = 0x44_43_44_4F_43_53  # "DCDOCS": the key of the advisory lock
_POSTGRES_SETTINGS = {
    "statement_timeout": 30_000,
    "lock_timeout": _BUSY_MILLISECONDS,
    # A process that is frozen inside a write transaction holds up the whole installation; its session ends instead.
    "idle_in_transaction_session_timeout": 5_000,
}


def writing_engine(url: str) -> Engine:
    """An engine with one connection, whose every transaction excludes all other writers. Raises `Invalid`."""
    parsed = _checked(url)
    if parsed.get_backend_name() == "sqlite":
        _prepare_file(Path(str(parsed.database)))
        return _sqlite(parsed, connections=1, begin="BEGIN IMMEDIATE", query_only=False)
    engine = _postgres(parsed, connections=1, synchronous_commit="on")
    event.listen(engine, "begin", _take_writer_lock)
    return engine


def reading_engine(url: str, connections: int) -> Engine:
    """An engine whose connections cannot write. The database must exist. Raises `Invalid`."""
    parsed = _checked(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, connections=connections, begin="BEGIN", query_only=True)
    return _postgres(
        parsed,
        connections=connections,
        default_transaction_read_only="on",
        default_transaction_isolation=r"repeatable\ read",
    )


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Invalid(
            "The database URL cannot be read. Write sqlite:////path/to/file.db or postgresql://user@host/name."
        ) from error
    if parsed.get_backend_name() == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise Invalid("A database in memory forgets everything: name a file.")
        return parsed.set(drivername="sqlite+pysqlite")
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise Invalid(f"{parsed.get_backend_name()} is not supported: use sqlite or postgresql.")


def _prepare_file(path: Path) -> None:
    """Make the file (and folders that are missing) readable by its owner only; SQLite gives -wal and -shm the same mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)


def _sqlite(url: URL, *, connections: int, begin: str, query_only: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        # None: the driver leaves transactions alone; the event below begins them.
        connect_args={"isolation_level": None, "timeout": _BUSY_MILLISECONDS / 1000},
    )

    def configure(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        if not query_only:
            cursor.execute("PRAGMA journal_mode = WAL")
            # A checkpoint syncs twice while everybody waits, and an index that leaves the cache is read again from disk.
            cursor.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
            cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA query_only = {'ON' if query_only else 'OFF'}")
        cursor.close()

    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", begin_transaction)
    return engine


def _postgres(url: URL, *, connections: int, **settings: str) -> Engine:
    given: dict[str, Any] = {**_POSTGRES_SETTINGS, **settings}
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,  # a restart of the server costs no request
        connect_args={
            "connect_timeout": _CONNECT_TIMEOUT_SECONDS,
            "options": " ".join(f"-c {name}={value}" for name, value in given.items()),
        },
    )


def _take_writer_lock(connection: Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
