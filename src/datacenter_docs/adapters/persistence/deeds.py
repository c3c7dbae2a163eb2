"""`Deeds` over the database: the rows of outcomes, found by their target."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.estate.codec import bunches
from datacenter_docs.adapters.persistence.tables import outcomes, tickets
from datacenter_docs.domain.deeds import Deed
from datacenter_docs.domain.outcomes import OutcomeKind

_DEEDS = (
    select(outcomes, tickets.c.title)
    .join(tickets, tickets.c.id == outcomes.c.ticket_id)
    .where(outcomes.c.kind != OutcomeKind.REFUSED)
    .order_by(outcomes.c.finished_at.desc(), outcomes.c.ticket_id, outcomes.c.position)
)


class SqlDeeds:
    """What was done, as rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def upon(
        self,
        resource_ids: Sequence[str],
        after: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> Sequence[Deed]:
        query = _DEEDS.limit(limit)
        if after is not None:
            query = query.where(outcomes.c.finished_at > after)
        if until is not None:
            query = query.where(outcomes.c.finished_at <= until)
        found: list[Deed] = []
        for some in bunches(sorted(set(resource_ids))):
            asked = query.where(outcomes.c.target.in_(some))
            rows = await self._database.read(lambda c, asked=asked: c.execute(asked).all())  # type: ignore[misc]
            found += [
                Deed(
                    ticket_id=row.ticket_id,
                    title=row.title,
                    target=row.target,
                    operation=row.operation,
                    kind=OutcomeKind(row.kind),
                    finished_at=row.finished_at,
                )
                for row in rows
            ]
        found.sort(key=lambda deed: (deed.finished_at, deed.ticket_id), reverse=True)
        return found[:limit]
