"""`EstateRecorder` over the database."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from datacenter_docs.adapters.persistence import chain
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.estate import (
    departing,
    payloads,
    recording,
    surveys,
    sweeping,
)
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import Refused
from datacenter_docs.domain.sightings import Sighting
from datacenter_docs.domain.surveys import Coverage, Present, Survey, SurveyState
from datacenter_docs.ports.estate import Begun, Forgotten, KeptPayload, Retention


class SqlEstateRecorder:
    """What surveys saw, into the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(
        self,
        connections: Sequence[str],
        requested_by: str,
        at: datetime,
        entries: Sequence[Entry] = (),
    ) -> Begun:
        beginning = surveys.Beginning(connections, requested_by, at, entries)
        return await self._database.writer.run(lambda c: surveys.begin(c, beginning))

    async def record(
        self, survey: int, sightings: Sequence[Sighting], at: datetime
    ) -> Sequence[str]:
        page = recording.Page(survey, at, sightings)
        return await self._database.writer.run(lambda c: recording.record(c, page))

    async def keep(self, given: Sequence[KeptPayload], at: datetime) -> None:
        packed = await asyncio.to_thread(
            lambda: [(payload, payloads.packed(payload)) for payload in given]
        )
        await self._database.writer.run(lambda c: payloads.keep(c, packed, at))

    async def present(self, connection: str) -> AsyncIterator[Sequence[Present]]:
        after = ""
        while True:
            found = await self._database.scan(
                partial(departing.present, name=connection, after=after)
            )
            if not found:
                return
            yield found
            after = found[-1].id

    async def depart(
        self, survey: int, vanished: Sequence[str], unseen: Mapping[str, bool], at: datetime
    ) -> None:
        departure = departing.Departure(survey, vanished, unseen, at)
        await self._database.writer.run(lambda c: departing.depart(c, departure))

    async def cover(self, coverage: Coverage) -> Coverage:
        return await self._database.writer.run(lambda c: surveys.cover(c, coverage))

    async def finish(self, survey: int, at: datetime) -> Survey:
        return await self._database.writer.run(lambda c: surveys.finish(c, survey, at))

    async def accept_vanished(
        self, connection: str, requested_by: str, at: datetime, entries: Sequence[Entry]
    ) -> int:
        return await self._database.writer.run(
            lambda c: _accept(c, connection, requested_by, at, entries)
        )

    async def sweep(self, retention: Retention) -> Forgotten:
        writer, scan = self._database.writer, self._database.scan
        versions, measurements = await writer.run(lambda c: sweeping.forget_rows(c, retention))
        keys, hashes = await scan(sweeping.unused)
        old = await writer.run(lambda c: sweeping.forget_payloads(c, hashes, retention))
        readings = await writer.run(lambda c: sweeping.forget_readings(c, keys))
        return Forgotten(versions, measurements, readings, old)


def _accept(
    connection: Connection, name: str, requested_by: str, at: datetime, entries: Sequence[Entry]
) -> int:
    """A survey of one word: what a person says to be gone is."""
    rows = departing.doubted(connection, name)
    newest = surveys.newest(connection)
    if newest is not None and newest.state is SurveyState.RUNNING:
        raise Refused(f"Survey {newest.number} is running: wait until it is over.")
    if not rows or newest is None:
        return 0
    said_at = max(at, newest.finished_at or newest.started_at)
    said = Survey(
        number=newest.number + 1,
        state=SurveyState.FINISHED,
        requested_by=requested_by,
        connections=(name,),
        started_at=said_at,
        finished_at=said_at,
    )
    surveys.store(connection, said)
    departing.bury(connection, rows, said.number, said_at)
    chain.append(connection, entries)
    return len(rows)
