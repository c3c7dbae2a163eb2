"""Patterns in the database. How their statistics follow what happens is in `counting.py`."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, insert, or_, select, update

from datacenter_docs.adapters.persistence import chain, cursors, prototypes
from datacenter_docs.adapters.persistence.counting import recount
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.papers import to_text
from datacenter_docs.adapters.persistence.tables import patterns, tickets
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.masking import Masked
from datacenter_docs.domain.patterns import Pattern, Stage
from datacenter_docs.ports.pages import Page
from datacenter_docs.ports.patterns import PatternFilter, Prototype

_LISTING = "patterns"
_ORDER = (patterns.c.occurrences.desc(), patterns.c.pattern_id)
_BY_ID = select(patterns).where(patterns.c.pattern_id == bindparam("wanted"))
_WORDS = TypeAdapter(tuple[str, ...])


class SqlPatternStore:
    """Patterns with their statistics."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prototypes_after(self, number: int) -> Sequence[Prototype]:
        return await self._database.read(lambda c: prototypes.after(c, number))

    async def remember(self, pattern_id: str, text: Masked) -> None:
        def store(connection: Connection) -> None:
            pattern = _living(connection, pattern_id)
            prototypes.add(connection, pattern.pattern_id, pattern.category, [text])

        await self._database.writer.run(store)

    async def get(self, pattern_id: str) -> Pattern:
        return await self._database.read(lambda connection: _load(connection, pattern_id))

    async def find(self, wanted: PatternFilter, cursor: str | None, limit: int) -> Page[Pattern]:
        query = _listing(wanted, cursor).limit(limit + 1)
        rows = await self._database.scan(lambda c: c.execute(query).mappings().all())
        items = [pattern_of(row) for row in rows[:limit]]
        return Page(items, _cursor_after(items[-1]) if len(rows) > limit else None)

    async def add(self, pattern: Pattern, text: Masked) -> Pattern:
        def store(connection: Connection) -> Pattern:
            query = select(patterns.c.pattern_id).where(patterns.c.signature == pattern.signature)
            known = connection.scalars(query).one_or_none()
            if known is None:
                connection.execute(insert(patterns).values(_row(pattern)))
            kept = pattern if known is None else _living(connection, known)
            prototypes.add(connection, kept.pattern_id, kept.category, [text])
            return kept

        return await self._database.writer.run(store)

    async def rename(self, pattern_id: str, name: str | None, entry: Entry) -> Pattern:
        def store(connection: Connection) -> Pattern:
            pattern = _load(connection, pattern_id)
            _set(connection, pattern_id, {"name": name})
            chain.append(connection, [entry])
            return pattern.replaced(name=name)

        return await self._database.writer.run(store)

    async def merge(self, pattern_id: str, into: str, entry: Entry) -> Pattern:
        def store(connection: Connection) -> Pattern:
            gone, kept = _load(connection, pattern_id), _load(connection, into)
            of_gone = tickets.c.pattern_id == pattern_id
            connection.execute(update(tickets).where(of_gone).values(pattern_id=into))
            _set(connection, pattern_id, {"merged_into": into})
            forbidden = kept.automation_forbidden or gone.automation_forbidden
            _set(connection, into, {"automation_forbidden": forbidden})
            told = prototypes.standing(connection, pattern_id)
            prototypes.take_back(connection, told)
            prototypes.add(connection, into, kept.category, [one.text for one in told])
            return _recounted(connection, entry, pattern_id, into)

        return await self._database.writer.run(store)

    async def split(
        self,
        pattern_id: str,
        ticket_ids: Sequence[str],
        new: Pattern,
        texts: Sequence[Masked],
        entry: Entry,
    ) -> Pattern:
        def store(connection: Connection) -> Pattern:
            _load(connection, pattern_id)
            connection.execute(insert(patterns).values(_row(new)))
            moved = (tickets.c.pattern_id == pattern_id) & tickets.c.id.in_(ticket_ids)
            connection.execute(update(tickets).where(moved).values(pattern_id=new.pattern_id))
            said = {text.signature for text in texts}
            told = prototypes.standing(connection, pattern_id)
            prototypes.take_back(connection, [one for one in told if one.text.signature in said])
            prototypes.add(connection, new.pattern_id, new.category, texts)
            return _recounted(connection, entry, pattern_id, new.pattern_id)

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

    async def tell_stage(self, pattern_id: str, stage: Stage, entry: Entry) -> None:
        def store(connection: Connection) -> None:
            _load(connection, pattern_id)
            _set(connection, pattern_id, {"stage_told": stage})
            chain.append(connection, [entry])

        await self._database.writer.run(store)

    async def refresh(self, pattern_id: str) -> Pattern:
        def store(connection: Connection) -> Pattern:
            recount(connection, pattern_id)
            return _load(connection, pattern_id)

        return await self._database.writer.run(store)


def _living(connection: Connection, pattern_id: str) -> Pattern:
    """The pattern, or the one that has its tickets since it was merged."""
    pattern = _load(connection, pattern_id)
    while pattern.merged_into is not None:
        pattern = _load(connection, pattern.merged_into)
    return pattern


def _recounted(connection: Connection, entry: Entry, before: str, after: str) -> Pattern:
    """Journal that tickets went from one pattern to another, and count both anew."""
    chain.append(connection, [entry])
    recount(connection, before)
    recount(connection, after)
    return _load(connection, after)


def pattern_of(row: RowMapping) -> Pattern:
    """The pattern of a whole row."""
    return Pattern.model_validate({**row, "key_terms": _WORDS.validate_json(row["key_terms"])})


def _row(pattern: Pattern) -> dict[str, Any]:
    return {**vars(pattern), "key_terms": to_text(pattern.key_terms)}


def _load(connection: Connection, pattern_id: str) -> Pattern:
    row = connection.execute(_BY_ID, {"wanted": pattern_id}).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no pattern {pattern_id}.")
    return pattern_of(row)


def _set(connection: Connection, pattern_id: str, columns: dict[str, Any]) -> None:
    connection.execute(update(patterns).where(patterns.c.pattern_id == pattern_id).values(columns))


def _listing(wanted: PatternFilter, cursor: str | None) -> Select[Any]:
    query = select(patterns).where(patterns.c.merged_into.is_(None)).order_by(*_ORDER)
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
