"""Rows of postings, on both databases: written by appending, read by their keys. Knows SQL and nothing of weights.

The same bytes on both, read by the same code, so both give the same answers.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

PART = 1 << 16
"""Tickets whose postings share a row."""
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
_READ_SQLITE = (
    "SELECT p.key, p.payload FROM json_each(?) wanted"
    " JOIN similar_postings p ON p.key = wanted.value"
)
_READ_POSTGRES = "SELECT key, payload FROM similar_postings WHERE key = ANY(%s::bigint[])"

Numbers = npt.NDArray[np.int64]


def hashed(term: str) -> int:
    """A term in 32 bits. That two terms meet in one is rare, and costs a little order."""
    return crc32(term.encode())


def parts(tickets: int) -> range:
    """The parts that so many tickets have."""
    return range((tickets + PART - 1) // PART)


def keys(hashes: Sequence[int], part: int) -> list[int]:
    """The keys of rows."""
    return [(part << 32) | one for one in hashes]


def append(
    connection: Connection, hashes: Numbers, numbers: Numbers, codes: npt.NDArray[np.uint8]
) -> None:
    """Add postings, given term by term for tickets in order of arrival, to the ends of their rows."""
    if not len(hashes):
        return
    rows = ((numbers // PART) << 32) | hashes
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
