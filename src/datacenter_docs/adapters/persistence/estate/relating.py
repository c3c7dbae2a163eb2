"""Relations, found by joining the ends of rules on their keys; nothing of them is stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from datacenter_docs.adapters.persistence.estate import observing
from datacenter_docs.adapters.persistence.estate.codec import bunches
from datacenter_docs.adapters.persistence.estate.tables import ends, resources
from datacenter_docs.domain.observed import FactId
from datacenter_docs.domain.relations import CROWD, Crowd, Relation, Side

MOST = 5_000
"""Relations that are told of one resource, or of as many as are asked for at once."""

_MOST_CROWDS = 100
_left, _right = ends.alias("left_end"), ends.alias("right_end")
_owner, _other_owner = resources.alias("owner"), resources.alias("other_owner")
_LEFT = (_left.c.rule, _left.c.of, _left.c.attribute, _left.c.survey, _owner.c.id.label("owner"))
_RIGHT = (
    _right.c.of.label("other"),
    _right.c.attribute.label("other_attribute"),
    _right.c.survey.label("other_survey"),
    _other_owner.c.id.label("other_owner"),
)


def of_resources(
    connection: Connection,
    resource_ids: Collection[str],
    rules: Collection[str] | None,
    at: datetime | None,
) -> Sequence[Relation]:
    """The relations at either end of resources, in the order of rule, left, right."""
    pointers, joined = _pointers(at), _joined(at)
    if rules is not None:
        pointers, joined = (query.where(_left.c.rule.in_(rules)) for query in (pointers, joined))
    found: list[Relation] = []
    for some in bunches(sorted(set(resource_ids))):
        for query in (
            pointers.where(_left.c.of.in_(some)),
            pointers.where(_left.c.text.in_(some)),
            joined.where(_left.c.of.in_(some)),
            joined.where(_right.c.of.in_(some)),
        ):
            found += _related(connection, connection.execute(query.limit(MOST)), at)
    return _distinct(found)


def after(
    connection: Connection, key: int, limit: int, at: datetime | None, rules: Sequence[str]
) -> tuple[Sequence[Relation], int | None]:
    """The relations of the next ends of these rules (none: of all), and the last of these; None: there are no more."""
    following = select(ends.c.key).where(ends.c.key > key)
    if rules:
        following = following.where(ends.c.rule.in_(rules))
    last = connection.scalar(
        select(func.max(ends.c.key)).where(
            ends.c.key.in_(following.order_by(ends.c.key).limit(limit))
        )
    )
    if last is None:
        return [], None
    some = and_(_left.c.key > key, _left.c.key <= last)
    if rules:
        some = and_(some, _left.c.rule.in_(rules))
    found: list[Relation] = []
    for query in (_pointers(at), _joined(at)):
        found += _related(connection, connection.execute(query.where(some)), at)
    return _distinct(found), last


def crowds(connection: Connection) -> Sequence[Crowd]:
    """Keys that too many things share now."""
    members = func.count(ends.c.of.distinct())
    query = (
        select(ends.c.rule, ends.c.text, members.label("members"))
        .where(ends.c.side.in_((Side.RIGHT, Side.EITHER)), ends.c.until_at.is_(None))
        .group_by(ends.c.rule, ends.c.text)
        .having(members > CROWD)
        .order_by(members.desc(), ends.c.rule, ends.c.text)
        .limit(_MOST_CROWDS)
    )
    return [Crowd(row.rule, row.text, row.members) for row in connection.execute(query)]


def _pointers(at: datetime | None) -> Select[Any]:
    """Ends that hold the id of the other one."""
    return (
        select(*_LEFT, _left.c.text.label("other"))
        .join(_owner, _owner.c.key == _left.c.resource)
        .where(_left.c.side == Side.POINTER, _left.c.text != _left.c.of, _stands(_left, at))
    )


def _joined(at: datetime | None) -> Select[Any]:
    """Ends at opposite sides with the same key."""
    opposite = or_(
        and_(_left.c.side == Side.LEFT, _right.c.side == Side.RIGHT, _left.c.of != _right.c.of),
        and_(
            _left.c.side == Side.EITHER,
            _right.c.side == Side.EITHER,
            _left.c.of < _right.c.of,
            _owner.c.connection != _other_owner.c.connection,
        ),
    )
    return (
        select(*_LEFT, *_RIGHT, _left.c.text)
        .join(_right, and_(_right.c.rule == _left.c.rule, _right.c.text == _left.c.text))
        .join(_owner, _owner.c.key == _left.c.resource)
        .join(_other_owner, _other_owner.c.key == _right.c.resource)
        .where(opposite, _stands(_left, at), _stands(_right, at))
    )


def _stands(end: Any, at: datetime | None) -> ColumnElement[bool]:
    open_end: ColumnElement[bool] = end.c.until_at.is_(None)
    return (
        open_end if at is None else and_(end.c.from_at <= at, or_(open_end, end.c.until_at > at))
    )


def _related(connection: Connection, rows: Iterable[Any], at: datetime | None) -> list[Relation]:
    """The rows as relations: of things that are there, and by keys that few enough share."""
    many = [row._mapping for row in rows]
    there = _present(connection, {row[end] for row in many for end in ("of", "other")}, at)
    shared = _shared(connection, {(row["rule"], row["text"]) for row in many if "text" in row}, at)
    return [
        Relation(row["rule"], row["of"], row["other"], tuple(_proofs(row)))
        for row in many
        if row["of"] in there
        and row["other"] in there
        and shared.get((row["rule"], row.get("text", "")), 0) <= CROWD
    ]


def _proofs(row: Mapping[str, Any]) -> Iterable[str]:
    yield str(FactId(row["owner"], row["attribute"], row["survey"]))
    if "other_owner" in row:
        yield str(FactId(row["other_owner"], row["other_attribute"], row["other_survey"]))


def _present(connection: Connection, ids: set[str], at: datetime | None) -> set[str]:
    found: set[str] = set()
    query = observing.known(at).with_only_columns(resources.c.id).where(observing.there(at))
    for some in bunches(sorted(ids)):
        found.update(connection.scalars(query.where(resources.c.id.in_(some))))
    return found


def _shared(
    connection: Connection, keys: set[tuple[str, str]], at: datetime | None
) -> Mapping[tuple[str, str], int]:
    """How many things have each key at the right end."""
    query = (
        select(ends.c.rule, ends.c.text, func.count(ends.c.of.distinct()).label("members"))
        .where(
            ends.c.text.in_(bindparam("texts", expanding=True)),
            ends.c.side.in_((Side.RIGHT, Side.EITHER)),
            _stands(ends, at),
        )
        .group_by(ends.c.rule, ends.c.text)
    )
    return {
        (row.rule, row.text): row.members
        for some in bunches(sorted({text for _, text in keys}))
        for row in connection.execute(query, {"texts": some})
    }


def _distinct(relations: Iterable[Relation]) -> list[Relation]:
    """Each pair once by each rule, with the proofs that come first, in order."""
    found: dict[tuple[str, str, str], Relation] = {}
    for one in sorted(relations, key=lambda each: (each.rule, each.left, each.right, each.proofs)):
        found.setdefault((one.rule, one.left, one.right), one)
    return list(found.values())
