"""The auditors' program: whatever one changes in an export, it says so, and it agrees with the product about what is sound."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.domain.samples import NOW

from datacenter_docs.domain.audit import GENESIS, Entry, EntryKind, Record, seal
from datacenter_docs.entrypoints.api.records import shown
from datacenter_docs.entrypoints.cli.verifier import Wrong, anchors, records, verify

BODIES = ({"n": 1, "of": [1.5, None, True]}, {"said": "über „x“ 🛠", "and": {"b": 1, "a": -2}}, {}, {"last": 10**18})  # fmt: skip


def chain() -> list[Record]:
    made: list[Record] = []
    for n, body in enumerate(BODIES, 1):
        entry = Entry(kind=EntryKind.NOTICE_SENT, at=NOW, actor=f"rita-{n}", ticket_id="INC-1" if n % 2 else None, body=body)  # fmt: skip
        made.append(seal(entry, n, made[-1].hash if made else GENESIS))
    return made


def lines() -> list[bytes]:
    """The export as the command writes it."""
    return [
        f"{json.dumps(shown(record).model_dump(mode='json'))}\n".encode() for record in chain()
    ]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(lines()))
    return path


def complaint(file: Path, content: bytes, anchored: dict[int, str]) -> str:
    """What the program says about an export with this content; empty: that it holds."""
    file.write_bytes(content)
    try:
        verify(records(file), anchored)
    except (Wrong, UnicodeDecodeError) as wrong:
        return str(wrong)
    return ""


def anchored() -> dict[int, str]:
    return {len(BODIES): chain()[-1].hash}


def test_what_was_exported_holds(file: Path):
    assert verify(records(file), anchored()) == (len(BODIES), chain()[-1].hash)


def test_every_single_bit_that_is_changed_is_found_or_changes_nothing_that_is_said(file: Path):
    sound = b"".join(lines())
    said = list(records(file))
    missed = []
    for place in range(len(sound)):
        for bit in range(8):
            changed = bytearray(sound)
            changed[place] ^= 1 << bit
            if not complaint(file, bytes(changed), anchored()) and list(records(file)) != said:
                missed.append((place, bit))

    assert missed == []


def places() -> Iterator[tuple[str, list[bytes]]]:
    whole = lines()
    for n in range(len(whole)):
        yield f"without {n}", whole[:n] + whole[n + 1 :]
        yield f"{n} twice", whole[: n + 1] + whole[n:]
        yield f"cut after {n}", whole[:n]
        yield f"foreign before {n}", [*whole[:n], whole[0].replace(b"rita", b"mira"), *whole[n:]]
    for n in range(len(whole) - 1):
        yield f"{n} after {n + 1}", [*whole[:n], whole[n + 1], whole[n], *whole[n + 2 :]]


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in places()])
def test_a_record_that_is_lacking_double_foreign_or_elsewhere_is_found(file: Path, content: list[bytes]):  # fmt: skip
    assert complaint(file, b"".join(content), anchored())


def test_a_journal_written_anew_is_found_by_its_anchors_alone(file: Path):
    forged = chain()[0].hash
    other = {1: "f" * 64}

    assert complaint(file, file.read_bytes(), other).startswith("record 1 was written anew")
    assert complaint(file, file.read_bytes(), {1: forged}) == ""


def test_anchors_are_read_as_far_as_they_were_given(tmp_path: Path):
    path = tmp_path / "anchors.jsonl"
    path.write_text('{"seq": 1, "hash": "aa"}\n{"seq": 2, "ha')
    read = anchors(path)
    path.write_text('{"seq": 1, "hash": "aa"}\n{"seq": 1, "hash": "bb"}\n')

    assert read == {1: "aa"}
    with pytest.raises(Wrong, match="two hashes"):
        anchors(path)
