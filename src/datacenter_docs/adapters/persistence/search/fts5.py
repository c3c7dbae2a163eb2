"""`search` on SQLite: an FTS5 table over the columns of `findables`, which it does not store again.

What it holds of a row is forgotten by telling it the very same words, so that comes before the row is changed.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, text

from datacenter_docs.domain.findables import wanted_tags
from datacenter_docs.domain.queries import Piece
from datacenter_docs.ports.searching import Asked

_KEYS: Any = bindparam("keys", expanding=True)
_FORGET = text(
    "INSERT INTO search (search, rowid, title, alias, text, tags)"
    " SELECT 'delete', key, title, alias, text, tags FROM findables WHERE key IN :keys"
).bindparams(_KEYS)
_LEARN = text(
    "INSERT INTO search (rowid, title, alias, text, tags)"
    " SELECT key, title, alias, text, tags FROM findables WHERE key IN :keys"
).bindparams(_KEYS)
_CLEAR = text("INSERT INTO search (search) VALUES ('delete-all')")
_MATCH = text(
    "SELECT f.key, f.kind, f.id, f.title, f.gone, f.state"
    " FROM search JOIN findables f ON f.key = search.rowid"
    " WHERE search MATCH :query ORDER BY search.rowid LIMIT :most"
)


def forget(connection: Connection, keys: Sequence[int]) -> None:
    """Take rows out that are still in `findables` as they were learned."""
    connection.execute(_FORGET, {"keys": keys})


def learn(connection: Connection, keys: Sequence[int]) -> None:
    """Take rows in."""
    connection.execute(_LEARN, {"keys": keys})


def clear(connection: Connection) -> None:
    """Forget all rows, whatever they are now."""
    connection.execute(_CLEAR)


def matching(connection: Connection, asked: Asked, most: int) -> Iterable[Any]:
    """Rows of candidates, in the order of keys."""
    return connection.execute(_MATCH, {"query": query(asked), "most": most})


def query(asked: Asked) -> str:
    """The question in the language of FTS5; every word stands in quotation marks, and has none itself."""
    columns = "{title alias}" if asked.in_names else "{title alias text}"
    parts = [f"{columns} : ({' AND '.join(map(_phrase, asked.pieces))})"]
    parts += [f"tags : ({' OR '.join(sorted(tags))})" for tags in wanted_tags(asked.wanted)]
    return " AND ".join(f"({part})" for part in parts)


def _phrase(piece: Piece) -> str:
    return f'"{" ".join(piece.words)}"{" *" if piece.open else ""}'
