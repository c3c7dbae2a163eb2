"""What people said, in the database: one word per ticket and author."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, insert, select, update

from datacenter_docs.adapters.persistence import chain
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.papers import to_text
from datacenter_docs.adapters.persistence.tables import feedback, tickets
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.feedback import Feedback, FeedbackRequest

_LATEST_FIRST = (feedback.c.given_at.desc(), feedback.c.feedback_id.desc())
_OF_TICKET = (
    select(feedback)
    .where(feedback.c.ticket_id == bindparam("wanted"))
    .order_by(feedback.c.given_at, feedback.c.feedback_id)
)
_OF_TICKETS = (
    select(feedback)
    .select_from(feedback.join(tickets))
    .order_by(*_LATEST_FIRST)
    .limit(bindparam("limit", type_=Integer))
)
_OF_PATTERN = _OF_TICKETS.where(tickets.c.pattern_id == bindparam("wanted"))
_OF_CATEGORY = _OF_TICKETS.where(tickets.c.category == bindparam("wanted"))


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

    async def of_ticket(self, ticket_id: str) -> Sequence[Feedback]:
        return await self._all(_OF_TICKET, {"wanted": ticket_id})

    async def of_pattern(self, pattern_id: str, limit: int) -> Sequence[Feedback]:
        return await self._all(_OF_PATTERN, {"wanted": pattern_id, "limit": limit})

    async def of_category(self, category: str, limit: int) -> Sequence[Feedback]:
        return await self._all(_OF_CATEGORY, {"wanted": category, "limit": limit})

    async def _all(self, query: Select[Any], wanted: Mapping[str, Any]) -> Sequence[Feedback]:
        rows = await self._database.read(lambda c: c.execute(query, wanted).all())
        return [
            Feedback(
                feedback_id=row.feedback_id,
                request=FeedbackRequest.model_validate_json(row.content),
                given_at=row.given_at,
            )
            for row in rows
        ]


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
