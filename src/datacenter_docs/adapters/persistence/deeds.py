"""`Deeds` over the database: the rows of outcomes, found by their target."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import bindparam, select

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.estate.codec import bunches
from datacenter_docs.adapters.persistence.tables import outcomes, tickets
from datacenter_docs.domain.deeds import Deed
from datacenter_docs.domain.outcomes import OutcomeKind

_DEEDS = (
    select(outcomes, tickets.c.title)
    .join(tickets, tickets.c.id == outcomes.c.ticket_id)
    .where(outcomes.c.kind != OutcomeKind.REFUSED)
    .where(outcomes.c.target.in_(bindparam("targets", expanding=True)))
    .where(outcomes.c.finished_at > bindparam("after"))
    .where(outcomes.c.finished_at <= bindparam("until"))
    .order_by(outcomes.c.finished_at.desc(), outcomes.c.ticket_id, outcomes.c.position)
    .limit(bindparam("most"))
)
_EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


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
        between = {"after": after or _EVER[0], "until": until or _EVER[1], "most": limit}
        found: list[Deed] = []
        for some in bunches(sorted(set(resource_ids))):
            asked = {"targets": some, **between}
            rows = await self._database.read(lambda c, asked=asked: c.execute(_DEEDS, asked).all())  # type: ignore[misc]
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
