"""Rows to cases and back, and the one conditional update that every store uses to change a case."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, Update, bindparam, delete, insert, select, update

from datacenter_docs.adapters.persistence import chain
from datacenter_docs.adapters.persistence.counting import Counted
from datacenter_docs.adapters.persistence.papers import to_text
from datacenter_docs.adapters.persistence.tables import outcomes, tickets
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.changing import changed
from datacenter_docs.domain.decision import Decision
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.errors import DatacenterDocsError, NotFound, Refused
from datacenter_docs.domain.outcomes import Outcome, Verification
from datacenter_docs.domain.reliability import Score
from datacenter_docs.domain.tickets import Ticket, TicketRequest
from datacenter_docs.domain.values import Value

Paper = TypeVar("Paper", bound=Value)

_OUTCOMES = TypeAdapter(tuple[Outcome, ...])
_PAPERS = ("diagnosis", "score", "decision", "outcomes", "verification")
_OUTCOME_COLUMNS = ("operation", "kind", "target", "finished_at")
_PLAIN = ("resolution", "pattern_id", "approval_expires_at", "executed")
_REQUEST = tuple(name for name in TicketRequest.model_fields if name != "ticket_id")
_TICKET = tuple(name for name in Ticket.model_fields if name != "request")
_DERIVED: dict[str, Callable[[Any], dict[str, Any]]] = {
    "diagnosis": lambda it: {"ai_confidence": it.confidence},
    "score": lambda it: {
        "overall_score": it.overall_score,
        "confidence_level": it.confidence_level,
    },
    "decision": lambda it: {"requires_approval": it.allowed and it.requires_approval},
    "verification": lambda it: {"verification_passed": it.passed},
}
"""What statistics count by, taken out of the papers."""
_BY_ID = select(tickets).where(tickets.c.id == bindparam("wanted"))
_BY_IDS = select(tickets).where(tickets.c.id.in_(bindparam("wanted", expanding=True)))
TICKET_COLUMNS = tuple(c for c in tickets.c if c.name not in _PAPERS)
"""Enough for a ticket, without its papers."""


class Wish(NamedTuple):
    """A change of one case, and what is journaled with it."""

    ticket_id: str
    change: CaseChange
    entries: Sequence[Entry] = ()


def load(connection: Connection, ticket_id: str) -> Case:
    """The case. Raises `NotFound`."""
    row = connection.execute(_BY_ID, {"wanted": ticket_id}).mappings().one_or_none()
    if row is None:
        raise _unknown(ticket_id)
    return _case_of(row)


def apply(connection: Connection, wish: Wish) -> Case:
    """Change the case and journal it. Raises `NotFound` and `Refused`, before anything is written."""
    [answer] = apply_all(connection, [wish])
    if isinstance(answer, DatacenterDocsError):
        raise answer
    return answer


def apply_all(connection: Connection, wishes: Sequence[Wish]) -> list[Case | DatacenterDocsError]:
    """Change many cases with few statements; an error among the answers is of its own wish only, of which nothing is
    written. One ticket may be among them several times.
    """
    stored = connection.execute(_BY_IDS, {"wanted": list({wish.ticket_id for wish in wishes})})
    known = {row["id"]: _case_of(row) for row in stored.mappings()}
    answers: list[Case | DatacenterDocsError] = []
    written: dict[str, dict[str, Any]] = {}
    counted = Counted()
    entries: list[Entry] = []
    for wish in wishes:
        answer = _changed(known.get(wish.ticket_id), wish)
        answers.append(answer)
        if isinstance(answer, DatacenterDocsError):
            continue
        before, known[wish.ticket_id] = known[wish.ticket_id], answer
        # A later change of the same ticket lies over an earlier one.
        written.setdefault(wish.ticket_id, {}).update(_changed_columns(answer, wish.change))
        counted.add(before, answer, wish.change)
        entries += wish.entries
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for ticket_id, columns in written.items():
        alike.setdefault(tuple(columns), []).append({"wanted": ticket_id, **columns})
    for names, rows in alike.items():
        connection.execute(_update_of(names), rows)
    for wish, answer in zip(wishes, answers, strict=True):
        if wish.change.outcomes is not None and isinstance(answer, Case):
            _keep_outcomes(connection, wish.ticket_id, wish.change.outcomes)
    counted.store(connection)
    chain.append(connection, entries)
    return answers


def _changed(case: Case | None, wish: Wish) -> Case | DatacenterDocsError:
    if case is None:
        return _unknown(wish.ticket_id)
    try:
        return changed(case, wish.change)
    except Refused as refusal:
        return refusal


def _unknown(ticket_id: str) -> NotFound:
    return NotFound(f"There is no ticket {ticket_id}.")


def _case_of(row: RowMapping) -> Case:
    return Case(
        ticket=ticket_of(row),
        diagnosis=_paper(Diagnosis, row["diagnosis"]),
        score=_paper(Score, row["score"]),
        decision=_paper(Decision, row["decision"]),
        outcomes=_OUTCOMES.validate_json(row["outcomes"]) if row["outcomes"] else (),
        verification=_paper(Verification, row["verification"]),
        executed=row["executed"],
    )


@lru_cache(maxsize=64)
def _update_of(columns: tuple[str, ...]) -> Update:
    """The update of these columns of one ticket, built once for each of the few combinations that there are."""
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return update(tickets).where(tickets.c.id == bindparam("wanted")).values(values)


def ticket_of(row: RowMapping) -> Ticket:
    """The ticket of a row that has at least `TICKET_COLUMNS`."""
    request = TicketRequest(ticket_id=row["id"], **{name: row[name] for name in _REQUEST})
    return Ticket(request=request, **{name: row[name] for name in _TICKET})


def new_row(ticket: Ticket) -> dict[str, Any]:
    """The row of a ticket that was just received: without papers, in the outbox."""
    row = {**vars(ticket), **vars(ticket.request), "delivered": False, "executed": False}
    row["id"] = row.pop("ticket_id")
    del row["request"]
    return row


def _changed_columns(case: Case, change: CaseChange) -> dict[str, Any]:
    given = change.columns()
    row = {name: given[name] for name in _PLAIN if name in given}
    row |= {name: to_text(given[name]) for name in _PAPERS if name in given}
    for name, derive in _DERIVED.items():
        if name in given:
            row |= derive(given[name])
    if change.verification is not None:
        row["verified_at"] = change.at
    ticket = case.ticket
    return row | {name: getattr(ticket, name) for name in ("state", "updated_at", "closed_at")}


def _keep_outcomes(connection: Connection, ticket_id: str, kept: Sequence[Outcome]) -> None:
    """The same outcomes once more as rows, for counting by operation, and for finding by target."""
    connection.execute(delete(outcomes).where(outcomes.c.ticket_id == ticket_id))
    if kept:
        connection.execute(
            insert(outcomes),
            [
                {
                    "ticket_id": ticket_id,
                    "position": position,
                    **{name: getattr(outcome, name) for name in _OUTCOME_COLUMNS},
                }
                for position, outcome in enumerate(kept)
            ],
        )


def _paper(kind: type[Paper], text: str | None) -> Paper | None:
    return None if text is None else kind.model_validate_json(text)
