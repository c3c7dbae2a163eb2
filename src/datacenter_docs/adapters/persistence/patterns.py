"""Patterns in the database. Statistics are always recounted, never added to."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, insert, or_, select, update

from datacenter_docs.adapters.persistence import chain, cursors
from datacenter_docs.adapters.persistence.counting import recount
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.papers import to_text
from datacenter_docs.adapters.persistence.tables import patterns
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.ports.pages import Page
from datacenter_docs.ports.patterns import PatternFilter

_LISTING = "patterns"
_ORDER = (patterns.c.occurrences.desc(), patterns.c.pattern_id)
_OF_CATEGORY = (
    select(patterns).where(patterns.c.category == bindparam("category")).order_by(*_ORDER)
)
_BY_ID = select(patterns).where(patterns.c.pattern_id == bindparam("wanted"))
_WORDS = TypeAdapter(tuple[str, ...])
_WEIGHTS = TypeAdapter(dict[str, float])


class SqlPatternStore:
    """Patterns with their statistics."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_category(self, category: str) -> Sequence[Pattern]:
        wanted = {"category": category}
        rows = await self._database.read(
            lambda c: c.execute(_OF_CATEGORY, wanted).mappings().all()
        )
        return [pattern_of(row) for row in rows]

    async def get(self, pattern_id: str) -> Pattern:
        return await self._database.read(lambda connection: _load(connection, pattern_id))

    async def find(self, wanted: PatternFilter, cursor: str | None, limit: int) -> Page[Pattern]:
        query = _listing(wanted, cursor).limit(limit + 1)
        rows = await self._database.scan(lambda c: c.execute(query).mappings().all())
        items = [pattern_of(row) for row in rows[:limit]]
        return Page(items, _cursor_after(items[-1]) if len(rows) > limit else None)

    async def add(self, pattern: Pattern) -> Pattern:
        def store(connection: Connection) -> Pattern:
            query = select(patterns).where(patterns.c.signature == pattern.signature)
            row = connection.execute(query).mappings().one_or_none()
            if row is not None:
                return pattern_of(row)
            connection.execute(insert(patterns).values(_row(pattern)))
            return pattern

        return await self._database.writer.run(store)

    async def forbid_automation(
        self, pattern_id: str, *, forbidden: bool, entry: Entry
    ) -> Pattern:
        def store(connection: Connection) -> Pattern:
            pattern = _load(connection, pattern_id)
            _set(connection, pattern_id, {"automation_forbidden": forbidden})
            chain.append(connection, [entry])
            return pattern.replaced(automation_forbidden=forbidden)

        return await self._database.writer.run(store)

    async def refresh(self, pattern_id: str) -> Pattern:
        def store(connection: Connection) -> Pattern:
            recount(connection, pattern_id)
            return _load(connection, pattern_id)

        return await self._database.writer.run(store)


def pattern_of(row: RowMapping) -> Pattern:
    """The pattern of a whole row."""
    texts = {
        "key_terms": _WORDS.validate_json(row["key_terms"]),
        "terms": _WEIGHTS.validate_json(row["terms"]),
    }
    return Pattern.model_validate({**row, **texts})


def _row(pattern: Pattern) -> dict[str, Any]:
    texts = {"key_terms": to_text(pattern.key_terms), "terms": to_text(pattern.terms)}
    return {**vars(pattern), **texts}


def _load(connection: Connection, pattern_id: str) -> Pattern:
    row = connection.execute(_BY_ID, {"wanted": pattern_id}).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no pattern {pattern_id}.")
    return pattern_of(row)


def _set(connection: Connection, pattern_id: str, columns: dict[str, Any]) -> None:
    connection.execute(update(patterns).where(patterns.c.pattern_id == pattern_id).values(columns))


def _listing(wanted: PatternFilter, cursor: str | None) -> Select[Any]:
    query = select(patterns).order_by(*_ORDER)
    if wanted.category is not None:
        query = query.where(patterns.c.category == wanted.category)
    if wanted.min_occurrences > 0:
        query = query.where(patterns.c.occurrences >= wanted.min_occurrences)
    if cursor is not None:
        number, name = cursors.decode(_LISTING, cursor)
        fewer = patterns.c.occurrences < number
        same = and_(patterns.c.occurrences == number, patterns.c.pattern_id > name)
        query = query.where(or_(fewer, same))
    return query


def _cursor_after(pattern: Pattern) -> str:
    return cursors.encode(_LISTING, pattern.occurrences, pattern.pattern_id)
