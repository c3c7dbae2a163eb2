"""Resources as they were known at a time, put together from their rows: a handful of statements for any number of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    true,
)

from datacenter_docs.adapters.persistence.estate.codec import (
    Mark,
    bunches,
    marked,
    readings_of,
    resolved,
)
from datacenter_docs.adapters.persistence.estate.confirming import last_read
from datacenter_docs.adapters.persistence.estate.tables import (
    absences,
    measurements,
    resources,
    versions,
)
from datacenter_docs.domain.observed import ObservedResource, Track
from datacenter_docs.ports.estate import ResourceFilter

_COLUMNS = (
    resources.c.key,
    resources.c.id,
    resources.c.connection,
    resources.c.first_seen_at,
    versions.c.from_at,
    versions.c.until_at,
    versions.c.confirmed_at,
    versions.c.facts,
    versions.c.origins,
)
_KEYS: Any = bindparam("keys", expanding=True)
_NOTHING: Track[Mark] = Track({}, ())


def known(at: datetime | None) -> Select[Any]:
    """Every resource with the version that was its last at that time."""
    query = select(*_COLUMNS).join(versions, versions.c.resource == resources.c.key)
    if at is None:
        return query.where(versions.c.number == resources.c.version)
    other = versions.alias("other")
    last = (
        select(func.max(other.c.number))
        .where(other.c.resource == resources.c.key, other.c.from_at <= at)
        .scalar_subquery()
    )
    return query.where(versions.c.number == last)


def matching(wanted: ResourceFilter, at: datetime | None) -> Select[Any]:
    """Those that a filter wants, in the order of ids."""
    query = known(at).order_by(resources.c.id)
    for column, value in (
        (resources.c.platform, wanted.platform),
        (resources.c.connection, wanted.connection),
        (resources.c.kind, wanted.kind),
        (versions.c.parent, wanted.parent),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.name:
        query = query.where(func.lower(versions.c.name).contains(wanted.name.lower(), autoescape=True))  # fmt: skip
    if wanted.vanished is not None:
        query = query.where(gone(at) if wanted.vanished else there(at))
    return query


def there(at: datetime | None) -> ColumnElement[bool]:
    """That a resource of `known` is there at that time."""
    if at is None:
        return and_(versions.c.until_at.is_(None), resources.c.present == true())
    return or_(versions.c.until_at.is_(None), versions.c.until_at > at)


def gone(at: datetime | None) -> ColumnElement[bool]:
    """That it is not."""
    return resources.c.present == false() if at is None else versions.c.until_at <= at


def assembled(
    connection: Connection, rows: Sequence[Any], at: datetime | None
) -> list[ObservedResource]:
    """Rows of `known` as values."""
    keys = [row.key for row in rows]
    stated = {row.key: marked(row.facts, row.origins) for row in rows}
    measured = _measured(connection, keys, at)
    calls = readings_of(connection, (*stated.values(), *measured.values()))
    missed = _missed(connection, keys, at)
    read = last_read(connection, (row.connection for row in rows), at)
    found = []
    for row in rows:
        vanished_at = row.until_at if row.until_at and (at is None or row.until_at <= at) else None
        seen_at = missed.get(row.key) or read.get(row.connection) or row.from_at
        if vanished_at is not None:
            seen_at = row.confirmed_at or seen_at
        found.append(
            ObservedResource(
                id=row.id,
                stated=resolved(stated[row.key], calls),
                measured=resolved(measured.get(row.key, _NOTHING), calls),
                first_seen_at=row.first_seen_at,
                confirmed_at=max(row.from_at, seen_at),
                vanished_at=vanished_at,
                unseen=row.key in missed and vanished_at is None,
            )
        )
    return found


def one(connection: Connection, resource_id: str) -> list[ObservedResource]:
    """A resource as it is known now; none, when it was never seen."""
    rows = connection.execute(_one(), {"wanted": resource_id}).all()
    return assembled(connection, rows, None)


def _measured(
    connection: Connection, keys: list[int], at: datetime | None
) -> Mapping[int, Track[Mark]]:
    """What was measured last until then, by key."""
    return {
        row.resource: marked(row.facts, row.origins)
        for row in _of(connection, _last_measured(dated=at is not None), keys, at)
    }


def _missed(
    connection: Connection, keys: list[int], at: datetime | None
) -> Mapping[int, datetime]:
    """When those that were not seen then had been seen last, by key."""
    rows = _of(connection, _missing(dated=at is not None), keys, at)
    return {row.resource: row.confirmed_at for row in rows}


def _of(
    connection: Connection, query: Select[Any], keys: list[int], at: datetime | None
) -> Iterable[Any]:
    for some in bunches(keys):
        yield from connection.execute(query, {"keys": some, "at": at})


# Each is built once: building a statement costs more than running it.


@cache
def _one() -> Select[Any]:
    return known(None).where(resources.c.id == bindparam("wanted"))


@cache
def _last_measured(*, dated: bool) -> Select[Any]:
    other = measurements.alias("other")
    last = select(func.max(other.c.day)).where(other.c.resource == measurements.c.resource)
    if dated:
        last = last.where(other.c.at <= bindparam("at", type_=other.c.at.type))
    return select(measurements).where(
        measurements.c.resource.in_(_KEYS), measurements.c.day == last.scalar_subquery()
    )


@cache
def _missing(*, dated: bool) -> Select[Any]:
    until = absences.c.until_at
    query = select(absences.c.resource, absences.c.confirmed_at).where(
        absences.c.resource.in_(_KEYS)
    )
    if not dated:
        return query.where(until.is_(None))
    at: Any = bindparam("at", type_=until.type)
    return query.where(absences.c.from_at <= at, or_(until.is_(None), until > at))
