"""Surveys and what they covered, as rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import Connection, bindparam, func, insert, select, update

from datacenter_docs.adapters.persistence import chain, cursors
from datacenter_docs.adapters.persistence.estate.codec import to_json
from datacenter_docs.adapters.persistence.estate.tables import (
    coverages,
    resources,
    surveys,
    versions,
)
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.surveys import Coverage, CoverageState, Survey, SurveyState
from datacenter_docs.ports.estate import Begun
from datacenter_docs.ports.pages import Page

_LISTING = "surveys"
_NEWEST = select(surveys).order_by(surveys.c.number.desc()).limit(1)
_ONE = select(surveys).where(surveys.c.number == bindparam("wanted"))
_COVERED = select(coverages).where(coverages.c.survey.in_(bindparam("numbers", expanding=True)))
_BEFORE = (
    select(coverages.c.content)
    .where(coverages.c.connection == bindparam("wanted"), coverages.c.survey < bindparam("survey"))
    .order_by(coverages.c.survey.desc())
    .limit(1)
)
_previous = versions.alias("previous")
_FOUND = (
    select(
        versions.c.number,
        func.max(_previous.c.until_number).label("ended"),
    )
    .join(resources, resources.c.key == versions.c.resource)
    .outerjoin(
        _previous,
        (_previous.c.resource == versions.c.resource) & (_previous.c.number < versions.c.number),
    )
    .where(versions.c.number == bindparam("survey"), resources.c.connection == bindparam("wanted"))
    .group_by(versions.c.resource, versions.c.number)
)
_next = versions.alias("next")
_GONE = (
    select(func.count())
    .select_from(versions)
    .join(resources, resources.c.key == versions.c.resource)
    .outerjoin(
        _next,
        (_next.c.resource == versions.c.resource)
        & (_next.c.number == versions.c.until_number)
        & (_next.c.number > versions.c.number),
    )
    .where(
        versions.c.until_number == bindparam("survey"),
        resources.c.connection == bindparam("wanted"),
        _next.c.number.is_(None),
    )
)


class Beginning(NamedTuple):
    """What a survey begins with."""

    connections: Sequence[str]
    requested_by: str
    at: datetime
    entries: Sequence[Entry]


def begin(connection: Connection, beginning: Beginning) -> Begun:
    """A new survey, unless one runs."""
    newest = connection.execute(_NEWEST).one_or_none()
    if newest is not None and newest.state == SurveyState.RUNNING:
        return Begun(one(connection, newest.number), created=False)
    survey = Survey(
        number=newest.number + 1 if newest else 1,
        state=SurveyState.RUNNING,
        requested_by=beginning.requested_by,
        connections=tuple(beginning.connections),
        started_at=max(beginning.at, newest.finished_at) if newest else beginning.at,
    )
    store(connection, survey)
    chain.append(connection, beginning.entries)
    return Begun(survey, created=True)


def store(connection: Connection, survey: Survey) -> None:
    """A row for a survey that has none."""
    connection.execute(
        insert(surveys),
        {
            "number": survey.number,
            "state": survey.state,
            "requested_by": survey.requested_by,
            "connections": to_json(survey.connections),
            "started_at": survey.started_at,
            "finished_at": survey.finished_at,
        },
    )


def newest(connection: Connection) -> Survey | None:
    """The newest survey; None: there is none yet."""
    row = connection.execute(_NEWEST).one_or_none()
    return one(connection, row.number) if row else None


def finish(connection: Connection, number: int, at: datetime) -> Survey:
    """The survey is over, and was not before anything that it covered. Raises `NotFound`."""
    survey = one(connection, number)
    finished_at = max(at, survey.started_at, *(each.finished_at for each in survey.coverage))
    ended = {"state": SurveyState.FINISHED, "finished_at": finished_at}
    connection.execute(update(surveys).where(surveys.c.number == number).values(ended))
    return survey.replaced(**ended)


def cover(connection: Connection, coverage: Coverage) -> Coverage:
    """Store a coverage, with what only the database can tell."""
    here = {"wanted": coverage.connection, "survey": coverage.survey}
    before = connection.scalar(_BEFORE, here)
    earlier = Coverage.model_validate_json(before).read_at if before else None
    complete = coverage.state is CoverageState.COMPLETE
    stored = coverage.replaced(
        read_at=coverage.started_at if complete else earlier,
        counts=coverage.counts.replaced(**_counted(connection, here)),
    )
    same = (coverages.c.connection == coverage.connection) & (
        coverages.c.survey == coverage.survey
    )
    connection.execute(coverages.delete().where(same))
    row = {
        "connection": stored.connection,
        "survey": stored.survey,
        "readable": stored.state is not CoverageState.UNREADABLE,
        "started_at": stored.started_at,
        "content": stored.model_dump_json(),
    }
    connection.execute(insert(coverages), row)
    return stored


def one(connection: Connection, number: int) -> Survey:
    """One survey with its coverage. Raises `NotFound`."""
    row = connection.execute(_ONE, {"wanted": number}).one_or_none()
    if row is None:
        raise NotFound(f"There is no survey {number}.")
    return _surveys(connection, [row])[0]


def page(connection: Connection, cursor: str | None, limit: int) -> Page[Survey]:
    """Surveys, newest first. Raises `Invalid` for a cursor that is none."""
    query = select(surveys).order_by(surveys.c.number.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(surveys.c.number < cursors.decode(_LISTING, cursor)[0])
    rows = connection.execute(query).all()
    more = cursors.encode(_LISTING, rows[limit - 1].number, "") if len(rows) > limit else None
    return Page(_surveys(connection, rows[:limit]), more)


def coverage(connection: Connection, at: datetime | None) -> Sequence[Coverage]:
    """The newest coverage of each connection, by name."""
    last = select(coverages.c.connection, func.max(coverages.c.survey).label("survey"))
    if at is not None:
        last = last.where(coverages.c.started_at <= at)
    newest_of = last.group_by(coverages.c.connection).subquery()
    query = (
        select(coverages.c.content)
        .join(
            newest_of,
            (coverages.c.connection == newest_of.c.connection)
            & (coverages.c.survey == newest_of.c.survey),
        )
        .order_by(coverages.c.connection)
    )
    return [Coverage.model_validate_json(content) for content in connection.scalars(query)]


def _counted(connection: Connection, here: Mapping[str, Any]) -> Mapping[str, int]:
    """What the survey stored of the connection, by kind of change."""
    found = Counter(
        "appeared" if row.ended is None else "changed" if row.ended == row.number else "returned"
        for row in connection.execute(_FOUND, here)
    )
    gone = connection.scalar(_GONE, here) or 0
    return {name: found[name] for name in ("appeared", "changed", "returned")} | {"vanished": gone}


def _surveys(connection: Connection, rows: Sequence[Any]) -> list[Survey]:
    covered = connection.execute(_COVERED, {"numbers": [row.number for row in rows]})
    found: dict[int, list[Coverage]] = {row.number: [] for row in rows}
    for row in covered:
        found[row.survey].append(Coverage.model_validate_json(row.content))
    return [
        Survey(
            number=row.number,
            state=SurveyState(row.state),
            requested_by=row.requested_by,
            connections=tuple(from_json(row.connections)),
            started_at=row.started_at,
            finished_at=row.finished_at,
            coverage=tuple(sorted(found[row.number], key=lambda each: each.connection)),
        )
        for row in rows
    ]
