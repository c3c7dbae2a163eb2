"""What the stored tickets, scores, feedback and executions say about a pattern.

Whatever changes is counted in the same commit, as the difference that it makes, so that a pattern of a hundred thousand
tickets learns as quickly as one of three. Counting anew gives the same numbers: that is done where tickets go from one
pattern to another, and a test holds the two equal.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, select, true, update

from datacenter_docs.adapters.persistence.tables import feedback, patterns, tickets
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.credence import SetAside
from datacenter_docs.domain.feedback import FeedbackType
from datacenter_docs.domain.tickets import CLOSED, TicketState

_COUNTED = frozenset({"pattern_id", "score", "diagnosis", "state", "executed", "verification"})
"""What a change of a ticket may have that means something for its pattern."""
NUMBERS = (
    "occurrences",
    "resolved",
    "failed",
    "confidence_sum",
    "confidence_count",
    "reliability_sum",
    "reliability_count",
    "executions",
    "executions_succeeded",
    *(kind.value for kind in FeedbackType),
    "rating_sum",
    "rating_count",
    "set_aside",
)
Numbers = Mapping[str, float]


class Counted:
    """What the changes of one transaction mean for the patterns of their tickets."""

    def __init__(self) -> None:
        self._differences: defaultdict[str, defaultdict[str, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        self._joined: dict[str, tuple[str, datetime]] = {}
        self._verified: dict[str, bool] = {}
        self._failed: set[str] = set()
        self._again: set[str] = set()

    def add(self, before: Case, after: Case, change: CaseChange) -> None:
        """Take a change into account; most change nothing that is counted."""
        pattern_id, left = after.ticket.pattern_id, before.ticket.pattern_id
        if pattern_id is None or not _COUNTED & change.columns().keys():
            return
        if left is not None and left != pattern_id:
            self._again |= {left, pattern_id}
            return
        self._tell(pattern_id, of_case(after), 1)
        if left is None:
            self._joined[after.ticket.id] = (pattern_id, after.ticket.received_at)
        else:
            self._tell(pattern_id, of_case(before), -1)
        if change.verification is not None:
            self._verified[pattern_id] = change.verification.passed
            if not change.verification.passed:
                self._failed.add(after.ticket.id)

    def store(self, connection: Connection) -> None:
        """Write it, after the tickets were written."""
        again = self._again | set(self._disbelieved(connection)) | set(self._spoken_of(connection))
        joined: defaultdict[str, list[datetime]] = defaultdict(list)
        for pattern_id, at in self._joined.values():
            joined[pattern_id].append(at)
        alike: defaultdict[bool, list[dict[str, Any]]] = defaultdict(list)
        for pattern_id, numbers in sorted(self._differences.items()):
            if pattern_id not in again:
                arrived = joined.get(pattern_id)
                seen = {"first": min(arrived), "last": max(arrived)} if arrived else {}
                alike[bool(arrived)].append(_row(pattern_id, numbers) | seen)
        for has_joined, rows in alike.items():
            connection.execute(_JOIN if has_joined else _ADD, rows)
        for pattern_id, passed in sorted(self._verified.items()):
            if pattern_id not in again:
                connection.execute(_VERIFIED, {"wanted": pattern_id, "failing": not passed})
        for pattern_id in sorted(again):
            recount(connection, pattern_id)

    def _tell(self, pattern_id: str, numbers: Numbers, sign: int) -> None:
        for name, number in numbers.items():
            self._differences[pattern_id][name] += sign * number

    def _spoken_of(self, connection: Connection) -> Iterator[str]:
        """Patterns that a ticket joins of which somebody spoke before it had one."""
        if self._joined:
            for ticket_id in connection.scalars(_SPOKEN_OF, {"ids": list(self._joined)}):
                yield self._joined[ticket_id][0]

    def _disbelieved(self, connection: Connection) -> Iterator[str]:
        """Patterns of tickets that were praised, and whose verification failed after that."""
        if self._failed:
            wanted = {"ids": sorted(self._failed)}
            if connection.execute(_DISBELIEVE, wanted).rowcount:
                yield from connection.scalars(_PATTERNS_OF, wanted)


def of_case(one: Case) -> Numbers:
    """What a ticket adds to its pattern."""
    state, confidence, score = one.ticket.state, one.diagnosis, one.score
    succeeded = one.executed and one.verification is not None and one.verification.passed
    return {
        "occurrences": 1,
        "resolved": state is TicketState.RESOLVED,
        "failed": state in CLOSED and state is not TicketState.RESOLVED,
        "confidence_sum": confidence.confidence if confidence else 0.0,
        "confidence_count": confidence is not None,
        "reliability_sum": score.overall_score if score else 0.0,
        "reliability_count": score is not None,
        "executions": one.executed,
        "executions_succeeded": succeeded,
    }


def of_word(kind: str, rating: int | None, set_aside: str | None) -> Numbers:
    """What a word adds to the pattern of its ticket."""
    if set_aside is not None:
        return {"set_aside": 1}
    return {kind: 1, "rating_sum": rating or 0, "rating_count": rating is not None}


def count(connection: Connection, pattern_id: str, differences: Numbers) -> None:
    """Add differences to a pattern."""
    connection.execute(_ADD, [_row(pattern_id, differences)])


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


def _row(pattern_id: str, differences: Numbers) -> dict[str, Any]:
    return {"wanted": pattern_id, **{f"more_{n}": differences.get(n, 0) for n in NUMBERS}}


_MINE = tickets.c.pattern_id == bindparam("wanted")
"""Statements are built once: building one costs more than running it."""
_PATTERN = patterns.c.pattern_id == bindparam("wanted")
_BELIEVED = feedback.c.set_aside.is_(None)
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
        *(
            times(and_(_BELIEVED, feedback.c.effective_type == kind)).label(kind.value)
            for kind in FeedbackType
        ),
        func.coalesce(func.sum(feedback.c.rating).filter(_BELIEVED), 0).label("rating_sum"),
        func.count(feedback.c.rating).filter(_BELIEVED).label("rating_count"),
        times(feedback.c.set_aside.is_not(None)).label("set_aside"),
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
_KEPT_WITHOUT_TICKETS = ("first_seen_at", "last_seen_at")
_STORE = (
    update(patterns)
    .where(_PATTERN)
    .values(
        {
            name: func.coalesce(bindparam(name, type_=patterns.c[name].type), patterns.c[name])
            if name in _KEPT_WITHOUT_TICKETS
            else bindparam(name)
            for name in (*NUMBERS, *_KEPT_WITHOUT_TICKETS, "last_verification_failed")
        }
    )
)
_ADD = (
    update(patterns)
    .where(_PATTERN)
    .values({n: patterns.c[n] + bindparam(f"more_{n}", type_=patterns.c[n].type) for n in NUMBERS})
)
_FIRST, _LAST = patterns.c.first_seen_at, patterns.c.last_seen_at
_FROM: Any = bindparam("first", type_=_FIRST.type)
_TO: Any = bindparam("last", type_=_LAST.type)
_NONE_YET = patterns.c.occurrences == 0
_JOIN = _ADD.values(
    first_seen_at=case((_NONE_YET | (_FIRST > _FROM), _FROM), else_=_FIRST),
    last_seen_at=case((_NONE_YET | (_LAST < _TO), _TO), else_=_LAST),
)
"""In an update every column on the right is what it was before."""
_VERIFIED = update(patterns).where(_PATTERN).values(last_verification_failed=bindparam("failing"))
_SPOKEN_OF = select(feedback.c.ticket_id).where(
    feedback.c.ticket_id.in_(bindparam("ids", expanding=True))
)
_DISBELIEVE = (
    update(feedback)
    .where(
        feedback.c.ticket_id.in_(bindparam("ids", expanding=True)),
        feedback.c.effective_type == FeedbackType.POSITIVE,
        _BELIEVED,
    )
    .values(set_aside=SetAside.CONTRADICTED)
)
_PATTERNS_OF = (
    select(tickets.c.pattern_id)
    .where(tickets.c.id.in_(bindparam("ids", expanding=True)), tickets.c.pattern_id.is_not(None))
    .distinct()
)
