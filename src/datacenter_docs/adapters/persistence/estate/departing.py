"""What a survey did not see: tombstones for what is gone, marks on what merely could not be looked at."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, true, update

from datacenter_docs.adapters.persistence.estate import confirming, related
from datacenter_docs.adapters.persistence.estate.codec import bunches
from datacenter_docs.adapters.persistence.estate.tables import absences, resources, versions
from datacenter_docs.domain.surveys import Present

_KEYS: Any = bindparam("keys", expanding=True)
_PRESENT = (
    select(
        resources.c.key,
        resources.c.id,
        resources.c.connection,
        resources.c.version,
        versions.c.from_at,
    )
    .join(
        versions,
        (versions.c.resource == resources.c.key) & (versions.c.number == resources.c.version),
    )
    .where(resources.c.present == true())
)
_BY_IDS = _PRESENT.where(resources.c.id.in_(bindparam("ids", expanding=True)))
_OPEN = select(absences).where(absences.c.resource.in_(_KEYS), absences.c.until_at.is_(None))
_DOUBTED = _PRESENT.join(absences, absences.c.resource == resources.c.key).where(
    resources.c.connection == bindparam("connection"),
    absences.c.until_at.is_(None),
    absences.c.doubted == true(),
)
_GONE = update(resources).where(resources.c.key.in_(_KEYS)).values(present=False)
_BURIED = (
    update(versions)
    .where(
        versions.c.resource == bindparam("at_key"), versions.c.number == bindparam("at_version")
    )
    .values(
        until_number=bindparam("new_number"),
        until_at=bindparam("new_until", type_=versions.c.until_at.type),
        confirmed_at=bindparam("new_confirmed", type_=versions.c.confirmed_at.type),
    )
)
_NO_LONGER_MISSED = (
    update(absences)
    .where(absences.c.resource.in_(_KEYS), absences.c.until_at.is_(None))
    .values(until_at=bindparam("now", type_=absences.c.until_at.type))
)
_DOUBT = (
    update(absences)
    .where(absences.c.resource.in_(_KEYS), absences.c.until_at.is_(None))
    .values(doubted=bindparam("doubt"))
)
PRESENT_AT_ONCE = 5_000


class Departure(NamedTuple):
    """The judgement over one connection, as `EstateRecorder.depart` takes it."""

    survey: int
    vanished: Sequence[str]
    unseen: Mapping[str, bool]
    at: datetime


def depart(connection: Connection, departure: Departure) -> None:
    """Bury the vanished, mark the unseen."""
    for ids in bunches(list(departure.vanished)):
        rows = connection.execute(_BY_IDS, {"ids": ids}).all()
        bury(connection, rows, departure.survey, departure.at)
    for ids in bunches(list(departure.unseen)):
        rows = connection.execute(_BY_IDS, {"ids": ids}).all()
        _miss(connection, rows, departure.unseen, departure.at)


def doubted(connection: Connection, name: str) -> Sequence[Any]:
    """The resources of a connection that are missing by suspicion."""
    return connection.execute(_DOUBTED, {"connection": name}).all()


def bury(connection: Connection, rows: Sequence[Any], survey: int, at: datetime) -> None:
    """A tombstone for each; their last version keeps when they were last seen."""
    if not rows:
        return
    keys = [row.key for row in rows]
    seen = _last_seen(connection, rows)
    connection.execute(
        _BURIED,
        [
            {
                "at_key": row.key,
                "at_version": row.version,
                "new_number": survey,
                "new_until": at,
                "new_confirmed": seen[row.key],
            }
            for row in rows
        ],
    )
    connection.execute(_GONE, {"keys": keys})
    connection.execute(_NO_LONGER_MISSED, {"keys": keys, "now": at})
    related.close_all(connection, keys, at)


def present(connection: Connection, name: str, after: str) -> Sequence[Present]:
    """The next bunch of what is believed to be there, behind an id."""
    query = (
        _PRESENT.add_columns(versions.c.name, versions.c.parent)
        .where(resources.c.connection == name, resources.c.id > after)
        .order_by(resources.c.id)
        .limit(PRESENT_AT_ONCE)
    )
    return [Present(row.id, row.name, row.parent) for row in connection.execute(query)]


def _miss(
    connection: Connection, rows: Sequence[Any], unseen: Mapping[str, bool], at: datetime
) -> None:
    """Mark them; those that are marked already keep their time."""
    keys = [row.key for row in rows]
    marked = {row.resource for row in connection.execute(_OPEN, {"keys": keys})}
    seen = _last_seen(connection, rows)
    added = [
        {
            "resource": row.key,
            "from_at": at,
            "confirmed_at": seen[row.key],
            "doubted": unseen[row.id],
        }
        for row in rows
        if row.key not in marked
    ]
    if added:
        connection.execute(insert(absences), added)
    for doubt in (True, False):
        again = [row.key for row in rows if row.key in marked and unseen[row.id] is doubt]
        connection.execute(_DOUBT, {"keys": again, "doubt": doubt})


def _last_seen(connection: Connection, rows: Iterable[Any]) -> Mapping[int, datetime]:
    """When each was last seen, by key: when it went missing, or else the last reading of its connection before this one."""
    many = list(rows)
    missed = {
        row.resource: row.confirmed_at
        for row in connection.execute(_OPEN, {"keys": [row.key for row in many]})
    }
    read = confirming.last_read(connection, {row.connection for row in many}, None)
    return {
        row.key: missed.get(row.key) or max(row.from_at, read.get(row.connection) or row.from_at)
        for row in many
    }
