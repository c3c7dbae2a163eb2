"""What people said, in the database: one word per ticket and author."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    bindparam,
    func,
    insert,
    literal_column,
    not_,
    select,
    union_all,
    update,
)

from datacenter_docs.adapters.persistence import chain, counting
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.papers import to_text
from datacenter_docs.adapters.persistence.tables import feedback, tickets
from datacenter_docs.domain import credence
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.credence import AUTHOR_SPAN, BURST_SPAN
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.feedback import Feedback, FeedbackRequest, FeedbackType
from datacenter_docs.ports.patterns import Put, Said

_LATEST_FIRST = (feedback.c.given_at.desc(), feedback.c.feedback_id.desc())


def _latest(scope: str, wanted: ColumnElement[bool]) -> Select[Any]:
    """The latest words of a scope, which stands beside each."""
    tagged = select(literal_column(f"'{scope}'").label("scope"), feedback)
    believed = feedback.c.set_aside.is_(None)
    chosen = tagged.select_from(feedback.join(tickets)).where(wanted, believed)
    chosen = chosen.order_by(*_LATEST_FIRST)
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

    async def put(self, feedback: Feedback, entry: Entry) -> Put:
        def store(connection: Connection) -> Put:
            stored = _put(connection, feedback)
            told = {**entry.body, "set_aside": stored.set_aside}
            chain.append(connection, [entry.replaced(body=told) if stored.set_aside else entry])
            return stored

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


def _put(connection: Connection, given: Feedback) -> Put:
    """Insert, or replace what the same author said before, and count the difference. Raises `NotFound`."""
    request = given.request
    wanted = {"ticket_id": request.ticket_id, "author": request.author}
    ticket = connection.execute(_TICKET, wanted).one_or_none()
    if ticket is None:
        raise NotFound(f"There is no ticket {request.ticket_id}.")
    earlier = connection.execute(_EARLIER, wanted).one_or_none()
    aside = credence.set_aside(
        given,
        verification_failed=ticket.verification_passed is False,
        by_author=_praise(connection, given, ticket.pattern_id, AUTHOR_SPAN, request.author),
        lately=_praise(connection, given, ticket.pattern_id, BURST_SPAN),
    )
    row = {
        "feedback_id": given.feedback_id,
        **wanted,
        "given_at": given.given_at,
        "effective_type": given.effective_type,
        "rating": request.rating,
        "set_aside": aside,
        "content": to_text(request),
    }
    if earlier is None:
        connection.execute(insert(feedback).values(row))
    else:
        this = feedback.c.ticket_id == request.ticket_id, feedback.c.author == request.author
        connection.execute(update(feedback).where(*this).values(row))
    if ticket.pattern_id is not None:
        more = Counter(counting.of_word(given.effective_type, request.rating, aside))
        if earlier is not None:
            more.subtract(
                counting.of_word(earlier.effective_type, earlier.rating, earlier.set_aside)
            )
        counting.count(connection, ticket.pattern_id, more)
    return Put(replaced=earlier is not None, set_aside=aside)


def _praise(
    connection: Connection,
    given: Feedback,
    pattern_id: str | None,
    span: timedelta,
    author: str | None = None,
) -> int:
    """Words of praise for a pattern that count, of one author (None: anybody), in the time before this one, without those
    of its author on its ticket.
    """
    if pattern_id is None or given.effective_type is not FeedbackType.POSITIVE:
        return 0
    query = _PRAISE if author is None else _PRAISE_OF_ONE
    told = {
        "pattern_id": pattern_id,
        "since": given.given_at - span,
        "ticket_id": given.request.ticket_id,
        "author": given.request.author,
    }
    return connection.scalar(query, told) or 0


_TICKET = select(tickets.c.pattern_id, tickets.c.verification_passed).where(
    tickets.c.id == bindparam("ticket_id")
)
_THIS = (feedback.c.ticket_id == bindparam("ticket_id")) & (
    feedback.c.author == bindparam("author")
)
_EARLIER = select(feedback.c.effective_type, feedback.c.rating, feedback.c.set_aside).where(_THIS)
_PRAISE = (
    select(func.count())
    .select_from(feedback.join(tickets))
    .where(
        feedback.c.given_at > bindparam("since", type_=feedback.c.given_at.type),
        feedback.c.effective_type == FeedbackType.POSITIVE,
        feedback.c.set_aside.is_(None),
        tickets.c.pattern_id == bindparam("pattern_id"),
        not_(_THIS),
    )
)
_PRAISE_OF_ONE = _PRAISE.where(feedback.c.author == bindparam("author"))
