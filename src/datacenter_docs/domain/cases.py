"""A case: a ticket together with everything that was found and done for it, and a change to it as a value."""

from datetime import datetime
from typing import Any

from datacenter_docs.domain.decision import Decision
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.outcomes import Outcome, Verification
from datacenter_docs.domain.reliability import Score
from datacenter_docs.domain.tickets import Ticket, TicketState
from datacenter_docs.domain.values import Value


class Case(Value):
    """A ticket and its papers; None: not there yet. `executed`: an action was started at least once, by whomever."""

    ticket: Ticket
    diagnosis: Diagnosis | None = None
    score: Score | None = None
    decision: Decision | None = None
    outcomes: tuple[Outcome, ...] = ()
    verification: Verification | None = None
    executed: bool = False


class CaseChange(Value):
    """What to change in a case, all at once; a field that is not given stays as it is.

    `expected`: the states from which this may happen; None: any from which `state` may be reached.
    Applying a change whose `state` is the current one is allowed (a replay), except where `expected` says otherwise.
    """

    at: datetime
    state: TicketState | None = None
    expected: frozenset[TicketState] | None = None
    diagnosis: Diagnosis | None = None
    score: Score | None = None
    decision: Decision | None = None
    outcomes: tuple[Outcome, ...] | None = None
    verification: Verification | None = None
    resolution: str | None = None
    pattern_id: str | None = None
    approval_expires_at: datetime | None = None
    executed: bool | None = None

    def columns(self) -> dict[str, Any]:
        """The fields that are set, by name, without `at` and `expected`."""
        return {
            k: v for k, v in dict(self).items() if v is not None and k not in ("at", "expected")
        }
