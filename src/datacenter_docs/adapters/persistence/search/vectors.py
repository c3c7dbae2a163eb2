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
_BY_INDEX = text("SET LOCAL enable_seqscan = off")
"""The planner guesses how many rows match, and where it guesses too many it would rather look through all of them."""
_MATCH = text(
    "SELECT f.key, f.kind, f.id, f.title, f.gone, f.state FROM findables f JOIN"
    " (SELECT key FROM search WHERE vector @@ CAST(:query AS tsquery) LIMIT :most) found"
    " ON found.key = f.key ORDER BY f.key"
)
_NAME, _TAG = "~", "#"
"""What begins the words of names once more, and what filters ask for. No word does, and so the index alone can tell: a
weight would have to be looked up in every row.
"""


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
    connection.execute(_BY_INDEX)
    return connection.execute(_MATCH, {"query": query(asked), "most": most})


def query(asked: Asked) -> str:
    """The question in the language of `tsquery`; every word stands in quotation marks, and has none itself."""
    mark = _NAME if asked.in_names else ""
    parts = [_phrase(piece, mark) for piece in asked.pieces]
    parts += [
        " | ".join(f"'{_TAG}{tag}'" for tag in sorted(tags)) for tags in wanted_tags(asked.wanted)
    ]
    return " & ".join(f"({part})" for part in parts)


def _phrase(piece: Piece, mark: str) -> str:
    phrase = " <-> ".join(f"'{mark}{word}'" for word in piece.words)
    return f"{phrase}:*" if piece.open else phrase


def _vector(row: Any) -> str:
    """Words with their places; those of names twice."""
    places: dict[str, list[int]] = {}
    at = 0
    for part, marks in ((row.title, ("", _NAME)), (row.alias, ("", _NAME)), (row.text, ("",))):
        for word in words(part):
            at += 1
            for mark in marks:
                places.setdefault(f"{mark}{word}", []).append(min(at, _FARTHEST))
        at += _GAP
    found = [f"'{word}':{','.join(map(str, at))}" for word, at in places.items()]
    return " ".join([*found, *(f"'{_TAG}{tag}'" for tag in row.tags.split())])
