"""`NoteStore` in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from datacenter_docs.adapters.persistence import chain, cursors
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.notes.tables import notes
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.notes import Note, NoteVersion
from datacenter_docs.ports.pages import Page

_LISTING = "notes"


class SqlNoteStore:
    """Notes as rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, subject: str, version: int | None = None) -> NoteVersion:
        query = select(notes).where(notes.c.subject == subject)
        if version is None:
            query = query.where(notes.c.current, ~notes.c.deleted)
        else:
            query = query.where(notes.c.version == version)
        row = await self._database.read(lambda c: c.execute(query).mappings().one_or_none())
        if row is None:
            raise _missing(subject, version)
        return _version(row)

    async def find(self, cursor: str | None, limit: int) -> Page[NoteVersion]:
        query = select(notes).where(notes.c.current, ~notes.c.deleted).order_by(notes.c.subject)
        if cursor is not None:
            query = query.where(notes.c.subject > cursors.decode(_LISTING, cursor)[1])
        limited = query.limit(limit + 1)
        rows = await self._database.read(lambda c: c.execute(limited).mappings().all())
        found = [_version(row) for row in rows[:limit]]
        more = len(rows) > limit
        return Page(found, cursors.encode(_LISTING, 0, found[-1].note.subject) if more else None)

    async def versions(self, subject: str) -> Sequence[NoteVersion]:
        query = select(notes).where(notes.c.subject == subject).order_by(notes.c.version.desc())
        rows = await self._database.read(lambda c: c.execute(query).mappings().all())
        if not rows:
            raise _missing(subject, None)
        return [_version(row) for row in rows]

    async def put(self, note: Note, *, author: str, at: datetime, entry: Entry) -> NoteVersion:
        def store(connection: Connection) -> NoteVersion:
            current = _current(connection, note.subject)
            if current and not current.deleted and current.note == note:
                return current
            return _next(connection, current, NoteVersion(note, 1, author, at), entry)

        return await self._database.writer.run(store)

    async def delete(self, subject: str, *, author: str, at: datetime, entry: Entry) -> None:
        def store(connection: Connection) -> None:
            current = _current(connection, subject)
            if current is None or current.deleted:
                raise _missing(subject, None)
            gone = NoteVersion(current.note, 1, author, at, deleted=True)
            _next(connection, current, gone, entry)

        await self._database.writer.run(store)


def _missing(subject: str, version: int | None) -> NotFound:
    which = "" if version is None else f" in version {version}"
    return NotFound(f"There is no note on {subject}{which}.")


def _current(connection: Connection, subject: str) -> NoteVersion | None:
    query = select(notes).where(notes.c.subject == subject, notes.c.current)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _version(row)


def _next(
    connection: Connection, current: NoteVersion | None, wanted: NoteVersion, entry: Entry
) -> NoteVersion:
    """Store what is wanted as the version after the current one, and journal it."""
    number = current.version + 1 if current else 1
    stored = NoteVersion(
        wanted.note, number, wanted.author, wanted.written_at, deleted=wanted.deleted
    )
    subject = wanted.note.subject
    connection.execute(update(notes).where(notes.c.subject == subject).values(current=False))
    connection.execute(
        insert(notes),
        {
            "subject": subject,
            "version": number,
            "current": True,
            "deleted": stored.deleted,
            "content": stored.note.model_dump_json(),
            "author": stored.author,
            "written_at": stored.written_at,
        },
    )
    chain.append(connection, [entry])
    return stored


def _version(row: RowMapping) -> NoteVersion:
    return NoteVersion(
        note=Note.model_validate_json(row["content"]),
        version=row["version"],
        author=row["author"],
        written_at=row["written_at"],
        deleted=row["deleted"],
    )
