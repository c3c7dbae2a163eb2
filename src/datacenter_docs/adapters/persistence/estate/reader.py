"""`EstateReader` over the database."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, func

from datacenter_docs.adapters.persistence import cursors
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.estate import (
    changing,
    citing,
    observing,
    payloads,
    relating,
    surveys,
)
from datacenter_docs.adapters.persistence.estate.codec import bunches
from datacenter_docs.adapters.persistence.estate.tables import resources
from datacenter_docs.domain.changes import Change, ChangeKind, Touched
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.observed import FactId, ObservedResource
from datacenter_docs.domain.relations import Crowd, Relation
from datacenter_docs.domain.surveys import Coverage, Survey
from datacenter_docs.ports.estate import ChangeFilter, FactRecord, KeptPayload, ResourceFilter
from datacenter_docs.ports.pages import Page

_LISTING = "resources"
_BUNCH = 1_000
_ENDS_AT_ONCE = 5_000


class SqlEstateReader:
    """What is known of the estate. What is asked by id is read, what walks over many rows is scanned."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def survey(self, number: int) -> Survey:
        return await self._database.read(lambda c: surveys.one(c, number))

    async def surveys(self, cursor: str | None, limit: int) -> Page[Survey]:
        return await self._database.read(lambda c: surveys.page(c, cursor, limit))

    async def coverage(self, at: datetime | None = None) -> Sequence[Coverage]:
        return await self._database.read(lambda c: surveys.coverage(c, at))

    async def get(self, resource_id: str, at: datetime | None = None) -> ObservedResource:
        found = await self._database.read(
            lambda c: (
                observing.one(c, resource_id) if at is None else _by_ids(c, [resource_id], at)
            )
        )
        if not found:
            raise NotFound(f"No survey has seen {resource_id}.")
        return found[0]

    async def get_all(
        self, resource_ids: Sequence[str], at: datetime | None = None
    ) -> Mapping[str, ObservedResource]:
        found = await self._database.scan(lambda c: _by_ids(c, resource_ids, at))
        return {one.id: one for one in found}

    async def find(
        self, wanted: ResourceFilter, cursor: str | None, limit: int, at: datetime | None = None
    ) -> Page[ObservedResource]:
        after = "" if cursor is None else cursors.decode(_LISTING, cursor)[1]
        found = await self._database.scan(lambda c: _bunch(c, wanted, after, limit + 1, at))
        more = cursors.encode(_LISTING, 0, found[limit - 1].id) if len(found) > limit else None
        return Page(found[:limit], more)

    async def walk(
        self, wanted: ResourceFilter, at: datetime | None = None
    ) -> AsyncIterator[Sequence[ObservedResource]]:
        after = ""
        while True:
            found = await self._database.scan(
                partial(_bunch, wanted=wanted, after=after, limit=_BUNCH, at=at)
            )
            if found:
                yield found
            if len(found) < _BUNCH:
                return
            after = found[-1].id

    async def counts(self, at: datetime | None = None) -> Mapping[tuple[str, str, str], int]:
        place = (resources.c.platform, resources.c.connection, resources.c.kind)
        query = (
            observing.known(at)
            .with_only_columns(*place, func.count())
            .where(observing.there(at))
            .group_by(*place)
        )
        rows = await self._database.scan(lambda c: c.execute(query).all())
        return {(row[0], row[1], row[2]): row[3] for row in rows}

    async def fact(self, fact_id: FactId) -> FactRecord:
        return await self._database.read(lambda c: citing.one(c, fact_id))

    async def history(
        self, resource_id: str, attribute: str | None, cursor: str | None, limit: int
    ) -> Page[Change]:
        await self.get(resource_id)
        wanted = ChangeFilter(resource_id=resource_id)
        found: list[Change] = []
        while True:
            page = await self.changes(wanted, cursor, limit)
            found += [change for change in page.items if _speaks_of(change, attribute)]
            cursor = page.next_cursor
            if cursor is None or len(found) >= limit:
                return Page(found, cursor)

    async def relations(self, resource_id: str, at: datetime | None = None) -> Sequence[Relation]:
        await self.get(resource_id, at)
        return await self.related([resource_id], None, at)

    async def related(
        self,
        resource_ids: Collection[str],
        rules: Collection[str] | None = None,
        at: datetime | None = None,
    ) -> Sequence[Relation]:
        return await self._database.scan(
            lambda c: relating.of_resources(c, resource_ids, rules, at)
        )

    async def walk_relations(
        self, at: datetime | None = None, rules: Sequence[str] = ()
    ) -> AsyncIterator[Sequence[Relation]]:
        last: int | None = 0
        told: set[tuple[str, str, str]] = set()
        while last is not None:
            found, last = await self._database.scan(
                partial(relating.after, key=last, limit=_ENDS_AT_ONCE, at=at, rules=rules)
            )
            fresh = [one for one in found if (one.rule, one.left, one.right) not in told]
            told.update((one.rule, one.left, one.right) for one in fresh if len(one.proofs) > 1)
            if fresh:
                yield fresh

    async def crowds(self) -> Sequence[Crowd]:
        return await self._database.scan(relating.crowds)

    async def changes(self, wanted: ChangeFilter, cursor: str | None, limit: int) -> Page[Change]:
        if wanted.resource_ids is not None and await self._database.read(
            lambda c: changing.is_quiet(c, wanted)
        ):
            return Page([], None)
        return await self._database.scan(lambda c: changing.page(c, wanted, cursor, limit))

    async def touched(self, after_survey: int) -> Touched:
        return await self._database.scan(lambda c: changing.touched(c, after_survey))

    async def payload(self, sha256: str) -> KeptPayload:
        return await self._database.read(lambda c: payloads.one(c, sha256))


def _by_ids(
    connection: Connection, ids: Sequence[str], at: datetime | None
) -> list[ObservedResource]:
    rows: list[Any] = []
    for some in bunches(list(ids)):
        rows += connection.execute(observing.known(at).where(resources.c.id.in_(some)))
    return observing.assembled(connection, rows, at)


def _bunch(
    connection: Connection, wanted: ResourceFilter, after: str, limit: int, at: datetime | None
) -> list[ObservedResource]:
    query = observing.matching(wanted, at).where(resources.c.id > after).limit(limit)
    return observing.assembled(connection, connection.execute(query).all(), at)


def _speaks_of(change: Change, attribute: str | None) -> bool:
    return (
        attribute is None
        or change.kind is not ChangeKind.CHANGED
        or any(one.attribute == attribute for one in change.attributes)
    )
