"""The fake of `ports/journal.py`."""

from collections.abc import Sequence

from tests.fakes.memory import Memory

from datacenter_docs.domain.audit import Entry, Record, row_of, verify_chain
from datacenter_docs.ports.journal import JournalReport
from datacenter_docs.ports.pages import Page


class FakeJournal:
    """The chain, in memory. Anchors are kept beside it."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._anchors: dict[int, str] = {}

    async def append(self, entries: Sequence[Entry]) -> Sequence[Record]:
        return self._memory.append(entries)

    async def page(
        self,
        *,
        ticket_id: str | None = None,
        kinds: Sequence[str] = (),
        after_seq: int = 0,
        limit: int = 200,
    ) -> Page[Record]:
        matching = [
            record
            for record in self._memory.records[after_seq:]
            if ticket_id in (None, record.ticket_id) and (not kinds or record.kind in kinds)
        ]
        shown = matching[:limit]
        return Page(shown, str(shown[-1].seq) if len(matching) > limit else None)

    async def verify(self) -> JournalReport:
        records = self._memory.records
        report = verify_chain(row_of(record) for record in records)
        bad_seq, reason = report.bad_seq, report.reason
        for seq, anchored in self._anchors.items():
            if reason is None and seq > len(records):
                reason = "the end is missing"
            elif reason is None and records[seq - 1].hash != anchored:
                bad_seq, reason = seq, "it was rewritten"
        return JournalReport(reason is None, report.records, report.head_hash, bad_seq, reason)

    async def anchor(self) -> None:
        if self._memory.records:
            self._anchors[len(self._memory.records)] = self._memory.records[-1].hash
