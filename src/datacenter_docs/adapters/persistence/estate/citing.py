"""One fact by its id: the rows that said so, how long they stood, and an honest word where they are gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from datacenter_docs.adapters.persistence.estate import observing
from datacenter_docs.adapters.persistence.estate.codec import Mark, marked
from datacenter_docs.adapters.persistence.estate.tables import measurements, resources, versions
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.observed import FactId, ObservedResource, Track
from datacenter_docs.ports.estate import FactRecord

_MICROSECOND = timedelta(microseconds=1)


class _Span(NamedTuple):
    """What was said, and until when; None: it stands."""

    track: Track[Mark]
    until: datetime | None


def one(connection: Connection, fact_id: FactId) -> FactRecord:
    """A fact and how long it stood. Raises `NotFound`."""
    key = connection.scalar(select(resources.c.key).where(resources.c.id == fact_id.resource_id))
    if key is None:
        raise NotFound(f"There never was a fact {fact_id}: no survey has seen the resource.")
    measured = _measured(connection, key)
    standing = [
        span.until for span in (*_stated(connection, key), *measured) if _says(span, fact_id)
    ]
    if not standing:
        raise NotFound(_why_not(connection, key, fact_id, measured))
    until = standing[-1]
    resource = _observed(connection, fact_id.resource_id, until - _MICROSECOND if until else None)
    fact = resource.fact(fact_id.attribute)
    if fact is None:
        raise NotFound(f"{fact_id} is no longer kept.")
    return FactRecord(fact, until or resource.vanished_at)


def _observed(connection: Connection, resource_id: str, at: datetime | None) -> ObservedResource:
    rows = connection.execute(observing.known(at).where(resources.c.id == resource_id)).all()
    return observing.assembled(connection, rows, at)[0]


def _stated(connection: Connection, key: int) -> Sequence[_Span]:
    query = select(versions).where(versions.c.resource == key).order_by(versions.c.number)
    return [
        _Span(marked(row.facts, row.origins), row.until_at) for row in connection.execute(query)
    ]


def _measured(connection: Connection, key: int) -> Sequence[_Span]:
    query = select(measurements).where(measurements.c.resource == key).order_by(measurements.c.day)
    rows = connection.execute(query).all()
    until = [*(row.at for row in rows[1:]), None]
    return [
        _Span(marked(row.facts, row.origins), end) for row, end in zip(rows, until, strict=False)
    ]


def _says(span: _Span, fact_id: FactId) -> bool:
    said = span.track.values.get(fact_id.attribute)
    return said is not None and span.track.origins[said[1]].survey == fact_id.survey


def _why_not(connection: Connection, key: int, fact_id: FactId, measured: Sequence[_Span]) -> str:
    if any(fact_id.attribute in span.track.values for span in measured):
        return f"{fact_id} is no longer kept: of what is measured, the last value of a day is."
    oldest = connection.scalar(
        select(versions.c.number)
        .where(versions.c.resource == key)
        .order_by(versions.c.number)
        .limit(1)
    )
    if fact_id.survey < (oldest or 0):
        return f"{fact_id} is no longer kept: it is older than the retention."
    return f"There never was a fact {fact_id}."
