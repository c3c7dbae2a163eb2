"""Journal records as the API shows them."""

import json

from datacenter_docs.domain.audit import Record
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.entrypoints.api.schemas import LogRecord

MAX_SEQ = 10**18
"""Beyond any sequence number of a journal, and within what every database can compare."""


def shown(record: Record) -> LogRecord:
    """A record with its body as an object."""
    return LogRecord(
        seq=record.seq,
        at=record.at,
        kind=record.kind,
        actor=record.actor,
        ticket_id=record.ticket_id,
        body=json.loads(record.body),
        previous_hash=record.previous_hash,
        hash=record.hash,
    )


def after(cursor: str | None) -> int:
    """The sequence number of a cursor. Raises `Invalid` for a foreign one."""
    if cursor is None:
        return 0
    if not cursor.isdecimal() or len(cursor) > 18:
        raise Invalid(
            "The cursor was not given by this list: start again without one.",
            {"cursor": "is not a cursor of this list"},
        )
    return int(cursor)
