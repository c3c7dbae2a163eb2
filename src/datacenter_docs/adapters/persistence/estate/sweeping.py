"""Forgetting: versions, measurements, readings and payloads that are older than they have to be.

What is true now stays, whatever its age, and so does the call that first said it. A version goes only once the one after it
is old too, so that every change that is still told of has its before.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic_core import from_json
from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    exists,
    func,
    select,
)

from datacenter_docs.adapters.persistence.estate.codec import bunches
from datacenter_docs.adapters.persistence.estate.tables import (
    absences,
    ends,
    measurements,
    payloads,
    readings,
    versions,
)
from datacenter_docs.ports.estate import Retention

_AT_ONCE = 10_000


def old_versions(retention: Retention) -> ColumnElement[bool]:
    """Those whose follower was there before the retention begins."""
    follower = versions.alias("follower")
    return exists().where(
        follower.c.resource == versions.c.resource,
        follower.c.number > versions.c.number,
        follower.c.from_at < retention.versions_before,
    )


def old_measurements(retention: Retention) -> ColumnElement[bool]:
    """Days before the retention begins, except for the last one that a resource has."""
    newer = measurements.alias("newer")
    return (measurements.c.at < retention.measurements_before) & exists().where(
        newer.c.resource == measurements.c.resource, newer.c.day > measurements.c.day
    )


def forget_rows(connection: Connection, retention: Retention) -> tuple[int, int]:
    """How many versions and measurements were removed."""
    gone = connection.execute(delete(versions).where(old_versions(retention))).rowcount
    days = connection.execute(delete(measurements).where(old_measurements(retention))).rowcount
    before = retention.versions_before
    for table in (ends, absences):
        connection.execute(delete(table).where(table.c.until_at < before))
    return gone, days


def unused(connection: Connection) -> tuple[list[int], list[str]]:
    """Keys of readings that nothing refers to, and hashes of payloads that only past measurements refer to, or nothing.

    Walks over all origins: seconds for a large estate, so it is a scan, and not part of a write.
    """
    last = connection.scalar(select(func.coalesce(func.max(readings.c.key), 0))) or 0
    held = _referred(connection, select(versions.c.origins))
    newest = measurements.alias("newest")
    latest = select(func.max(newest.c.day)).where(newest.c.resource == measurements.c.resource)
    held |= _referred(
        connection,
        select(measurements.c.origins).where(measurements.c.day == latest.scalar_subquery()),
    )
    past = _referred(connection, select(measurements.c.origins))
    keys: list[int] = []
    wanted: set[str] = set()
    named: set[str] = set()
    for row in _streamed(
        connection, select(readings.c.key, readings.c.payload_sha256).where(readings.c.key <= last)
    ):
        if row.key in held:
            wanted.add(row.payload_sha256)
        else:
            named.add(row.payload_sha256)
            if row.key not in past:
                keys.append(row.key)
    return keys, sorted(named - wanted)


def forget_readings(connection: Connection, keys: Sequence[int]) -> int:
    """Remove these, unless one of them is the newest: its key must not be given again."""
    newest = select(func.max(readings.c.key)).scalar_subquery()
    return _delete(
        connection, delete(readings).where(readings.c.key < newest), readings.c.key, keys
    )


def forget_payloads(connection: Connection, hashes: Sequence[str], retention: Retention) -> int:
    """Remove those of these that were kept for long enough."""
    old = delete(payloads).where(payloads.c.kept_at < retention.payloads_before)
    return _delete(connection, old, payloads.c.sha256, hashes)


def _delete(connection: Connection, statement: Any, column: Any, names: Sequence[Any]) -> int:
    many = statement.where(column.in_(bindparam("names", expanding=True)))
    return sum(connection.execute(many, {"names": some}).rowcount for some in bunches(list(names)))


def _referred(connection: Connection, query: Any) -> set[int]:
    return {mark[2] for row in _streamed(connection, query) for mark in from_json(row.origins)}


def _streamed(connection: Connection, query: Any) -> Iterator[Any]:
    yield from connection.execute(query.execution_options(yield_per=_AT_ONCE))
