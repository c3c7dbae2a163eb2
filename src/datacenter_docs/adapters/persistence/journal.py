"""The journal in the database. Triggers refuse update, delete and truncate; anchors outside show what triggers cannot."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from datacenter_docs.adapters.persistence import chain
from datacenter_docs.adapters.persistence.anchors import Anchor, AnchorFile
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.tables import journal
from datacenter_docs.domain.audit import Entry, Record, verify_chain
from datacenter_docs.domain.errors import Broken
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.journal import JournalReport
from datacenter_docs.ports.pages import Page

_FETCHED_AT_ONCE = 5_000
_ALL = select(journal).order_by(journal.c.seq).execution_options(yield_per=_FETCHED_AT_ONCE)


class SqlJournal:
    """The append-only, hash-chained journal."""

    def __init__(self, database: Database, anchors: AnchorFile, clock: Clock) -> None:
        self._database = database
        self._anchors = anchors
        self._clock = clock

    async def append(self, entries: Sequence[Entry]) -> Sequence[Record]:
        return await self._database.writer.share(_append_all, entries)

    async def page(
        self,
        *,
        ticket_id: str | None = None,
        kinds: Sequence[str] = (),
        after_seq: int = 0,
        limit: int = 200,
    ) -> Page[Record]:
        query = select(journal).where(journal.c.seq > after_seq).order_by(journal.c.seq)
        if ticket_id is not None:
            query = query.where(journal.c.ticket_id == ticket_id)
        if kinds:
            query = query.where(journal.c.kind.in_(kinds))
        rows = await self._database.read(lambda c: c.execute(query.limit(limit + 1)).all())
        items = [Record.model_validate(dict(row._mapping)) for row in rows[:limit]]
        return Page(items, str(items[-1].seq) if len(rows) > limit else None)

    async def verify(self) -> JournalReport:
        try:
            # Before the records: what is appended and anchored meanwhile is no alarm.
            anchors = await asyncio.to_thread(self._anchors.read)
        except Broken as error:
            return JournalReport(ok=False, records=0, head_hash="", reason=error.message)
        return await self._database.scan(lambda connection: _verify(connection, anchors))

    async def anchor(self) -> None:
        seq, head_hash = await self._database.read(chain.head)
        if seq:
            await asyncio.to_thread(
                self._anchors.append, Anchor(seq, head_hash), self._clock.now()
            )


def _append_all(
    connection: Connection, batches: Sequence[Sequence[Entry]]
) -> list[Sequence[Record]]:
    """One bulk insert for all callers; each gets its own records back."""
    records = iter(chain.append(connection, [entry for batch in batches for entry in batch]))
    return [[next(records) for _ in batch] for batch in batches]


def _verify(connection: Connection, anchors: Sequence[Anchor]) -> JournalReport:
    """The chain's own check, then the anchors: one that differs means rewritten, one beyond the end means cut off."""
    anchored = {anchor.seq for anchor in anchors}
    seen: dict[int, str] = {}

    def watched(rows: Iterable[Any]) -> Iterator[Any]:  # tuples in the order of `audit.Row`
        for row in rows:
            if row[0] in anchored:
                seen[row[0]] = row[-1]
            yield row

    with connection.execute(_ALL) as rows:
        report = verify_chain(watched(rows))
    bad_seq, reason = report.bad_seq, report.reason
    if reason is None:
        bad_seq, reason = _compare(anchors, seen, report.records)
    return JournalReport(reason is None, report.records, report.head_hash, bad_seq, reason)


def _compare(
    anchors: Sequence[Anchor], seen: Mapping[int, str], records: int
) -> tuple[int | None, str | None]:
    for anchor in anchors:
        if anchor.seq > records:
            return (
                None,
                f"the end is missing: record {anchor.seq} was anchored, {records} are left",
            )
        if seen.get(anchor.seq) != anchor.hash:
            return anchor.seq, "it was rewritten: its hash is not the one that was anchored"
    return None, None
