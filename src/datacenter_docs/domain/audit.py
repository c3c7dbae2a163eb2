"""The journal: append-only records, each carrying the hash of the one before. Pure: hashing and verifying only."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from datacenter_docs.domain.values import Value


class EntryKind(StrEnum):
    """Everything that is ever journaled."""

    TICKET_RECEIVED = "ticket.received"
    TICKET_DIAGNOSED = "ticket.diagnosed"
    TICKET_SCORED = "ticket.scored"
    TICKET_DECIDED = "ticket.decided"
    TICKET_CHANGED = "ticket.changed"
    APPROVAL_REQUESTED = "approval.requested"
    APPROVAL_GIVEN = "approval.given"
    APPROVAL_EXPIRED = "approval.expired"
    ACTION_INTENDED = "action.intended"
    ACTION_STARTED = "action.started"
    ACTION_FINISHED = "action.finished"
    ROLLBACK_INTENDED = "rollback.intended"
    ROLLBACK_STARTED = "rollback.started"
    ROLLBACK_FINISHED = "rollback.finished"
    PLAN_VERIFIED = "plan.verified"
    FEEDBACK_GIVEN = "feedback.given"
    PATTERN_CHANGED = "pattern.changed"
    POLICY_CHANGED = "policy.changed"
    KILL_SWITCH = "kill_switch.set"
    NOTICE_SENT = "notice.sent"


class Entry(Value):
    """What a service wants journaled. `ticket_id` None: not about one ticket. `actor`: a person's name, or `system`."""

    kind: EntryKind
    at: datetime
    actor: str = "system"
    ticket_id: str | None = None
    body: dict[str, Any] = {}


class Record(Value):
    """A stored entry. `seq` counts from 1 without gaps. `body` is the canonical JSON text that was hashed."""

    seq: int
    kind: str
    at: datetime
    actor: str
    ticket_id: str | None
    body: str
    previous_hash: str
    hash: str
