"""Tickets and their papers in the database. The row of a new ticket is also the outbox that workflows start from."""

from collections.abc import Sequence

from sqlalchemy import Connection, Select, and_, bindparam, case, insert, or_, select, update

from datacenter_docs.adapters.persistence import cases, chain, cursors
from datacenter_docs.adapters.persistence.columns import microseconds, moment
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.tables import tickets, undelivered_tickets
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.errors import Conflict
from datacenter_docs.domain.tickets import Ticket, TicketState
from datacenter_docs.ports.pages import Page
from datacenter_docs.ports.tickets import Received, TicketFilter

_LISTING = "tickets"
_INSERT = insert(tickets)
_BEGUN = case(
    (tickets.c.state == TicketState.RECEIVED, TicketState.PROCESSING), else_=tickets.c.state
)
_DELIVERED = update(tickets).values(delivered=True, state=_BEGUN)
_BY_IDS = select(*cases.TICKET_COLUMNS).where(tickets.c.id.in_(bindparam("ids", expanding=True)))


class SqlCaseStore:
    """Tickets and their papers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def receive(self, ticket: Ticket, entry: Entry) -> Received:
        return await self._database.writer.share(_receive_all, (ticket, entry))

    async def get(self, ticket_id: str) -> Case:
        return await self._database.read(lambda connection: cases.load(connection, ticket_id))

    async def find(self, wanted: TicketFilter, cursor: str | None, limit: int) -> Page[Ticket]:
        query = _listing(wanted, cursor).limit(limit + 1)
        rows = await self._database.scan(lambda c: c.execute(query).mappings().all())
        items = [cases.ticket_of(row) for row in rows[:limit]]
        return Page(items, _cursor_after(items[-1]) if len(rows) > limit else None)

    async def change(
        self, ticket_id: str, change: CaseChange, entries: Sequence[Entry] = ()
    ) -> Case:
        wish = cases.Wish(ticket_id, change, entries)
        return await self._database.writer.share(cases.apply_all, wish)

    async def undelivered(self, limit: int) -> Sequence[str]:
        query = (
            select(tickets.c.id)
            .where(undelivered_tickets)
            .order_by(tickets.c.received_at, tickets.c.id)
            .limit(limit)
        )
        return await self._database.read(lambda connection: connection.scalars(query).all())

    async def mark_delivered(self, ticket_ids: Sequence[str]) -> None:
        statement = _DELIVERED.where(tickets.c.id.in_(ticket_ids))
        await self._database.writer.run(lambda connection: connection.execute(statement))


def _receive_all(
    connection: Connection, arrivals: Sequence[tuple[Ticket, Entry]]
) -> list[Received | Conflict]:
    """Three statements for any number of tickets; a ticket may also arrive twice within one batch."""
    ids = list({ticket.id for ticket, _ in arrivals})
    stored = connection.execute(_BY_IDS, {"ids": ids}).mappings()
    known = {row["id"]: cases.ticket_of(row) for row in stored}
    rows, entries = [], []
    answers: list[Received | Conflict] = []
    for ticket, entry in arrivals:
        earlier = known.setdefault(ticket.id, ticket)
        if earlier is ticket:
            rows.append(cases.new_row(ticket))
            entries.append(entry)
            answers.append(Received(ticket, created=True))
        elif earlier.request == ticket.request:
            answers.append(Received(earlier, created=False))
        else:
            answers.append(_conflict(earlier, ticket))
    if rows:
        connection.execute(_INSERT, rows)
        chain.append(connection, entries)
    return answers


def _conflict(stored: Ticket, sent: Ticket) -> Conflict:
    ours, theirs = dict(stored.request), dict(sent.request)
    differences = {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]}
    return Conflict(
        f"Ticket {stored.id} exists already with other content: {', '.join(differences)} differ.",
        differences,
    )


def _listing(wanted: TicketFilter, cursor: str | None) -> Select[tuple[object, ...]]:
    query = select(*cases.TICKET_COLUMNS).order_by(
        tickets.c.received_at.desc(), tickets.c.id.desc()
    )
    for column, value in (
        (tickets.c.state, wanted.state),
        (tickets.c.category, wanted.category),
        (tickets.c.pattern_id, wanted.pattern_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(tickets.c.received_at >= wanted.since)
    if cursor is not None:
        number, name = cursors.decode(_LISTING, cursor)
        received_at = moment(number)
        older = tickets.c.received_at < received_at
        same = and_(tickets.c.received_at == received_at, tickets.c.id < name)
        query = query.where(or_(older, same))
    return query


def _cursor_after(ticket: Ticket) -> str:
    return cursors.encode(_LISTING, microseconds(ticket.received_at), ticket.id)
