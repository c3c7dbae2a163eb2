"""The ends of relations of what was just written: those that no longer hold are closed, new ones are added."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from datacenter_docs.adapters.persistence.estate.codec import Mark
from datacenter_docs.adapters.persistence.estate.tables import ends
from datacenter_docs.domain.observed import FactValue, Track
from datacenter_docs.domain.relation_rules import ends_of
from datacenter_docs.domain.relations import End

_KEYS: Any = bindparam("keys", expanding=True)
_OPEN = select(ends).where(ends.c.resource.in_(_KEYS), ends.c.until_at.is_(None))
_CLOSE = update(ends).values(until_at=bindparam("now", type_=ends.c.until_at.type))


class Written(NamedTuple):
    """A resource whose stated values were just stored."""

    key: int
    id: str
    stated: Mapping[str, FactValue]
    track: Track[Mark]


class _Proven(NamedTuple):
    """An end, with the resource that it was made from, and the survey of the fact that proves it."""

    resource: int
    end: End
    survey: int


def rewrite(connection: Connection, written: Sequence[Written], at: datetime) -> None:
    """Bring the ends of these resources up to date."""
    if not written:
        return
    wanted = {_proven(one, end) for one in written for end in ends_of(one.id, one.stated)}
    stored: dict[_Proven, Any] = {}
    for row in connection.execute(_OPEN, {"keys": [one.key for one in written]}):
        end = End(row.rule, row.side, row.text, row.of, row.attribute)
        stored[_Proven(row.resource, end, row.survey)] = row
    over = [row for proven, row in stored.items() if proven not in wanted]
    _take_back(connection, [row.key for row in over if row.from_at >= at])
    _close(connection, [row.key for row in over if row.from_at < at], at)
    added = [_row(proven, at) for proven in sorted(wanted - stored.keys())]
    if added:
        connection.execute(insert(ends), added)


def close_all(connection: Connection, resources: Sequence[int], at: datetime) -> None:
    """These resources are gone, and with them their ends."""
    here = ends.c.resource.in_(_KEYS), ends.c.until_at.is_(None)
    connection.execute(_CLOSE.where(*here), {"keys": list(resources), "now": at})


def _close(connection: Connection, keys: Sequence[int], at: datetime) -> None:
    if keys:
        connection.execute(_CLOSE.where(ends.c.key.in_(_KEYS)), {"keys": list(keys), "now": at})


def _take_back(connection: Connection, keys: Sequence[int]) -> None:
    """What was added by the same page of the same survey never held."""
    if keys:
        connection.execute(delete(ends).where(ends.c.key.in_(_KEYS)), {"keys": list(keys)})


def _proven(one: Written, end: End) -> _Proven:
    index = one.track.values[end.attribute][1]
    return _Proven(one.key, end, one.track.origins[index].survey)


def _row(proven: _Proven, at: datetime) -> dict[str, Any]:
    end = proven.end
    return {
        "resource": proven.resource,
        "rule": end.rule,
        "side": int(end.side),
        "text": end.key,
        "of": end.of,
        "attribute": end.attribute,
        "survey": proven.survey,
        "from_at": at,
    }
