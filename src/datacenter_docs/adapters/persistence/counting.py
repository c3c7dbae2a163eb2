"""What the stored tickets, scores, feedback and executions say about a pattern, counted by the database."""

from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select, true, update

from datacenter_docs.adapters.persistence.tables import feedback, patterns, tickets
from datacenter_docs.domain.feedback import FeedbackType
from datacenter_docs.domain.tickets import CLOSED, TicketState


def recount(connection: Connection, pattern_id: str) -> None:
    """Store what is counted now; nothing happens when there is no such pattern."""
    wanted = {"wanted": pattern_id}
    counted = dict(connection.execute(_CASES, wanted).mappings().one())
    counted |= connection.execute(_WORDS, wanted).mappings().one()
    counted["last_verification_failed"] = connection.scalar(_LAST_VERIFICATION, wanted) is False
    connection.execute(_STORE, wanted | counted)


def times(condition: Any) -> Any:
    """How many rows meet the condition."""
    return func.count().filter(condition)


_MINE = tickets.c.pattern_id == bindparam("wanted")
"""Statements are built once: building one costs more than running it."""
RESOLVED = tickets.c.state == TicketState.RESOLVED
_CLOSED_OTHERWISE = tickets.c.state.in_(sorted(CLOSED - {TicketState.RESOLVED}))
_CASES = select(
    func.count().label("occurrences"),
    times(RESOLVED).label("resolved"),
    times(_CLOSED_OTHERWISE).label("failed"),
    func.coalesce(func.sum(tickets.c.ai_confidence), 0.0).label("confidence_sum"),
    func.count(tickets.c.ai_confidence).label("confidence_count"),
    func.coalesce(func.sum(tickets.c.overall_score), 0.0).label("reliability_sum"),
    func.count(tickets.c.overall_score).label("reliability_count"),
    times(tickets.c.executed).label("executions"),
    times(and_(tickets.c.executed, tickets.c.verification_passed == true())).label(
        "executions_succeeded"
    ),
    func.min(tickets.c.received_at).label("first_seen_at"),
    func.max(tickets.c.received_at).label("last_seen_at"),
).where(_MINE)
_WORDS = (
    select(
        *(times(feedback.c.effective_type == kind).label(kind.value) for kind in FeedbackType),
        func.coalesce(func.sum(feedback.c.rating), 0).label("rating_sum"),
        func.count(feedback.c.rating).label("rating_count"),
    )
    .select_from(feedback.join(tickets))
    .where(_MINE)
)
_LAST_VERIFICATION = (
    select(tickets.c.verification_passed)
    .where(_MINE, tickets.c.verified_at.is_not(None))
    .order_by(tickets.c.verified_at.desc(), tickets.c.id.desc())
    .limit(1)
)
_STORED = (
    *_CASES.selected_columns.keys(),
    *_WORDS.selected_columns.keys(),
    "last_verification_failed",
)
_KEPT_WITHOUT_TICKETS = ("first_seen_at", "last_seen_at")
_STORE = (
    update(patterns)
    .where(patterns.c.pattern_id == bindparam("wanted"))
    .values(
        {
            name: func.coalesce(bindparam(name, type_=patterns.c[name].type), patterns.c[name])
            if name in _KEPT_WITHOUT_TICKETS
            else bindparam(name)
            for name in _STORED
        }
    )
)
