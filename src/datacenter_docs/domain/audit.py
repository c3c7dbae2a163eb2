"""The journal: append-only records, each carrying the hash of the one before. Pure: hashing and verifying only.

A record's hash is the sha256 of its fields as text, each with its length before it, so that no two records share a text:
`<previous hash> <seq> <length>:<kind> <length>:<time> <length>:<actor> <length>:<ticket id> <length>:<body>` in UTF-8,
with `-` in place of a ticket id that is None. Verifying needs no JSON and no time zone, only these texts.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from datacenter_docs.domain.values import Value, canonical_json

GENESIS = "0" * 64
"""What the first record carries in place of a hash before it."""


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
    NOTE_CHANGED = "note.changed"
    VANISHED_ACCEPTED = "estate.vanished_accepted"
    TOKEN_CREATED = "token.created"
    TOKEN_ROTATED = "token.rotated"
    TOKEN_REVOKED = "token.revoked"


class Entry(Value):
    """What a service wants journaled. `ticket_id` None: not about one ticket. `actor`: a person's name, or `system`.

    `body` holds plain JSON values, no NaN.
    """

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


class Row(NamedTuple):
    """A record as plain texts, as verification reads it; `at` as `time_text` writes it. Any tuple in this order will do."""

    seq: int
    kind: str
    at: str
    actor: str
    ticket_id: str | None
    body: str
    previous_hash: str
    hash: str


class ChainReport(Value):
    """The result of verifying: how many records are sound, and the hash of the last of them.

    `bad_seq` and `reason`: the first record that is not, as it should be numbered; None: all are.
    """

    ok: bool
    records: int
    head_hash: str
    bad_seq: int | None = None
    reason: str | None = None


def time_text(at: datetime) -> str:
    """The one way to write a record's time: UTC, microseconds, offset. A time without zone is taken for UTC."""
    aware = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.isoformat(timespec="microseconds")


def seal(entry: Entry, seq: int, previous_hash: str) -> Record:
    """The record of an entry at its place in the chain. Raises `ValueError` or `TypeError` for a body that is not JSON."""
    body = canonical_json(entry.body)
    kind = entry.kind.value
    return Record(
        seq=seq,
        kind=kind,
        at=entry.at,
        actor=entry.actor,
        ticket_id=entry.ticket_id,
        body=body,
        previous_hash=previous_hash,
        hash=_hashed(
            previous_hash, seq, kind, time_text(entry.at), entry.actor, entry.ticket_id, body
        ),
    )


def row_of(record: Record) -> Row:
    """The record as verification reads it."""
    return Row(
        record.seq,
        record.kind,
        time_text(record.at),
        record.actor,
        record.ticket_id,
        record.body,
        record.previous_hash,
        record.hash,
    )


def verify_chain(
    rows: Iterable[tuple[int, str, str, str, str | None, str, str, str]],
    *,
    after_seq: int = 0,
    head_hash: str = GENESIS,
) -> ChainReport:
    """Recompute the chain over rows in the order of `Row`, stopping at the first that is wrong.

    `after_seq` and `head_hash`: the record after which the rows begin; the defaults: from the first.
    """
    seq = after_seq
    for row in rows:
        found, kind, at, actor, ticket_id, body, previous, own = row
        if found != seq + 1:
            return _broken(
                seq, after_seq, head_hash, f"record {seq + 1} is missing, {found} follows"
            )
        if previous != head_hash:
            return _broken(seq, after_seq, head_hash, "it does not follow the record before it")
        if own != _hashed(previous, found, kind, at, actor, ticket_id, body):
            return _broken(seq, after_seq, head_hash, "its content does not match its hash")
        seq, head_hash = found, own
    return ChainReport(ok=True, records=seq - after_seq, head_hash=head_hash)


def _broken(seq: int, after_seq: int, head_hash: str, reason: str) -> ChainReport:
    return ChainReport(
        ok=False, records=seq - after_seq, head_hash=head_hash, bad_seq=seq + 1, reason=reason
    )


def _hashed(
    previous_hash: str,
    seq: int,
    kind: str,
    at: str,
    actor: str,
    ticket_id: str | None,
    body: str,
) -> str:
    ticket = "-" if ticket_id is None else f"{len(ticket_id)}:{ticket_id}"
    text = (
        f"{previous_hash} {seq} {len(kind)}:{kind} {len(at)}:{at} "
        f"{len(actor)}:{actor} {ticket} {len(body)}:{body}"
    )
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
