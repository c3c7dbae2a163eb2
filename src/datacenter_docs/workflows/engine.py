"""Starts and stops DBOS: on SQLite or PostgreSQL, the same workflows.

Values on the wire are JSON, not pickles, and the application version is ours, not a hash of the code: a new release
must go on with the tickets of the old one.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy.engine.interfaces import DBAPIConnection

Registered = TypeVar("Registered")

WIRE_VERSION = "spine-2"
"""Changes only when tickets in flight could not be continued by the new code; see ADR 0002."""
SQLITE_CONNECTIONS = 2
"""SQLite has one writer; more connections only wait in its busy loop, which is unfair and costs latency."""
WAKE_SECONDS = 0.2
"""How often waiting workflows look for answers where the database cannot notify."""

IDLE_TRANSACTION_SECONDS = 5.0
"""On PostgreSQL: a process that is frozen inside a transaction of DBOS lets go of its rows after so long."""


@contextlib.asynccontextmanager
async def running(
    url: str, worker_id: str, register: Callable[[], Registered]
) -> AsyncIterator[Registered]:
    """DBOS launched in this event loop, with what `register` registers; what was interrupted under this `worker_id` goes on at once."""
    config: DBOSConfig = {
        "name": "datacenter-docs",
        "system_database_url": url,
        "application_version": WIRE_VERSION,
        "executor_id": worker_id,
        "log_level": "WARNING",
        "serializer": DBOSPortableJSONSerializer(),
        "sys_db_idle_transaction_timeout_sec": IDLE_TRANSACTION_SECONDS,
        "notification_listener_polling_interval_sec": WAKE_SECONDS,
    }
    engine = _sqlite(url) if url.startswith("sqlite") else None
    if engine is not None:
        config["system_database_engine"] = engine
    DBOS(config=config)
    workflows = register()
    DBOS.launch()
    try:
        yield workflows
    finally:
        await _destroy()
        if engine is not None:
            engine.dispose()


def beside(loop: Coroutine[Any, Any, None], running: contextlib.AsyncExitStack) -> None:
    """Run it beside everything else until `running` ends."""
    running.push_async_callback(_end, asyncio.create_task(loop))


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _destroy() -> None:
    """Stop DBOS from a thread of its own, and give the loop a new executor: DBOS had lent it one, and takes it along."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(max_workers=1) as apart:
        await loop.run_in_executor(apart, partial(DBOS.destroy, destroy_registry=True))
    loop.set_default_executor(ThreadPoolExecutor())


def _sqlite(url: str) -> sqlalchemy.Engine:
    """Write-ahead log and full sync: what DBOS acknowledged is there after a power cut."""
    path = Path(str(sqlalchemy.make_url(url).database))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    engine = sqlalchemy.create_engine(url, pool_size=SQLITE_CONNECTIONS, max_overflow=0)

    def configure(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=30000",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    sqlalchemy.event.listen(engine, "connect", configure)
    return engine
