"""What a change makes of a case: the one place where the arrows between ticket states are obeyed.

Pure, so that every case store, real or fake, refuses the same things with the same words.
"""

from datetime import datetime

from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.errors import Refused
from datacenter_docs.domain.tickets import CLOSED, MOVES, Ticket

_ON_TICKET = ("state", "resolution", "pattern_id", "approval_expires_at")


def changed(case: Case, change: CaseChange) -> Case:
    """The case after the change. Raises `Refused` when its state does not allow it."""
    _check_state(case.ticket, change)
    given = change.columns()
    on_ticket = {name: given.pop(name) for name in _ON_TICKET if name in given}
    ticket = case.ticket.replaced(
        **on_ticket, updated_at=change.at, closed_at=_closed_at(case.ticket, change)
    )
    return case.replaced(**given, ticket=ticket)


def _check_state(ticket: Ticket, change: CaseChange) -> None:
    state = ticket.state
    if change.expected is not None and state not in change.expected:
        wanted = ", ".join(sorted(change.expected))
        raise Refused(
            f"Ticket {ticket.id} is {state}; this is possible only while it is {wanted}.",
            state=state,
        )
    if change.state is not None and change.state != state and change.state not in MOVES[state]:
        possible = ", ".join(sorted(MOVES[state])) or "nothing else"
        raise Refused(
            f"Ticket {ticket.id} is {state} and cannot become {change.state}: possible is {possible}.",
            state=state,
        )


def _closed_at(ticket: Ticket, change: CaseChange) -> datetime | None:
    if change.state is None or change.state == ticket.state:
        return ticket.closed_at
    return change.at if change.state in CLOSED else None
