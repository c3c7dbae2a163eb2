"""Sightings into rows, a page at a time and in one transaction: only what differs is written.

A resource that says what it said before costs the comparison of a digest; nothing of it is loaded.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from datacenter_docs.adapters.persistence.estate import readings
from datacenter_docs.adapters.persistence.estate.codec import Mark, digest, marked, to_row
from datacenter_docs.adapters.persistence.estate.related import Written, rewrite
from datacenter_docs.adapters.persistence.estate.tables import (
    absences,
    measurements,
    resources,
    versions,
)
from datacenter_docs.domain.changes import differs, merged
from datacenter_docs.domain.observed import NAME, PARENT, Track
from datacenter_docs.domain.sightings import Sighting

_EPOCH_DAY = datetime(1970, 1, 1).toordinal()  # noqa: DTZ001 - a day, not a moment
_KEYS: Any = bindparam("keys", expanding=True)
_KNOWN = select(
    resources.c.key, resources.c.id, resources.c.version, resources.c.present, resources.c.digest
).where(resources.c.id.in_(bindparam("ids", expanding=True)))
_LAST_KEY = select(func.coalesce(func.max(resources.c.key), 0))
_LAST_VERSION = (
    select(versions.c.resource, versions.c.facts, versions.c.origins)
    .join(resources, resources.c.key == versions.c.resource)
    .where(versions.c.resource.in_(_KEYS), versions.c.number == resources.c.version)
)
_newest = measurements.alias("newest")
_LAST_MEASUREMENT = select(measurements).where(
    measurements.c.resource.in_(_KEYS),
    measurements.c.day
    == select(func.max(_newest.c.day))
    .where(_newest.c.resource == measurements.c.resource)
    .scalar_subquery(),
)
_SEEN_AGAIN = (
    update(absences)
    .where(absences.c.resource.in_(_KEYS), absences.c.until_at.is_(None))
    .values(until_at=bindparam("now", type_=absences.c.until_at.type))
)
_NOW_AT = (
    update(resources)
    .where(resources.c.key == bindparam("at_key"))
    .values(
        version=bindparam("new_version"),
        present=True,
        digest=bindparam("new_digest", type_=resources.c.digest.type),
    )
)
_CLOSE = (
    update(versions)
    .where(
        versions.c.resource == bindparam("at_key"), versions.c.number == bindparam("at_version")
    )
    .values(
        until_number=bindparam("new_number"),
        until_at=bindparam("new_until", type_=versions.c.until_at.type),
    )
)
_REPLACE = (
    update(versions)
    .where(
        versions.c.resource == bindparam("at_key"), versions.c.number == bindparam("at_version")
    )
    .values(
        until_number=None,
        until_at=None,
        confirmed_at=None,
        name=bindparam("new_name"),
        parent=bindparam("new_parent", type_=versions.c.parent.type),
        facts=bindparam("new_facts"),
        origins=bindparam("new_origins"),
    )
)
_MEASURE_AGAIN = (
    update(measurements)
    .where(
        measurements.c.resource == bindparam("at_key"), measurements.c.day == bindparam("at_day")
    )
    .values(
        number=bindparam("new_number"),
        at=bindparam("new_at", type_=measurements.c.at.type),
        facts=bindparam("new_facts"),
        origins=bindparam("new_origins"),
    )
)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database has of a resource that was sighted. `stated` None: it is new, back, or as it was."""

    key: int
    version: int
    present: bool
    is_new: bool
    stale: bool
    digest: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """One bunch of sightings of a survey."""

    survey: int
    at: datetime
    sightings: Sequence[Sighting]


def record(connection: Connection, page: Page) -> list[str]:
    """Store what differs. The answer: hashes of payloads that are referred to and not kept."""
    known = _look_up(connection, page.sightings)
    connection.execute(_SEEN_AGAIN, {"keys": [one.key for one in known.values()], "now": page.at})
    measured = _measured_before(connection, page.sightings, known)
    changed = [one for one in page.sightings if known[one.id].stale]
    moved = [one for one in page.sightings if differs(measured.get(one.id), one.measured)]
    calls = readings.keys(connection, [one.reading for one in (*changed, *moved)])
    _store_stated(connection, page, changed, known, calls)
    _store_measured(connection, page, moved, known, measured, calls)
    return readings.without_payload(connection, [one.reading for one in page.sightings])


