"""`SearchIndex` in the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.search import vocabulary, writing
from datacenter_docs.adapters.persistence.search.tables import findables, findables_state
from datacenter_docs.domain.findables import Findable, wanted_tags
from datacenter_docs.domain.hits import Candidate
from datacenter_docs.domain.queries import HitKind, SearchFilter
from datacenter_docs.ports.searching import Asked, Followed

_STATE_ID = 1
_CANDIDATE = (
    findables.c.key,
    findables.c.kind,
    findables.c.id,
    findables.c.title,
    findables.c.gone,
    findables.c.state,
)
_TEXTS = select(findables.c.key, findables.c.text).where(
    findables.c.key.in_(bindparam("keys", expanding=True))
)


class SqlSearchIndex:
    """What may be found, as rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def match(self, asked: Sequence[Asked], most: int) -> Sequence[Sequence[Candidate]]:
        def answers(connection: Connection) -> list[list[Candidate]]:
            matching = writing.native(connection).matching
            return [[_candidate(row) for row in matching(connection, one, most)] for one in asked]

        return await self._database.scan(answers)

    async def called(self, folded: str, wanted: SearchFilter, most: int) -> Sequence[Candidate]:
        whole = folded[: writing.LONGEST_FOLDED]
        named = or_(findables.c.folded_title == whole, findables.c.folded_id == whole)
        query = select(*_CANDIDATE).where(named).order_by(findables.c.key).limit(most)
        for tags in wanted_tags(wanted):
            query = query.where(or_(*(findables.c.tags.contains(tag) for tag in sorted(tags))))
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_candidate(row) for row in rows]

    async def similar(
        self, spelt: Sequence[str], most: int
    ) -> Mapping[str, Sequence[tuple[str, int]]]:
        return await self._database.scan(
            lambda c: {word: vocabulary.similar(c, word, most) for word in spelt}
        )

    async def texts(self, keys: Sequence[int]) -> Mapping[int, str]:
        wanted = {"keys": list(keys)}
        rows = await self._database.read(lambda c: c.execute(_TEXTS, wanted).all())
        return {row.key: row.text for row in rows}

    async def put(self, given: Sequence[Findable]) -> None:
        await self._database.writer.run(lambda c: writing.put(c, given))

    async def remove(self, kind: HitKind, ids: Sequence[str]) -> None:
        await self._database.writer.run(lambda c: writing.remove(c, kind, ids))

    async def followed(self) -> Followed:
        return await self._database.read(_followed)

    async def follow(self, *, survey: int | None = None, record: int | None = None) -> None:
        def store(connection: Connection) -> None:
            before = _followed(connection)
            now = {
                "survey": max(before.survey, survey or 0),
                "record": max(before.record, record or 0),
            }
            if not connection.execute(update(findables_state).values(now)).rowcount:
                connection.execute(insert(findables_state).values(id=_STATE_ID, **now))

        await self._database.writer.run(store)

    async def clear(self) -> None:
        await self._database.writer.run(writing.clear)


def _followed(connection: Connection) -> Followed:
    row = connection.execute(select(findables_state)).one_or_none()
    return Followed() if row is None else Followed(row.survey, row.record)


def _candidate(row: Any) -> Candidate:
    kind = HitKind(row.kind)
    return Candidate(row.key, kind, row.id, row.title, bool(row.gone), row.state)
