"""The journal: append-only records, each carrying the hash of the one before. Pure: hashing and verifying only."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from datacenter_docs.domain.values import Value, canonical_json

GENESIS = "0" * 64
"""What the first record has for a previous hash."""

Row = tuple[int, str, str, str, str | None, str, str, str]
"""A stored record as it lies: seq, kind, time as ISO text, actor, ticket id, body, previous hash, hash."""


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


class ChainReport(Value):
    """The result of recomputing a chain. `bad_seq`: the first record that is wrong, and why; None: all hold."""

    records: int
    head_hash: str
    bad_seq: int | None = None
    reason: str | None = None


def seal(entry: Entry, seq: int, previous_hash: str) -> Record:
    """The record of an entry: its time in UTC, its body canonical, its hash over everything before it."""
    at = entry.at.astimezone(UTC)
    body = canonical_json(entry.body)
    link = _link(
        seq, entry.kind, at.isoformat(), entry.actor, entry.ticket_id, body, previous_hash
    )
    return Record(
        seq=seq,
        kind=entry.kind,
        at=at,
        actor=entry.actor,
        ticket_id=entry.ticket_id,
        body=body,
        previous_hash=previous_hash,
        hash=link,
    )


def verify_chain(rows: Iterable[Row]) -> ChainReport:
    """Recompute the chain from the first record on; stops at the first that is wrong."""
    head, count = GENESIS, 0
    for seq, kind, at, actor, ticket_id, body, previous_hash, found in rows:
        wrong = None
        if seq != count + 1:
            wrong = f"record {count + 1} is missing"
        elif previous_hash != head:
            wrong = "it does not follow the record before it"
        elif found != _link(seq, kind, at, actor, ticket_id, body, previous_hash):
            wrong = "its content does not match its hash"
        if wrong:
            return ChainReport(records=count, head_hash=head, bad_seq=seq, reason=wrong)
        head, count = found, seq
    return ChainReport(records=count, head_hash=head)


def _link(*content: int | str | None) -> str:
    return hashlib.sha256(canonical_json(content).encode("utf-8", "surrogatepass")).hexdigest()
