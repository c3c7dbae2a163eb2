"""A ticket: what somebody asked, and where it stands."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from datacenter_docs.domain.values import Value


class TicketState(StrEnum):
    """Where a ticket stands; the arrows are in `MOVES`."""

    RECEIVED = "received"
    PROCESSING = "processing"
    AWAITING_APPROVAL = "awaiting_approval"
    REMEDIATING = "remediating"
    PROPOSED = "proposed"
    RESOLVED = "resolved"
    PARTIALLY_REMEDIATED = "partially_remediated"
    FAILED = "failed"
    REJECTED = "rejected"
    AMBIGUOUS = "ambiguous"


S = TicketState
MOVES: dict[TicketState, frozenset[TicketState]] = {
    S.RECEIVED: frozenset(
        {S.PROCESSING, S.AWAITING_APPROVAL, S.REMEDIATING, S.PROPOSED, S.FAILED}
    ),
    S.PROCESSING: frozenset(
        {S.AWAITING_APPROVAL, S.REMEDIATING, S.PROPOSED, S.FAILED, S.RESOLVED}
    ),
    S.AWAITING_APPROVAL: frozenset({S.REMEDIATING, S.REJECTED, S.PROPOSED, S.RESOLVED, S.FAILED}),
    S.REMEDIATING: frozenset(
        {S.RESOLVED, S.PARTIALLY_REMEDIATED, S.FAILED, S.AMBIGUOUS, S.PROPOSED}
    ),
    S.PROPOSED: frozenset({S.REMEDIATING, S.RESOLVED, S.REJECTED, S.FAILED}),
    S.PARTIALLY_REMEDIATED: frozenset({S.RESOLVED, S.FAILED}),
    S.FAILED: frozenset({S.RESOLVED}),
    S.REJECTED: frozenset({S.RESOLVED}),
    S.AMBIGUOUS: frozenset({S.RESOLVED, S.FAILED, S.PARTIALLY_REMEDIATED}),
    S.RESOLVED: frozenset(),
}
"""Which state may follow which; a person's `PATCH` and the workflow obey the same table."""

CLOSED = frozenset({S.RESOLVED, S.PARTIALLY_REMEDIATED, S.FAILED, S.REJECTED})
"""States that count as closed in the success history; `proposed` and `ambiguous` wait for a person."""

BY_A_PERSON = frozenset({S.RESOLVED, S.FAILED, S.REJECTED, S.PARTIALLY_REMEDIATED})
"""States that a person may set with `PATCH`."""


def move_allowed(current: TicketState, wanted: TicketState) -> bool:
    """Whether a ticket may go from one state to another; staying where it is is a replay, and allowed."""
    return wanted is current or wanted in MOVES[current]


_TICKET_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:#@-]{0,127}")


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain NUL characters (U+0000): remove them and send again")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(
            "contains half of a surrogate pair, which is not text: send valid Unicode"
        ) from None
    return text


def _identifier(text: str) -> str:
    if not _TICKET_ID.fullmatch(text):
        raise ValueError(
            "must be 1 to 128 letters, digits or . _ : # @ -, starting with a letter or digit (it becomes part of the URL)"
        )
    return text


Text = Annotated[str, AfterValidator(_storable)]
"""Any Unicode text that a database can keep: no NUL, no half surrogates. Untrusted: data, never instructions."""
TicketId = Annotated[str, AfterValidator(_identifier)]
PersonName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=320),
    AfterValidator(_storable),
]
"""Who did or asked something; blanks around it are no part of a name."""
Category = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=64),
    AfterValidator(_storable),
]


class TicketRequest(Value):
    """What the sender says. Automation is opt-in, per ticket. `requester`: who asked; four-eyes compares with it."""

    ticket_id: TicketId
    title: Annotated[Text, Field(max_length=1_000)] = ""
    description: Annotated[Text, Field(min_length=1, max_length=200_000)]
    category: Category = "general"
    enable_auto_remediation: bool = False
    requester: PersonName = "anonymous"
    priority: Annotated[Text, Field(max_length=64)] | None = None

    @property
    def text(self) -> str:
        """Title and description, for matching."""
        return f"{self.title}\n{self.description}" if self.title else self.description


class Ticket(Value):
    """A stored ticket. `resolution`: the sentences a person reads at the end; None while there are none."""

    request: TicketRequest
    state: TicketState
    received_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    resolution: str | None = None
    pattern_id: str | None = None
    approval_expires_at: datetime | None = None

    @property
    def id(self) -> str:
        return self.request.ticket_id
