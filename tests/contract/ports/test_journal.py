"""The contract of `ports/journal.py`."""

import asyncio
from datetime import timedelta, timezone

from tests.fakes.clock import NOON
from tests.fakes.samples import an_entry
from tests.fakes.storage import Storage

from datacenter_docs.domain.audit import GENESIS, EntryKind


async def test_an_empty_journal_verifies(storage: Storage):
    report = await storage.journal.verify()

    assert report.ok
    assert (report.records, report.head_hash) == (0, GENESIS)


async def test_records_count_from_one_and_each_carries_the_hash_before_it(storage: Storage):
    first = await storage.journal.append([an_entry(n=1), an_entry(n=2)])
    second = await storage.journal.append([an_entry(n=3)])
    records = [*first, *second]

    assert [record.seq for record in records] == [1, 2, 3]
    assert [record.previous_hash for record in records] == [
        GENESIS,
        records[0].hash,
        records[1].hash,
    ]
    assert (await storage.journal.page()).items == records


async def test_appending_nothing_is_fine(storage: Storage):
    assert list(await storage.journal.append([])) == []


async def test_many_writers_make_one_chain_and_each_gets_its_own_records(storage: Storage):
    answers = await asyncio.gather(
        *(storage.journal.append([an_entry(n=i), an_entry(n=i)]) for i in range(50))
    )
    report = await storage.journal.verify()

    assert sorted(record.seq for records in answers for record in records) == [*range(1, 101)]
    assert all(f'"n":{i}' in r.body for i, records in enumerate(answers) for r in records)
    assert report.ok
    assert report.records == 100


async def test_a_time_in_another_zone_is_the_same_moment_and_verifies(storage: Storage):
    at = NOON.astimezone(timezone(timedelta(hours=5, minutes=30))).replace(microsecond=7)
    await storage.journal.append([an_entry(at=at)])

    assert (await storage.journal.page()).items[0].at == at
    assert (await storage.journal.verify()).ok


async def test_a_page_can_be_of_one_ticket_and_of_some_kinds(storage: Storage):
    given, decided = EntryKind.FEEDBACK_GIVEN, EntryKind.TICKET_DECIDED
    entries = [an_entry(given), an_entry(decided), an_entry(given, "T-2"), an_entry(given, None)]
    await storage.journal.append(entries)

    async def seqs(**wanted) -> list[int]:
        return [record.seq for record in (await storage.journal.page(**wanted)).items]

    assert await seqs(ticket_id="T-1") == [1, 2]
    assert await seqs(kinds=[given]) == [1, 3, 4]
    assert await seqs(kinds=[given, decided], ticket_id="T-1") == [1, 2]
    assert await seqs(kinds=["unheard.of"]) == []


async def test_the_cursor_is_the_last_number(storage: Storage):
    await storage.journal.append([an_entry(n=i) for i in range(5)])
    first = await storage.journal.page(limit=2)
    rest = await storage.journal.page(after_seq=int(first.next_cursor or ""), limit=3)

    assert first.next_cursor == "2"
    assert [record.seq for record in rest.items] == [3, 4, 5]
    assert rest.next_cursor is None


async def test_anchors_of_an_honest_journal_change_nothing(storage: Storage):
    await storage.journal.anchor()
    await storage.journal.append([an_entry()])
    await storage.journal.anchor()
    await storage.journal.anchor()
    await storage.journal.append([an_entry()])

    assert (await storage.journal.verify()).ok
