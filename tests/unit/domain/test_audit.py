"""The hash chain: what is sealed verifies, and any change is found where it was made."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.samples import NOW

from datacenter_docs.domain.audit import (
    GENESIS,
    Entry,
    EntryKind,
    Row,
    row_of,
    seal,
    time_text,
    verify_chain,
)

text = st.text(max_size=20)
entries = st.builds(
    Entry,
    kind=st.sampled_from(EntryKind),
    at=st.datetimes(timezones=st.just(UTC)),
    actor=text,
    ticket_id=st.none() | text,
    body=st.dictionaries(text, st.integers() | text | st.booleans() | st.none(), max_size=3),
)


def chain(*sealed: Entry) -> list[Row]:
    rows, head = [], GENESIS
    for seq, entry in enumerate(sealed, start=1):
        rows.append(row_of(seal(entry, seq, head)))
        head = rows[-1].hash
    return rows


def three() -> list[Row]:
    return chain(
        *(Entry(kind=EntryKind.NOTICE_SENT, at=NOW, body={"n": n, "ok": True}) for n in range(3))
    )


@given(st.lists(entries, max_size=6))
def test_what_was_sealed_verifies(sealed):
    rows = chain(*sealed)
    report = verify_chain(rows)

    assert report.ok
    assert report.records == len(sealed)
    assert report.head_hash == (rows[-1].hash if rows else GENESIS)
    assert all(
        verify_chain([tuple(row)], after_seq=row.seq - 1, head_hash=row.previous_hash).ok
        for row in rows
    )


@given(st.lists(entries, min_size=1, max_size=4), st.data())
def test_any_changed_field_is_found_at_its_record(sealed, data):
    rows = chain(*sealed)
    index = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(["kind", "at", "actor", "ticket_id", "body"]))
    row = rows[index]
    rows[index] = row._replace(**{field: (getattr(row, field) or "") + "x"})
    report = verify_chain(rows)

    assert not report.ok
    assert report.bad_seq == index + 1
    assert report.records == index


def test_a_text_cannot_move_from_one_field_to_the_next():
    rows = chain(Entry(kind=EntryKind.NOTICE_SENT, at=NOW, actor="ab", ticket_id="c"))
    moved = rows[0]._replace(actor="a", ticket_id="bc")

    assert not verify_chain([moved]).ok


def test_no_ticket_is_not_an_empty_ticket_id():
    rows = chain(Entry(kind=EntryKind.NOTICE_SENT, at=NOW))

    assert not verify_chain([rows[0]._replace(ticket_id="-")]).ok
    assert not verify_chain([rows[0]._replace(ticket_id="")]).ok


def test_a_missing_record_is_found():
    first, second, third = three()
    report = verify_chain([first, third])

    assert (report.ok, report.bad_seq) == (False, 2)
    assert "missing" in report.reason
    assert verify_chain([second, third]).bad_seq == 1


def test_a_record_of_another_chain_is_found():
    first, second, _ = three()
    stranger = chain(
        Entry(kind=EntryKind.KILL_SWITCH, at=NOW), Entry(kind=EntryKind.KILL_SWITCH, at=NOW)
    )
    report = verify_chain([first, stranger[1]])

    assert report.bad_seq == 2
    assert "does not follow" in report.reason
    assert verify_chain([first, second._replace(hash="0" * 64)]).bad_seq == 2


def test_the_hash_is_a_fixed_format():
    record = seal(
        Entry(kind=EntryKind.KILL_SWITCH, at=NOW, actor="ann", body={"on": True, "b": [1]}),
        1,
        GENESIS,
    )

    assert record.body == '{"b":[1],"on":true}'
    assert record.hash == "1955d9a87940dfc2cdbb7bfa1aec0fdae14578d56cd4440d9d1ad975e765ef72"


def test_times_are_written_one_way():
    east = timezone(timedelta(hours=2))

    assert time_text(NOW) == "2026-03-04T12:00:00.000000+00:00"
    assert time_text(datetime(2026, 3, 4, 14, tzinfo=east)) == time_text(NOW)
    assert time_text(NOW.replace(tzinfo=None)) == time_text(NOW)


def test_a_body_that_is_not_json_is_not_sealed():
    with pytest.raises(ValueError, match="JSON"):
        seal(Entry(kind=EntryKind.NOTICE_SENT, at=NOW, body={"x": float("nan")}), 1, GENESIS)
