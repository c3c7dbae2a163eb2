"""The fake of `ports/notes.py`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tests.fakes.memory import Memory, page

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.notes import Note, NoteVersion
from datacenter_docs.ports.pages import Page


class FakeNoteStore:
    """Notes in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._versions: dict[str, list[NoteVersion]] = {}

    async def get(self, subject: str, version: int | None = None) -> NoteVersion:
        known = self._versions.get(subject, [])
        found = known[-1:] if version is None else [v for v in known if v.version == version]
        if not found or (version is None and found[0].deleted):
            raise NotFound(f"There is no note on {subject}.")
        return found[0]

    async def find(self, cursor: str | None, limit: int) -> Page[NoteVersion]:
        current = [self._versions[subject][-1] for subject in sorted(self._versions)]
        there = [version for version in current if not version.deleted]
        return page("notes", there, lambda version: version.note.subject, cursor, limit)

    async def versions(self, subject: str) -> Sequence[NoteVersion]:
        if subject not in self._versions:
            raise NotFound(f"There is no note on {subject}.")
        return self._versions[subject][::-1]

    async def put(self, note: Note, *, author: str, at: datetime, entry: Entry) -> NoteVersion:
        known = self._versions.setdefault(note.subject, [])
        if known and not known[-1].deleted and known[-1].note == note:
            return known[-1]
        known.append(NoteVersion(note, len(known) + 1, author, at))
        self._memory.append([entry])
        return known[-1]

    async def delete(self, subject: str, *, author: str, at: datetime, entry: Entry) -> None:
        current = await self.get(subject)
        gone = replace(
            current, version=current.version + 1, author=author, written_at=at, deleted=True
        )
        self._versions[subject].append(gone)
        self._memory.append([entry])
