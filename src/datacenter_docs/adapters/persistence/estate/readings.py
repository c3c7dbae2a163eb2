"""Readings: each call of a platform is one row, however many values came of it; and the payloads that are missing."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select

from datacenter_docs.adapters.persistence.columns import microseconds
from datacenter_docs.adapters.persistence.estate.codec import to_json
from datacenter_docs.adapters.persistence.estate.tables import payloads, readings
from datacenter_docs.domain.observed import Reading

_HASHES: Any = bindparam("hashes", expanding=True)
_SAME_PAYLOAD = select(readings).where(readings.c.payload_sha256.in_(_HASHES))
_LAST_KEY = select(func.coalesce(func.max(readings.c.key), 0))
_NAMED = select(readings.c.payload_sha256).where(readings.c.payload_sha256.in_(_HASHES)).distinct()
_KEPT = select(payloads.c.sha256).where(payloads.c.sha256.in_(_HASHES))


class Identity(NamedTuple):
    """What makes two readings the same."""

    connection: str
    tool: str
    arguments: str
    observed_at: int
    payload_sha256: str


def identity(reading: Reading) -> Identity:
    """The identity of a reading."""
    return Identity(
        reading.connection,
        reading.tool,
        to_json(reading.arguments),
        microseconds(reading.observed_at),
        reading.payload_sha256,
    )


def keys(connection: Connection, wanted: Iterable[Reading]) -> Mapping[Identity, int]:
    """The key of each reading; those that are new are stored."""
    calls = {identity(reading): reading for reading in wanted}
    if not calls:
        return {}
    hashes = sorted({call.payload_sha256 for call in calls})
    found = {
        Identity(
            row.connection,
            row.tool,
            row.arguments,
            microseconds(row.observed_at),
            row.payload_sha256,
        ): row.key
        for row in connection.execute(_SAME_PAYLOAD, {"hashes": hashes})
    }
    fresh = [call for call in calls if call not in found]
    last = connection.scalar(_LAST_KEY) or 0
    found |= {call: key for key, call in enumerate(fresh, last + 1)}
    if fresh:
        rows = [_row(found[call], call, calls[call]) for call in fresh]
        connection.execute(insert(readings), rows)
    return found


def without_payload(connection: Connection, met: Iterable[Reading]) -> list[str]:
    """The hashes of these readings that a stored reading names and whose payload is not kept, in the order of the readings."""
    hashes = list(dict.fromkeys(reading.payload_sha256 for reading in met))
    named = set(connection.scalars(_NAMED, {"hashes": hashes}))
    kept = set(connection.scalars(_KEPT, {"hashes": hashes}))
    return [one for one in hashes if one in named - kept]


def _row(key: int, call: Identity, reading: Reading) -> dict[str, Any]:
    return {**call._asdict(), "key": key, "observed_at": reading.observed_at}