def _look_up(connection: Connection, sightings: Sequence[Sighting]) -> Mapping[str, _Known]:
    """The resources, with keys for those that are new."""
    rows = connection.execute(_KNOWN, {"ids": [one.id for one in sightings]})
    stored = {row.id: row for row in rows}
    last = connection.scalar(_LAST_KEY) or 0
    found: dict[str, _Known] = {}
    for one in sightings:
        said, row = digest(one.stated), stored.get(one.id)
        if row is None:
            last += 1
            found[one.id] = _Known(last, 0, False, True, True, said)  # noqa: FBT003
        else:
            stale = not row.present or row.digest != said
            found[one.id] = _Known(row.key, row.version, row.present, False, stale, said)  # noqa: FBT003
    return found


def _store_stated(
    connection: Connection,
    page: Page,
    changed: Sequence[Sighting],
    known: Mapping[str, _Known],
    calls: Mapping[Any, int],
) -> None:
    before = _stated_before(connection, page.survey, [known[one.id] for one in changed])
    fresh, added, again, closed, moved = [], [], [], [], []
    written: list[Written] = []
    for one in changed:
        at, call = known[one.id], calls[readings.identity(one.reading)]
        mark = Mark.at(page.survey, page.at, call)
        track = merged(before.get(at.key), one.stated, mark)
        if track is None:
            continue
        row = {**to_row(track), "name": one.stated[NAME], "parent": one.stated[PARENT]}
        if at.is_new:
            fresh.append(_new(one.id, at, page))
        else:
            moved.append({"at_key": at.key, "new_version": page.survey, "new_digest": at.digest})
        if at.version == page.survey:
            values = {f"new_{name}": value for name, value in row.items()}
            again.append({**values, "at_key": at.key, "at_version": at.version})
        else:
            added.append({**row, "resource": at.key, "number": page.survey, "from_at": page.at})
            if at.present:
                closed.append(
                    {
                        "at_key": at.key,
                        "at_version": at.version,
                        "new_number": page.survey,
                        "new_until": page.at,
                    }
                )
        written.append(Written(at.key, one.id, one.stated, track))
    _run(connection, insert(resources), fresh)
    _run(connection, _NOW_AT, moved)
    _run(connection, _CLOSE, closed)
    _run(connection, _REPLACE, again)
    _run(connection, insert(versions), added)
    rewrite(connection, written, page.at)


def _new(resource_id: str, at: _Known, page: Page) -> dict[str, Any]:
    platform, connection, kind, _ = resource_id.split(":", 3)
    return {
        "key": at.key,
        "id": resource_id,
        "platform": platform,
        "connection": connection,
        "kind": kind,
        "first_seen_at": page.at,
        "version": page.survey,
        "present": True,
        "digest": at.digest,
    }


def _stated_before(
    connection: Connection, survey: int, known: Sequence[_Known]
) -> Mapping[int, Track[Mark]]:
    """What was stated last, by key; nothing of what was gone: it begins anew."""
    keys = [one.key for one in known if one.present or (one.version == survey and not one.is_new)]
    rows = connection.execute(_LAST_VERSION, {"keys": keys})
    return {row.resource: marked(row.facts, row.origins) for row in rows}


def _measured_before(
    connection: Connection, sightings: Sequence[Sighting], known: Mapping[str, _Known]
) -> Mapping[str, Track[Mark]]:
    """What was measured last, by id; nothing of what was gone."""
    ids = {known[one.id].key: one.id for one in sightings if known[one.id].present}
    rows = connection.execute(_LAST_MEASUREMENT, {"keys": list(ids)})
    return {ids[row.resource]: marked(row.facts, row.origins) for row in rows}


def _store_measured(
    connection: Connection,
    page: Page,
    moved: Sequence[Sighting],
    known: Mapping[str, _Known],
    before: Mapping[str, Track[Mark]],
    calls: Mapping[Any, int],
) -> None:
    day = page.at.toordinal() - _EPOCH_DAY
    today = _measured_on(connection, day, [known[one.id].key for one in moved])
    added, again = [], []
    for one in moved:
        key = known[one.id].key
        mark = Mark.at(page.survey, page.at, calls[readings.identity(one.reading)])
        track = merged(before.get(one.id), one.measured, mark)
        if track is None:
            continue
        row = {**to_row(track), "number": page.survey, "at": page.at}
        if key in today:
            values = {f"new_{name}": value for name, value in row.items()}
            again.append({**values, "at_key": key, "at_day": day})
        else:
            added.append({**row, "resource": key, "day": day})
    _run(connection, _MEASURE_AGAIN, again)
    _run(connection, insert(measurements), added)


def _measured_on(connection: Connection, day: int, keys: Sequence[int]) -> set[int]:
    query = select(measurements.c.resource).where(
        measurements.c.day == day, measurements.c.resource.in_(_KEYS)
    )
    return set(connection.scalars(query, {"keys": list(keys)}))


def _run(connection: Connection, statement: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """A statement for each row; none, where there are none."""
    many = list(rows)
    if many:
        connection.execute(statement, many)
