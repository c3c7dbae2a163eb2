"""The change feed, drawn from the versions: each says what it found, and the last one before a gap that the thing went."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from datacenter_docs.adapters.persistence import cursors
from datacenter_docs.adapters.persistence.estate.codec import Mark, bunches, marked
from datacenter_docs.adapters.persistence.estate.tables import (
    measurements,
    resources,
    surveys,
    versions,
)
from datacenter_docs.domain.changes import Change, ChangeKind, Touched, compared
from datacenter_docs.domain.observed import NAME, FactId, Track
from datacenter_docs.ports.estate import ChangeFilter
from datacenter_docs.ports.pages import Page

_LISTING, _HISTORY = "changes", "history"
_FOUND, _GONE = 0, 1
_before, _after = versions.alias("before"), versions.alias("after")
_had = (
    select(func.max(_before.c.number))
    .where(_before.c.resource == versions.c.resource, _before.c.number < versions.c.number)
    .correlate(versions)
    .scalar_subquery()
)


class _Event(NamedTuple):
    """A row of the feed. `version`: that of which it speaks; `had`: the one before; None: there is none."""

    survey: int
    at: datetime
    id: str
    what: int
    resource: int
    version: int
    had: int | None


def page(
    connection: Connection, wanted: ChangeFilter, cursor: str | None, limit: int
) -> Page[Change]:
    """Changes, newest survey first. Raises `Invalid` for a cursor that is none."""
    feed = _feed(wanted).subquery()
    order = (feed.c.survey.desc(), feed.c.id, feed.c.what)
    query = select(feed).order_by(*order).limit(limit + 1)
    if cursor is not None:
        survey, name = cursors.decode(_LISTING, cursor)
        resource_id, _, what = name.rpartition("|")
        later = tuple_(feed.c.id, feed.c.what) > tuple_(literal(resource_id), literal(int(what)))
        query = query.where(or_(feed.c.survey < survey, and_(feed.c.survey == survey, later)))
    rows = [_Event(*row) for row in connection.execute(query)]
    items = _told(connection, rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    more = cursors.encode(_LISTING, last.survey, f"{last.id}|{last.what}") if last else None
    return Page(items, more)


_SOME = resources.c.id.in_(bindparam("ids", expanding=True))
_SINCE: Any = bindparam("since", type_=versions.c.from_at.type)
_MOVED = (
    select(literal(1))
    .select_from(versions.join(resources))
    .where(_SOME, or_(versions.c.from_at > _SINCE, versions.c.until_at > _SINCE))
    .limit(1)
)


def is_quiet(connection: Connection, wanted: ChangeFilter) -> bool:
    """Whether nothing at all happened to the things that are asked for: every ticket asks, and mostly nothing did."""
    if not wanted.resource_ids:
        return True
    if wanted.since is None:
        return False
    told = {"ids": sorted(wanted.resource_ids), "since": wanted.since}
    return connection.execute(_MOVED, told).first() is None


def touched(connection: Connection, after_survey: int) -> Touched:
    """Ids of what is not as it was at that survey."""
    newer = versions.c.number > after_survey, versions.c.until_number > after_survey
    stated: set[str] = set()
    for condition in newer:
        query = select(resources.c.id).join(versions).where(condition)
        stated.update(connection.scalars(query))
    moved = select(resources.c.id).join(measurements).where(measurements.c.number > after_survey)
    measured = set(connection.scalars(moved))
    return Touched(frozenset(stated), frozenset(measured - stated))


def _feed(wanted: ChangeFilter) -> Any:
    """What was found and what was gone, as rows of `_Event`."""
    found = _limited(
        select(
            versions.c.number.label("survey"),
            versions.c.from_at.label("at"),
            resources.c.id,
            literal_column(str(_FOUND)).label("what"),
            versions.c.resource,
            versions.c.number.label("version"),
            _had.label("had"),
        )
        .join(resources, resources.c.key == versions.c.resource)
        # One whose forerunner was forgotten tells of a change that was forgotten too.
        .where(or_(_had.is_not(None), versions.c.from_at == resources.c.first_seen_at)),
        versions.c.from_at,
        versions.c.number,
        wanted,
    )
    follower = select(_after.c.number).where(
        _after.c.resource == versions.c.resource,
        _after.c.number == versions.c.until_number,
        _after.c.number > versions.c.number,
    )
    gone = _limited(
        select(
            versions.c.until_number.label("survey"),
            versions.c.until_at.label("at"),
            resources.c.id,
            literal_column(str(_GONE)).label("what"),
            versions.c.resource,
            versions.c.number.label("version"),
            versions.c.number.label("had"),
        )
        .join(resources, resources.c.key == versions.c.resource)
        .where(versions.c.until_number.is_not(None), ~follower.exists()),
        versions.c.until_at,
        versions.c.until_number,
        wanted,
    )
    if wanted.kind is None:
        return union_all(found, gone)
    if wanted.kind is ChangeKind.VANISHED:
        return gone
    return found.where(_is(wanted.kind))


def _is(kind: ChangeKind) -> Any:
    """That a version found this kind of change."""
    continued = select(_before.c.number).where(
        _before.c.resource == versions.c.resource,
        _before.c.until_number == versions.c.number,
        _before.c.number < versions.c.number,
    )
    if kind is ChangeKind.APPEARED:
        return _had.is_(None)
    if kind is ChangeKind.CHANGED:
        return continued.exists()
    return and_(_had.is_not(None), ~continued.exists())


def _limited(query: Select[Any], at: Any, survey: Any, wanted: ChangeFilter) -> Select[Any]:
    if wanted.since is not None:
        # A survey that was over by then found nothing later; its number is what the index knows.
        over = select(func.max(surveys.c.number)).where(surveys.c.finished_at <= wanted.since)
        number = func.coalesce(over.scalar_subquery(), 0)
        query = query.where(at > wanted.since, survey >= number)
    if wanted.until is not None:
        query = query.where(at <= wanted.until)
    for column, value in (
        (resources.c.platform, wanted.platform),
        (resources.c.connection, wanted.connection),
        (resources.c.id, wanted.resource_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.resource_ids is not None:
        query = query.where(resources.c.id.in_(sorted(wanted.resource_ids)))
    return query


def _told(connection: Connection, events: Sequence[_Event]) -> list[Change]:
    """The events with their values."""
    wanted = {(event.resource, event.version) for event in events}
    wanted |= {(event.resource, event.had) for event in events if event.had is not None}
    tracks = _tracks(connection, sorted(wanted))
    return [_change(event, tracks) for event in events]


def _tracks(
    connection: Connection, wanted: list[tuple[int, int]]
) -> Mapping[tuple[int, int], tuple[Track[Mark], int | None]]:
    """Each version's values, and the survey that ended it."""
    found = {}
    for some in bunches(wanted):
        query = select(versions).where(tuple_(versions.c.resource, versions.c.number).in_(some))
        for row in connection.execute(query):
            track = marked(row.facts, row.origins)
            found[row.resource, row.number] = (track, row.until_number)
    return found


def _change(
    event: _Event, tracks: Mapping[tuple[int, int], tuple[Track[Mark], int | None]]
) -> Change:
    track, _ = tracks[event.resource, event.version]
    before, ended = tracks.get((event.resource, event.had or 0), (None, None))
    if event.what == _GONE:
        kind = ChangeKind.VANISHED
    elif before is None:
        kind = ChangeKind.APPEARED
    else:
        kind = ChangeKind.CHANGED if ended == event.version else ChangeKind.RETURNED
    compares = kind in (ChangeKind.CHANGED, ChangeKind.RETURNED) and before is not None
    name, index = track.values[NAME]
    return Change(
        survey=event.survey,
        at=event.at,
        resource_id=event.id,
        name=str(name),
        named_by=str(FactId(event.id, NAME, track.origins[index].survey)),
        kind=kind,
        attributes=compared(event.id, before, track) if compares and before else (),
    )
