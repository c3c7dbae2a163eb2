"""The contract of `ports/notes.py`."""

import pytest
from tests.fakes.clock import NOON
from tests.fakes.storage import Storage

from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.errors import Invalid, NotFound
from datacenter_docs.domain.notes import Note, NoteVersion

WEB = "resource/vmware:lab:vm:web-1"
ENTRY = Entry(kind=EntryKind.NOTE_CHANGED, at=NOON, actor="ada")


def a_note(subject: str = WEB, text: str = "The shop 🙏 | *runs* here.") -> Note:
    return Note(
        subject=subject, owner="Shop", purpose="Sells", contacts=("a@b.example",), text=text
    )


async def put(storage: Storage, note: Note, author: str = "ada") -> NoteVersion:
    return await storage.notes.put(note, author=author, at=NOON, entry=ENTRY)


async def delete(storage: Storage, subject: str) -> None:
    await storage.notes.delete(subject, author="bob", at=NOON, entry=ENTRY)


async def test_every_field_of_a_note_comes_back(storage: Storage):
    stored = await put(storage, a_note())

    assert stored == NoteVersion(a_note(), 1, "ada", NOON)
    assert await storage.notes.get(WEB) == stored


async def test_each_change_is_a_version_and_the_old_ones_stay(storage: Storage):
    await put(storage, a_note(text="one"))
    await put(storage, a_note(text="two"), "bob")
    found = await storage.notes.versions(WEB)

    assert [(v.version, v.note.text, v.author) for v in found] == [(2, "two", "bob"), (1, "one", "ada")]  # fmt: skip
    assert (await storage.notes.get(WEB, 1)).note.text == "one"


async def test_the_same_words_again_change_nothing(storage: Storage):
    first = await put(storage, a_note())
    again = await put(storage, a_note(), "bob")

    assert again == first
    assert len(await storage.notes.versions(WEB)) == 1


async def test_a_deleted_note_is_not_found_and_may_come_back(storage: Storage):
    await put(storage, a_note())
    await delete(storage, WEB)
    with pytest.raises(NotFound, match="no note on"):
        await storage.notes.get(WEB)
    with pytest.raises(NotFound):
        await delete(storage, WEB)
    back = await put(storage, a_note())

    assert (back.version, back.deleted) == (3, False)
    assert [v.deleted for v in await storage.notes.versions(WEB)] == [False, True, False]


async def test_what_was_never_written_is_not_found(storage: Storage):
    for asked in (storage.notes.get("nowhere"), storage.notes.versions("nowhere"), storage.notes.get("nowhere", 7)):  # fmt: skip
        with pytest.raises(NotFound):
            await asked


async def test_notes_are_listed_page_by_page_in_the_order_of_their_subjects(storage: Storage):
    for subject in ("risks", "overview", "network", "storage"):
        await put(storage, a_note(subject))
    await delete(storage, "risks")
    first = await storage.notes.find(None, 2)
    second = await storage.notes.find(first.next_cursor, 2)

    assert [v.note.subject for v in first.items] == ["network", "overview"]
    assert [v.note.subject for v in second.items] == ["storage"]
    assert second.next_cursor is None
    with pytest.raises(Invalid):
        await storage.notes.find("nonsense", 2)
