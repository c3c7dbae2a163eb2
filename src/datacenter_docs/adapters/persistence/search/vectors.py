"""`search` on PostgreSQL: a table of `tsvector`, made of our own words, since the parser of PostgreSQL takes names apart by
rules for prose: it would take the hyphen before a number for a minus.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from datacenter_docs.adapters.persistence.search.tables import findables
from datacenter_docs.domain.findables import wanted_tags
from datacenter_docs.domain.queries import Piece, words
from datacenter_docs.ports.searching import Asked

_FARTHEST = 16_000
"""A word behind so many others is found, but in no piece of several; PostgreSQL counts no further."""
_GAP = 10
"""Between a name and what comes after it, so that no piece reaches over the end."""
_KEYS: Any = bindparam("keys", expanding=True)
_FORGET = text("DELETE FROM search WHERE key IN :keys").bindparams(_KEYS)
_LEARN = text("INSERT INTO search (key, vector) VALUES (:key, CAST(:vector AS tsvector))")
_CLEAR = text("DELETE FROM search")
_ROWS = select(
    findables.c.key, findables.c.title, findables.c.alias, findables.c.text, findables.c.tags
).where(findables.c.key.in_(bindparam("keys", expanding=True)))
_MATCH = text(
    "SELECT f.key, f.kind, f.id, f.title, f.gone, f.state FROM findables f JOIN"
    " (SELECT key FROM search WHERE vector @@ CAST(:query AS tsquery) ORDER BY key LIMIT :most) found"
    " ON found.key = f.key ORDER BY f.key"
)


def forget(connection: Connection, keys: Sequence[int]) -> None:
    """Take rows out."""
    connection.execute(_FORGET, {"keys": keys})


def learn(connection: Connection, keys: Sequence[int]) -> None:
    """Take rows in."""
    rows = connection.execute(_ROWS, {"keys": keys}).all()
    connection.execute(_LEARN, [{"key": row.key, "vector": _vector(row)} for row in rows])


def clear(connection: Connection) -> None:
    """Forget all rows."""
    connection.execute(_CLEAR)


def matching(connection: Connection, asked: Asked, most: int) -> Iterable[Any]:
    """Rows of candidates, in the order of keys."""
    return connection.execute(_MATCH, {"query": query(asked), "most": most})


def query(asked: Asked) -> str:
    """The question in the language of `tsquery`; every word stands in quotation marks, and has none itself."""
    mark = "A" if asked.in_names else "AB"
    parts = [_phrase(piece, mark) for piece in asked.pieces]
    parts += [
        " | ".join(f"'{tag}':C" for tag in sorted(tags)) for tags in wanted_tags(asked.wanted)
    ]
    return " & ".join(f"({part})" for part in parts)


def _phrase(piece: Piece, mark: str) -> str:
    *before, last = piece.words
    ends = f"'{last}':{'*' if piece.open else ''}{mark}"
    return " <-> ".join([*(f"'{word}':{mark}" for word in before), ends])


def _vector(row: Any) -> str:
    """Words with their places: what something is called marked A, what is said of it B, what filters ask for C."""
    places: dict[str, list[str]] = {}
    at = 0
    for part, mark in ((row.title, "A"), (row.alias, "A"), (row.text, "B"), (row.tags, "C")):
        for word in words(part):
            at += 1
            places.setdefault(word, []).append(f"{min(at, _FARTHEST)}{mark}")
        at += _GAP
    return " ".join(f"'{word}':{','.join(dict.fromkeys(found))}" for word, found in places.items())
