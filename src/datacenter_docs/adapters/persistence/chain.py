"""Appending to the hash chain inside somebody else's write transaction, so that a change and its journal share one commit."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from datacenter_docs.adapters.persistence.tables import journal
from datacenter_docs.domain.audit import GENESIS, Entry, Record, row_of, seal

_HEAD = select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
_INSERT = insert(journal)


def head(connection: Connection) -> tuple[int, str]:
    """`seq` and hash of the last record; (0, GENESIS) for an empty journal."""
    row = connection.execute(_HEAD).one_or_none()
    return (row.seq, row.hash) if row else (0, GENESIS)


def append(connection: Connection, entries: Sequence[Entry]) -> list[Record]:
    """Seal and insert in order. No other writer runs meanwhile (see `engine.py`), so `seq` has no gaps."""
    if not entries:
        return []
    seq, previous_hash = head(connection)
    records = []
    for entry in entries:
        seq += 1
        record = seal(entry, seq, previous_hash)
        previous_hash = record.hash
        records.append(record)
    connection.execute(_INSERT, [row_of(record)._asdict() for record in records])
    return records
