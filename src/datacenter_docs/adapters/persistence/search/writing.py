"""Puts findables into their tables, and takes them out: rows, words of names, and the database's own index, in one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from datacenter_docs.adapters.persistence.estate.codec import bunches
from datacenter_docs.adapters.persistence.search import fts5, vectors, vocabulary
from datacenter_docs.adapters.persistence.search.tables import findables, findables_state
from datacenter_docs.domain.findables import Findable
from datacenter_docs.domain.queries import HitKind, folded

LONGEST_FOLDED = 300
"""Characters by which a name is compared as a whole."""
_NAMED = frozenset({HitKind.RESOURCE, HitKind.DOCUMENT})
"""Kinds whose titles are names; those of others are sentences."""
_LAST_KEY = select(func.coalesce(func.max(findables.c.key), 0))


def native(connection: Connection) -> ModuleType:
    """How this database searches."""
    return fts5 if connection.dialect.name == "sqlite" else vectors


def put(connection: Connection, given: Sequence[Findable]) -> None:
    """Store what differs from what is stored."""
    wanted = {(one.kind.value, one.id): _columns(one) for one in given}
    stored = _stored(connection, wanted)
    changed = [place for place, columns in wanted.items() if _said(stored.get(place)) != columns]
    over = [stored[place] for place in changed if place in stored]
    last = connection.scalar(_LAST_KEY) or 0
    rows = []
    for place in changed:
        if place not in stored:
            last += 1
        key = stored[place]["key"] if place in stored else last
        rows.append({**wanted[place], "key": key})
    _take_out(connection, over)
    if rows:
        connection.execute(insert(findables), rows)
        for some in bunches([row["key"] for row in rows]):
            native(connection).learn(connection, some)
    vocabulary.recount(connection, _names(over), _names(rows))


def remove(connection: Connection, kind: HitKind, ids: Sequence[str]) -> None:
    """Take these out."""
    stored = _stored(connection, [(kind.value, one) for one in ids])
    over = list(stored.values())
    _take_out(connection, over)
    vocabulary.recount(connection, _names(over), ())


def clear(connection: Connection) -> None:
    """Take everything out."""
    native(connection).clear(connection)
    for table in (findables, findables_state):
        connection.execute(delete(table))
    vocabulary.clear(connection)


def _take_out(connection: Connection, over: Sequence[Mapping[str, Any]]) -> None:
    for some in bunches([row["key"] for row in over]):
        native(connection).forget(connection, some)
        connection.execute(delete(findables).where(findables.c.key.in_(some)))


def _stored(
    connection: Connection, places: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], dict[str, Any]]:
    by_kind: dict[str, list[str]] = {}
    for kind, one in places:
        by_kind.setdefault(kind, []).append(one)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for kind, ids in by_kind.items():
        for some in bunches(ids):
            query = select(findables).where(findables.c.kind == kind, findables.c.id.in_(some))
            rows = connection.execute(query).mappings()
            found.update({(kind, row["id"]): dict(row) for row in rows})
    return found


def _columns(one: Findable) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "id": one.id,
        "folded_id": folded(one.id)[:LONGEST_FOLDED],
        "title": one.title,
        "folded_title": folded(one.title)[:LONGEST_FOLDED],
        "alias": one.alias,
        "text": one.text,
        "tags": " ".join(sorted(one.tags)),
        "state": one.state,
        "gone": one.gone,
    }


def _said(row: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return None if row is None else {name: row[name] for name in row if name != "key"}


def _names(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    return (row["title"] for row in rows if row["kind"] in _NAMED)
