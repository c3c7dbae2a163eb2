"""`Leases` over the database: one row per worker's name. All arithmetic is in the database's time, in microseconds."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, make_url, select, text, update

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.tables import workers
from datacenter_docs.domain.errors import Superseded
from datacenter_docs.ports.leases import Tenure

_SECOND = 1_000_000
_FORGOTTEN = 24 * 3_600 * _SECOND
"""A name that was gone for so long, and left nothing, is not looked after any more."""
_NOW = {
    "postgresql": text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"),
    "sqlite": text("SELECT CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"),
}
_TENURE = select(workers.c.generation)


class SqlLeases:
    """Rows that are touched again and again. `seconds`: how long a lease lasts without that."""

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._lease = int(seconds * _SECOND)

    async def join(self, name: str) -> Tenure | None:
        def store(connection: Connection) -> Tenure | None:
            now = _now(connection)
            row = connection.execute(select(workers).where(workers.c.name == name)).one_or_none()
            if row is not None and row.heir is not None and now - row.swept_at <= self._lease:
                return None
            connection.execute(delete(workers).where(workers.c.name == name))
            tenure = Tenure(name, _next(connection, row))
            connection.execute(
                insert(workers).values(
                    name=name, generation=tenure.generation, since=now, seen_at=now
                )
            )
            return tenure

        return await self._database.writer.run(store)

    async def renew(self, tenure: Tenure) -> Sequence[str]:
        def store(connection: Connection) -> Sequence[str]:
            now = _now(connection)
            rows = {row.name: row for row in connection.execute(select(workers))}
            mine = rows.pop(tenure.name, None)
            if mine is None or mine.generation != tenure.generation:
                raise _superseded(tenure)
            since = mine.since if now - mine.seen_at <= self._lease else now
            _set(connection, tenure.name, since=since, seen_at=now)
            if now - since < self._lease:
                return []
            gone = [row for row in rows.values() if self._is_gone(row, now)]
            for row in gone:
                self._inherit(connection, row, tenure, now)
            return sorted(row.name for row in gone)

        return await self._database.writer.run(store)

    async def settle(self, tenure: Tenure, names: Sequence[str]) -> None:
        statement = (
            update(workers)
            .where(workers.c.name.in_(names), workers.c.heir == tenure.name)
            .values(heir=None)
        )
        await self._database.writer.run(lambda connection: connection.execute(statement))

    async def leave(self, tenure: Tenure) -> None:
        def store(connection: Connection) -> None:
            connection.execute(
                update(workers)
                .where(workers.c.name == tenure.name, workers.c.generation == tenure.generation)
                .values(seen_at=_now(connection) - self._lease - 1)
            )

        await self._database.writer.run(store)

    def _is_gone(self, row: Row[Any], now: int) -> bool:
        swept = row.swept_at is not None and now - row.swept_at <= self._lease
        return now - row.seen_at > self._lease and not swept

    @staticmethod
    def _inherit(connection: Connection, row: Row[Any], heir: Tenure, now: int) -> None:
        """End the tenure, once, and put the name under somebody's care."""
        if row.heir is None and row.swept_at is not None and now - row.seen_at > _FORGOTTEN:
            connection.execute(delete(workers).where(workers.c.name == row.name))
            return
        generation = row.generation if row.swept_at is not None else _next(connection, row)
        _set(connection, row.name, generation=generation, heir=heir.name, swept_at=now)


def leases_of(database: Database, url: str, seconds: float) -> SqlLeases | None:
    """None: an embedded database, whose worker nobody replaces. It has no row, no loop, and nothing to renew."""
    if make_url(url).get_backend_name() == "sqlite":
        return None
    return SqlLeases(database, seconds)


def must_last(connection: Connection, tenure: Tenure | None) -> None:
    """Raises `Superseded` when the tenure was ended. None: this installation has no leases."""
    if tenure is None:
        return
    generation = connection.scalar(_TENURE.where(workers.c.name == tenure.name))
    if generation != tenure.generation:
        raise _superseded(tenure)


def _superseded(tenure: Tenure) -> Superseded:
    return Superseded(
        f"The worker {tenure.name} was away for longer than its lease, and another one has taken over. "
        "It acts no more and ends; start it again."
    )


def _now(connection: Connection) -> int:
    now: int = connection.scalar(_NOW[connection.dialect.name])
    return now


def _next(connection: Connection, row: Row[Any] | None) -> int:
    """Above every generation there is, and above what the time was when the forgotten ones were given."""
    highest = max(
        connection.scalar(select(func.max(workers.c.generation))) or 0,
        row.generation if row else 0,
    )
    return max(highest + 1, _now(connection))


def _set(connection: Connection, name: str, **values: object) -> None:
    connection.execute(update(workers).where(workers.c.name == name).values(**values))
