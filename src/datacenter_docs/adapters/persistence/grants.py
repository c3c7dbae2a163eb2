"""People's answers in the database, with their outbox. A unique index holds what the checks here promise."""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, insert, select, update

from datacenter_docs.adapters.persistence import cases, chain
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.papers import to_text
from datacenter_docs.adapters.persistence.tables import (
    grants,
    undelivered_grants,
    unsettled_grants,
)
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.cases import CaseChange
from datacenter_docs.domain.errors import NotFound, Refused
from datacenter_docs.domain.grants import Grant
from datacenter_docs.domain.tickets import TicketState

_ORDER = (grants.c.granted_at, grants.c.grant_id)


class SqlGrantStore:
    """Grants, and their outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give(
        self, grant: Grant, *, expected: frozenset[TicketState], entries: Sequence[Entry]
    ) -> Grant:
        def store(connection: Connection) -> Grant:
            state = cases.load(connection, grant.ticket_id).ticket.state
            if state not in expected:
                wanted = ", ".join(sorted(expected))
                raise Refused(
                    f"Ticket {grant.ticket_id} is {state}; it can be answered only while it is {wanted}.",
                    state=state,
                )
            earlier = _pending(connection, grant.ticket_id, grant.plan_hash)
            if earlier is not None:
                raise Refused(
                    f"{earlier.approver} has answered this plan of ticket {grant.ticket_id} already.",
                    grant_id=earlier.grant_id,
                )
            connection.execute(insert(grants).values(_row(grant)))
            chain.append(connection, entries)
            return grant

        return await self._database.writer.run(store)

    async def get(self, grant_id: str) -> Grant:
        return _grant(await self._database.read(lambda c: _load(c, grant_id)))

    async def pending(self, ticket_id: str) -> Grant | None:
        return await self._database.read(lambda connection: _pending(connection, ticket_id))

    async def settle(
        self, grant_id: str, ticket_id: str, change: CaseChange, entries: Sequence[Entry]
    ) -> None:
        def store(connection: Connection) -> None:
            if _load(connection, grant_id)["settled"]:
                return
            cases.apply(connection, cases.Wish(ticket_id, change, entries))
            # Whoever settles it has been told of it.
            connection.execute(
                update(grants)
                .where(grants.c.grant_id == grant_id)
                .values(settled=True, delivered=True)
            )

        await self._database.writer.run(store)

    async def expire(
        self, ticket_id: str, change: CaseChange, entries: Sequence[Entry]
    ) -> Grant | None:
        def store(connection: Connection) -> Grant | None:
            answered = _pending(connection, ticket_id)
            if answered is None:
                cases.apply(connection, cases.Wish(ticket_id, change, entries))
            return answered

        return await self._database.writer.run(store)

    async def undelivered(self, limit: int) -> Sequence[Grant]:
        query = select(grants).where(undelivered_grants).order_by(*_ORDER).limit(limit)
        rows = await self._database.read(lambda c: c.execute(query).mappings().all())
        return [_grant(row) for row in rows]

    async def mark_delivered(self, grant_ids: Sequence[str]) -> None:
        statement = update(grants).where(grants.c.grant_id.in_(grant_ids)).values(delivered=True)
        await self._database.writer.run(lambda connection: connection.execute(statement))


def _load(connection: Connection, grant_id: str) -> RowMapping:
    query = select(grants).where(grants.c.grant_id == grant_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no grant {grant_id}.")
    return row


def _pending(connection: Connection, ticket_id: str, plan_hash: str | None = None) -> Grant | None:
    """The oldest answer that is not settled; to one plan, or to any."""
    query = select(grants).where(unsettled_grants, grants.c.ticket_id == ticket_id)
    if plan_hash is not None:
        query = query.where(grants.c.plan_hash == plan_hash)
    row = connection.execute(query.order_by(*_ORDER).limit(1)).mappings().one_or_none()
    return None if row is None else _grant(row)


def _row(grant: Grant) -> dict[str, object]:
    return {
        "grant_id": grant.grant_id,
        "ticket_id": grant.ticket_id,
        "plan_hash": grant.plan_hash,
        "granted_at": grant.granted_at,
        "delivered": False,
        "settled": False,
        "content": to_text(grant),
    }


def _grant(row: RowMapping) -> Grant:
    return Grant.model_validate_json(row["content"])
