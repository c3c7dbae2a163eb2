"""What people said, in the database: one word per ticket and author."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    bindparam,
    insert,
    literal_column,
    select,
    union_all,
    update,
)

from datacenter_docs.adapters.persistence import chain
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.papers import to_text
from datacenter_docs.adapters.persistence.tables import feedback, tickets
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.feedback import Feedback, FeedbackRequest
from datacenter_docs.ports.patterns import Said

_LATEST_FIRST = (feedback.c.given_at.desc(), feedback.c.feedback_id.desc())


def _latest(scope: str, wanted: ColumnElement[bool]) -> Select[Any]:
    """The latest words of a scope, which stands beside each."""
    tagged = select(literal_column(f"'{scope}'").label("scope"), feedback)
    chosen = tagged.select_from(feedback.join(tickets)).where(wanted).order_by(*_LATEST_FIRST)
    return select(chosen.limit(bindparam("limit", type_=Integer)).subquery())


_SAID_OF = union_all(
    _latest("ticket", tickets.c.id == bindparam("ticket_id")),
    _latest("pattern", tickets.c.pattern_id == bindparam("pattern_id")),
    _latest("category", tickets.c.category == bindparam("category")),
)
"""One statement for all scopes, since every decision asks for them. The order of each is restored by `_said`."""


class SqlFeedbackStore:
    """People's words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, feedback: Feedback, entry: Entry) -> bool:
        def store(connection: Connection) -> bool:
            replaced = _put(connection, feedback)
            chain.append(connection, [entry])
            return replaced

        return await self._database.writer.run(store)

    async def said_of(
        self, ticket_id: str, pattern_id: str | None, category: str, limit: int
    ) -> Said:
        wanted = {
            "ticket_id": ticket_id,
            "pattern_id": pattern_id,
            "category": category,
            "limit": limit,
        }
        return _said(await self._database.read(lambda c: c.execute(_SAID_OF, wanted).all()))


def _said(rows: Sequence[Row[Any]]) -> Said:
    words: dict[str, list[Feedback]] = {"ticket": [], "pattern": [], "category": []}
    for row in sorted(rows, key=lambda row: (row.given_at, row.feedback_id), reverse=True):
        word = Feedback(
            feedback_id=row.feedback_id,
            request=FeedbackRequest.model_validate_json(row.content),
            given_at=row.given_at,
        )
        words[row.scope].append(word)
    return Said(words["ticket"], words["pattern"], words["category"])


def _put(connection: Connection, given: Feedback) -> bool:
    """Insert, or replace what the same author said before. Raises `NotFound`."""
    request = given.request
    if connection.scalar(select(tickets.c.id).where(tickets.c.id == request.ticket_id)) is None:
        raise NotFound(f"There is no ticket {request.ticket_id}.")
    row = {
        "feedback_id": given.feedback_id,
        "ticket_id": request.ticket_id,
        "author": request.author,
        "given_at": given.given_at,
        "effective_type": given.effective_type,
        "rating": request.rating,
        "content": to_text(request),
    }
    earlier = connection.execute(
        update(feedback)
        .where(feedback.c.ticket_id == request.ticket_id, feedback.c.author == request.author)
        .values(row)
    )
    if earlier.rowcount:
        return True
    connection.execute(insert(feedback).values(row))
    return False
