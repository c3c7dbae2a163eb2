"""What the stored tickets, scores, feedback and executions say about a pattern, counted by the database.

A ticket that is new to its pattern is added to what was counted; whatever else changes is counted anew, so that nothing
counts twice. Adding keeps a decision as quick with a hundred thousand tickets of its kind as with the first.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, select, true, update

from datacenter_docs.adapters.persistence.tables import feedback, patterns, tickets
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.feedback import FeedbackType
from datacenter_docs.domain.tickets import CLOSED, TicketState

_COUNTED = frozenset({"pattern_id", "score"})
"""What a decision brings to a pattern. How the ticket ends is learned by `services.learning`, which tells what it changed."""


class Counted:
    """What the changes of one transaction mean for the patterns of their tickets."""

    def __init__(self) -> None:
        self._new: dict[str, Mapping[str, Any]] = {}
        self._again: set[str] = set()

    def add(self, before: Case, after: Case, change: CaseChange) -> None:
        """Take a change into account; most change nothing that is counted."""
        pattern_id, ticket = after.ticket.pattern_id, after.ticket
        if pattern_id is None or not _COUNTED & change.columns().keys():
            return
        if before.ticket.pattern_id is not None or after.executed or ticket.state in CLOSED:
            self._again |= {pattern_id, before.ticket.pattern_id or pattern_id}
            return
        self._new[ticket.id] = {
            "wanted": pattern_id,
            "confidence": after.diagnosis.confidence if after.diagnosis else None,
            "reliability": after.score.overall_score if after.score else None,
            "received_at": ticket.received_at,
        }

    def store(self, connection: Connection) -> None:
        """Write it, after the tickets were written."""
        if not self._new and not self._again:
            return
        spoken_of = set(connection.scalars(_SPOKEN_OF, {"ids": list(self._new)}))
        again = self._again | {self._new[ticket_id]["wanted"] for ticket_id in spoken_of}
        added = [row for row in self._new.values() if row["wanted"] not in again]
        if added:
            connection.execute(_ADD, added)
        for pattern_id in sorted(again):
            recount(connection, pattern_id)


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
_SPOKEN_OF = select(feedback.c.ticket_id).where(
    feedback.c.ticket_id.in_(bindparam("ids", expanding=True))
)


def _added(total: str, count: str, given: str) -> dict[str, Any]:
    """A sum and its count, with one more value; None adds nothing."""
    value: Any = bindparam(given, type_=patterns.c[total].type)
    return {
        total: patterns.c[total] + func.coalesce(value, 0.0),
        count: patterns.c[count] + case((value.is_(None), 0), else_=1),
    }


_RECEIVED_AT: Any = bindparam("received_at", type_=patterns.c.first_seen_at.type)
_FIRST = patterns.c.occurrences == 0
_ADD = (
    update(patterns)
    .where(patterns.c.pattern_id == bindparam("wanted"))
    .values(
        occurrences=patterns.c.occurrences + 1,
        first_seen_at=case(
            (_FIRST | (patterns.c.first_seen_at > _RECEIVED_AT), _RECEIVED_AT),
            else_=patterns.c.first_seen_at,
        ),
        last_seen_at=case(
            (_FIRST | (patterns.c.last_seen_at < _RECEIVED_AT), _RECEIVED_AT),
            else_=patterns.c.last_seen_at,
        ),
        **_added("confidence_sum", "confidence_count", "confidence"),
        **_added("reliability_sum", "reliability_count", "reliability"),
    )
)
