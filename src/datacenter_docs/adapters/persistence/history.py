"""What became of earlier tickets, counted by the database."""

from datetime import datetime

from sqlalchemy import bindparam, func, select

from datacenter_docs.adapters.persistence.counting import RESOLVED, times
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.tables import tickets
from datacenter_docs.ports.patterns import ClosedCounts

_CLOSED = select(times(RESOLVED).label("resolved"), func.count().label("closed")).where(
    tickets.c.category == bindparam("category"), tickets.c.closed_at >= bindparam("since")
)


class SqlHistory:
    """Closed tickets in numbers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def closed_counts(self, category: str, since: datetime) -> ClosedCounts:
        wanted = {"category": category, "since": since}
        row = await self._database.read(lambda c: c.execute(_CLOSED, wanted).one())
        return ClosedCounts(resolved=row.resolved, closed=row.closed)
