"""Rows of postings, on both databases: written by appending, read by their keys. Knows SQL and nothing of weights.

New postings go into short rows, a chunk of tickets together, and a full chunk is moved into the long rows of its part.
The same bytes on both, read by the same code, so both give the same answers.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, delete

from datacenter_docs.adapters.retrieval.tables import similar_postings

PART = 1 << 16
"""Tickets whose postings share a row once they are settled."""
CHUNK = 1 << 12
"""Tickets whose postings are in short rows of their own until there are so many: a long row is not written anew for each."""
_UNSETTLED = 1 << 20
"""Where the numbers of chunks begin in keys; those of parts are below."""
RECORD = np.dtype([("place", "<u2"), ("code", "u1")])
"""A posting: the ticket's place in its part, and the term's weight in title (high four bits) and body (low four)."""
_APPEND_SQLITE = (
    "INSERT INTO similar_postings (key, payload) VALUES (?, ?) ON CONFLICT (key)"
    " DO UPDATE SET payload = CAST(payload || excluded.payload AS BLOB)"
)
_APPEND_POSTGRES = (
    "INSERT INTO similar_postings (key, payload)"
    " SELECT * FROM unnest(%s::bigint[], %s::bytea[]) ON CONFLICT (key)"
    " DO UPDATE SET payload = similar_postings.payload || excluded.payload"
)
_SIZES_SQLITE = (
    "SELECT p.key, length(p.payload) FROM json_each(?) wanted"
    " JOIN similar_postings p ON p.key = wanted.value"
)
_SIZES_POSTGRES = (
    "SELECT key, octet_length(payload) FROM similar_postings WHERE key = ANY(%s::bigint[])"
)
_TICKETS_SQLITE = (
    "SELECT number, ticket_id, received_second, category_hash, body_length FROM similar_tickets"
    " WHERE number IN (SELECT value FROM json_each(?))"
)
_TICKETS_POSTGRES = (
    "SELECT number, ticket_id, received_second, category_hash, body_length FROM similar_tickets"
    " WHERE number = ANY(%s::bigint[])"
)
_SETTLE_SQLITE = (
    "INSERT INTO similar_postings (key, payload)"
    " SELECT ? + (key & 4294967295), payload FROM similar_postings WHERE key >= ? AND key < ?"
    " ON CONFLICT (key) DO UPDATE SET payload = CAST(payload || excluded.payload AS BLOB)"
)
_SETTLE_POSTGRES = (
    "INSERT INTO similar_postings (key, payload)"
    " SELECT %s + (key & 4294967295), payload FROM similar_postings WHERE key >= %s AND key < %s"
    " ON CONFLICT (key) DO UPDATE SET payload = similar_postings.payload || excluded.payload"
)
_READ_SQLITE = (
    "SELECT p.key, p.payload FROM json_each(?) wanted"
    " JOIN similar_postings p ON p.key = wanted.value"
)
_READ_POSTGRES = "SELECT key, payload FROM similar_postings WHERE key = ANY(%s::bigint[])"

Numbers = npt.NDArray[np.int64]


def hashed(term: str) -> int:
    """A term in 32 bits. That two terms meet in one is rare, and costs a little order."""
    return crc32(term.encode())


def bases(tickets: int) -> dict[int, int]:
    """What so many tickets are kept in, the oldest first: parts, then the chunk that is not full; and the number each begins at."""
    settled = tickets - tickets % CHUNK
    found = {part: part * PART for part in range((settled + PART - 1) // PART)}
    if tickets % CHUNK:
        found[_UNSETTLED + tickets // CHUNK] = settled // PART * PART
    return found


def keys(hashes: Sequence[int], part: int) -> list[int]:
    """The keys of rows."""
    return [(part << 32) | one for one in hashes]


def append(
    connection: Connection, hashes: Numbers, numbers: Numbers, codes: npt.NDArray[np.uint8]
) -> None:
    """Add postings, given term by term for tickets in order of arrival, to the ends of the rows of their chunks."""
    rows = ((_UNSETTLED + numbers // CHUNK) << 32) | hashes
    order = np.argsort(rows, kind="stable")
    rows = rows[order]
    records = np.empty(len(rows), RECORD)
    records["place"], records["code"] = numbers[order] % PART, codes[order]
    starts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    payload, ends = records.tobytes(), [*starts[1:].tolist(), len(rows)]
    size = RECORD.itemsize
    pieces = [
        payload[size * start : size * end]
        for start, end in zip(starts.tolist(), ends, strict=True)
    ]
    named = rows[starts].tolist()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_APPEND_SQLITE, list(zip(named, pieces, strict=True)))
    else:
        connection.exec_driver_sql(_APPEND_POSTGRES, (named, pieces))


def settle(connection: Connection, before: int, now: int) -> None:
    """Move the chunks into their parts that became full between two numbers of tickets."""
    for chunk in range(before // CHUNK, now // CHUNK):
        first = (_UNSETTLED + chunk) << 32
        given = ((chunk * CHUNK // PART) << 32, first, first + (1 << 32))
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(_SETTLE_SQLITE, given)
        else:
            connection.exec_driver_sql(_SETTLE_POSTGRES, given)
        key = similar_postings.c.key
        connection.execute(delete(similar_postings).where(key >= first, key < first + (1 << 32)))


def sizes(connection: Connection, wanted: Sequence[int]) -> dict[int, int]:
    """How many postings the rows of these keys have; a key without a row is left out."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(_SIZES_SQLITE, (json.dumps(wanted),))
    else:
        found = connection.exec_driver_sql(_SIZES_POSTGRES, (list(wanted),))
    return {key: size // RECORD.itemsize for key, size in found.all()}


def tickets(
    connection: Connection, numbers: Sequence[int]
) -> dict[int, tuple[str, int, int, int]]:
    """By number of those tickets: id, second of receipt, hash of the category, words of the body."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(_TICKETS_SQLITE, (json.dumps(numbers),))
    else:
        found = connection.exec_driver_sql(_TICKETS_POSTGRES, (list(numbers),))
    return {
        number: (one, second, category, length)
        for number, one, second, category, length in found.all()
    }


def read(connection: Connection, wanted: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """The rows of these keys."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(_READ_SQLITE, (json.dumps(list(wanted)),))
    else:
        found = connection.exec_driver_sql(_READ_POSTGRES, (list(wanted),))
    return ((key, bytes(payload)) for key, payload in found.all())
