"""The ways in which patterns were told of: rows that are added, never changed and never deleted.

No other writer runs meanwhile (see `engine.py`), so that numbers rise in the order of commits, over all processes.
"""

from collections.abc import Collection, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, bindparam, func, insert, select

from datacenter_docs.adapters.persistence.papers import to_text
from datacenter_docs.adapters.persistence.tables import prototypes
from datacenter_docs.domain.masking import Masked, remembered
from datacenter_docs.ports.patterns import Prototype

_WORDS = TypeAdapter(tuple[str, ...])
_AFTER = (
    select(prototypes)
    .where(prototypes.c.number > bindparam("number"))
    .order_by(prototypes.c.number)
)
_LAST = select(func.coalesce(func.max(prototypes.c.number), 0))
_OF_PATTERN = (
    select(prototypes)
    .where(prototypes.c.pattern_id == bindparam("wanted"))
    .order_by(prototypes.c.number)
)


def after(connection: Connection, number: int) -> list[Prototype]:
    """All after a number, in order."""
    return [_prototype(row) for row in connection.execute(_AFTER, {"number": number}).mappings()]


def add(connection: Connection, pattern_id: str, category: str, texts: Sequence[Masked]) -> None:
    """Store what the pattern does not have yet."""
    known = {one.text.signature for one in standing(connection, pattern_id)}
    fresh = {text.signature: text for text in texts if text.signature not in known}
    _insert(connection, [(pattern_id, category, text, None) for text in fresh.values()])


def standing(connection: Connection, pattern_id: str) -> list[Prototype]:
    """A pattern's prototypes, without those that were taken back."""
    rows = connection.execute(_OF_PATTERN, {"wanted": pattern_id}).mappings()
    found = [_prototype(row) for row in rows]
    gone = {one.removes for one in found}
    return [one for one in found if one.removes is None and one.number not in gone]


def take_back(connection: Connection, gone: Collection[Prototype]) -> None:
    """Let readers forget some."""
    _insert(connection, [(one.pattern_id, one.category, one.text, one.number) for one in gone])


def _insert(connection: Connection, rows: Sequence[tuple[str, str, Masked, int | None]]) -> None:
    if not rows:
        return
    last = connection.scalars(_LAST).one()
    connection.execute(
        insert(prototypes),
        [
            {
                "number": number,
                "pattern_id": pattern_id,
                "category": category,
                "lines": to_text(text.lines),
                "names": to_text(sorted(text.names)),
                "removes": removes,
            }
            for number, (pattern_id, category, text, removes) in enumerate(rows, last + 1)
        ],
    )


def _prototype(row: RowMapping) -> Prototype:
    text: Any = remembered(_WORDS.validate_json(row["lines"]), _WORDS.validate_json(row["names"]))
    return Prototype(row["number"], row["pattern_id"], row["category"], text, row["removes"])
