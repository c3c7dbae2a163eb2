"""People's notes: written, kept in versions, shown beside documents, and flagged where they name what is gone."""

from collections.abc import AsyncIterator, Sequence, Set

from datacenter_docs.domain import citing
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.citing import Cite, Proof, ProofKind, Quoted
from datacenter_docs.domain.documents import RESOURCE, NotePage
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.notes import Flag, Note, NoteVersion, references
from datacenter_docs.domain.runbooks import Runbook
from datacenter_docs.domain.values import content_hash
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.documents import DocumentStore
from datacenter_docs.ports.estate import EstateReader
from datacenter_docs.ports.notes import NoteStore
from datacenter_docs.services.documenting import COVERAGE
from datacenter_docs.services.referring import Referring

_PAGE = 500


class Noting:
    """Keeps notes. `runbooks`: the user's own, whose words are checked like notes."""

    def __init__(
        self,
        notes: NoteStore,
        estate: EstateReader,
        documents: DocumentStore,
        runbooks: Sequence[Runbook],
        clock: Clock,
    ) -> None:
        self._notes = notes
        self._estate = estate
        self._documents = documents
        self._runbooks = runbooks
        self._clock = clock
        self._referring = Referring(estate)

    async def write(self, note: Note, author: str) -> NoteVersion:
        """Store the next version. Raises `NotFound` when its subject is neither a document nor a resource that was ever seen."""
        await self._check_subject(note.subject)
        now = self._clock.now()
        entry = _entry(
            note.subject, author, self._clock, content_hash(note.model_dump(mode="json"))
        )
        return await self._notes.put(note, author=author, at=now, entry=entry)

    async def delete(self, subject: str, author: str) -> None:
        """Take a note away. Raises `NotFound`."""
        entry = _entry(subject, author, self._clock, None)
        await self._notes.delete(subject, author=author, at=self._clock.now(), entry=entry)

    async def page(self, subject: str) -> NotePage | None:
        """The note on a document, ready to be shown; None: there is none."""
        try:
            version = await self._notes.get(subject)
        except NotFound:
            return None
        note = version.note
        referred = await self._referring.find(note.references())
        proof = Proof(ProofKind.NOTE, subject)
        there = {
            reference: citing.page(found.resources[0].name, f"{RESOURCE}{found.resources[0].id}")
            for reference, found in referred.items()
            if found.missing is None
        }
        return NotePage(
            author=Cite(version.author, proof),
            written_at=Cite(citing.moment(version.written_at), proof),
            owner=Cite(note.owner, proof) if note.owner else None,
            purpose=Cite(note.purpose, proof) if note.purpose else None,
            contacts=tuple(Cite(contact, proof) for contact in note.contacts),
            text=Quoted(note.text, there) if note.text.strip() else None,
            missing=tuple(Cite(one, proof) for one, found in referred.items() if found.missing),
        )

    async def flags(self) -> Sequence[Flag]:
        """All notes and runbooks that name what is not there, and notes whose own subject is gone."""
        found: list[Flag] = []
        async for version in self._all():
            found += await self._flagged(version.note)
        for runbook in self._runbooks:
            found += await self._named("runbook", runbook.name, _words(runbook))
        return found

    async def subjects(self) -> Set[str]:
        """The ids of all documents on which there is a note."""
        return {version.note.subject async for version in self._all()}

    async def _all(self) -> AsyncIterator[NoteVersion]:
        cursor: str | None = None
        while True:
            page = await self._notes.find(cursor, _PAGE)
            for version in page.items:
                yield version
            cursor = page.next_cursor
            if cursor is None:
                return

    async def _flagged(self, note: Note) -> Sequence[Flag]:
        flags = await self._named("note", note.subject, note.references())
        if not note.subject.startswith(RESOURCE):
            return flags
        resource_id = note.subject.removeprefix(RESOURCE)
        known = (await self._estate.get_all([resource_id])).get(resource_id)
        if known is not None and known.vanished_at is None:
            return flags
        return [Flag("note", note.subject, resource_id, "What it is about is gone."), *flags]

    async def _named(self, source: str, name: str, named: Sequence[str]) -> Sequence[Flag]:
        referred = await self._referring.find(named)
        return [
            Flag(source, name, reference, found.missing)
            for reference, found in referred.items()
            if found.missing
        ]

    async def _check_subject(self, subject: str) -> None:
        if subject.startswith(RESOURCE):
            await self._estate.get(subject.removeprefix(RESOURCE))
        elif subject != COVERAGE:
            await self._documents.get(subject)


def _words(runbook: Runbook) -> Sequence[str]:
    said = [condition.says for condition in runbook.conditions]
    return references("\n".join((runbook.summary, runbook.why, *said)))


def _entry(subject: str, author: str, clock: Clock, written: str | None) -> Entry:
    """The words themselves are in the versions, since a journal cannot forget what a person may want forgotten."""
    body = {"subject": subject, "content_hash": written, "deleted": written is None}
    return Entry(kind=EntryKind.NOTE_CHANGED, at=clock.now(), actor=author, body=body)
