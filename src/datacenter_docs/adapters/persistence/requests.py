"""Memory of requests that carried an `Idempotency-Key`, in the database."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.tables import requests
from datacenter_docs.ports.requests import Remembered

_KEPT = timedelta(days=1)
_ABANDONED_AFTER = timedelta(seconds=60)


class SqlRequestMemory:
    """One row per key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, key: str, fingerprint: str, at: datetime) -> Remembered | None:
        abandoned = requests.c.status.is_(None) & (requests.c.claimed_at < at - _ABANDONED_AFTER)
        forgotten = delete(requests).where(or_(requests.c.claimed_at < at - _KEPT, abandoned))

        def store(connection: Connection) -> Remembered | None:
            connection.execute(forgotten)
            row = connection.execute(select(requests).where(requests.c.key == key)).one_or_none()
            if row is not None:
                return Remembered(row.fingerprint, row.status, row.body)
            connection.execute(
                insert(requests).values(
                    key=key, fingerprint=fingerprint, claimed_at=at, status=None, body=""
                )
            )
            return None

        return await self._database.writer.run(store)

    async def answer(self, key: str, status: int, body: str) -> None:
        statement = update(requests).where(*_unanswered(key)).values(status=status, body=body)
        await self._database.writer.run(lambda connection: connection.execute(statement))

    async def forget(self, key: str) -> None:
        statement = delete(requests).where(*_unanswered(key))
        await self._database.writer.run(lambda connection: connection.execute(statement))


def _unanswered(key: str) -> tuple[ColumnElement[bool], ...]:
    """Only the first answer counts: a claim that was given anew may have been answered by its second owner."""
    return requests.c.key == key, requests.c.status.is_(None)
