"""Raw answers: kept once however often they came, compressed, and honest about what is not kept."""

import zlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from datacenter_docs.adapters.persistence.estate.tables import payloads, readings
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.ports.estate import KeptPayload

_LEVEL = 6
_KEPT = select(payloads.c.sha256).where(payloads.c.sha256.in_(bindparam("hashes", expanding=True)))
_ONE = select(payloads).where(payloads.c.sha256 == bindparam("wanted"))
_NAMED = select(readings.c.key).where(readings.c.payload_sha256 == bindparam("wanted")).limit(1)


def packed(payload: KeptPayload) -> bytes:
    """The body as it is stored. Slow enough to be done outside of a write transaction."""
    return zlib.compress((payload.body or "").encode(), _LEVEL)


def keep(connection: Connection, given: Sequence[tuple[KeptPayload, bytes]], at: datetime) -> None:
    """Store those that are not there yet."""
    hashes = [payload.sha256 for payload, _ in given]
    there = set(connection.scalars(_KEPT, {"hashes": hashes}))
    rows = {
        payload.sha256: {
            "sha256": payload.sha256,
            "body": body,
            "size_bytes": payload.size_bytes,
            "cut": payload.cut,
            "redactions": payload.redactions,
            "kept_at": at,
        }
        for payload, body in given
        if payload.sha256 not in there
    }
    if rows:
        connection.execute(insert(payloads), list(rows.values()))


def one(connection: Connection, sha256: str) -> KeptPayload:
    """One raw answer, or why it is not there. Raises `NotFound` when nothing names it."""
    row = connection.execute(_ONE, {"wanted": sha256}).one_or_none()
    if row is not None:
        body = zlib.decompress(row.body).decode()
        return KeptPayload(sha256, body, row.size_bytes, row.cut, row.redactions)
    if connection.scalar(_NAMED, {"wanted": sha256}) is None:
        raise NotFound(f"No reading has the payload {sha256}.")
    return KeptPayload(sha256, None, gone_because="It was not kept, or is no longer.")
