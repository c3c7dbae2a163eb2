"""Where people's notes are kept. Nothing is ever lost: each change is a version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.notes import Note, NoteVersion
from datacenter_docs.ports.pages import Page


class NoteStore(Protocol):
    """Notes by their subject, and all their versions. Every write carries its journal entry in the same commit."""

    async def get(self, subject: str, version: int | None = None) -> NoteVersion:
        """The current version, or an old one. Raises `NotFound`, also for one that was deleted and no version is asked for."""
        ...

    async def find(self, cursor: str | None, limit: int) -> Page[NoteVersion]:
        """The current notes in the order of their subjects. Raises `Invalid` for a cursor that was not given by this method."""
        ...

    async def versions(self, subject: str) -> Sequence[NoteVersion]:
        """All versions, newest first, a deletion among them. Raises `NotFound` when there never was a note."""
        ...

    async def put(self, note: Note, *, author: str, at: datetime, entry: Entry) -> NoteVersion:
        """Store the next version; the same words again change nothing, and journal nothing."""
        ...

    async def delete(self, subject: str, *, author: str, at: datetime, entry: Entry) -> None:
        """Take it away; its versions stay. Raises `NotFound`."""
        ...
