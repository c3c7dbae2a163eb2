"""Keeps the index of the search in step: with the surveys that were written up, and with the journal, in which every ticket and
every note leaves a record.

What it did last is kept beside the index, so that it goes on where it was, whatever happened in between; doing something
twice changes nothing.
"""

import json
from collections.abc import AsyncIterator, Sequence

from datacenter_docs.domain.audit import EntryKind, Record
from datacenter_docs.domain.documents import RESOURCE
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.findables import (
    of_document,
    of_note,
    of_resource,
    of_ticket,
)
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.queries import HitKind
from datacenter_docs.ports.documents import DocumentStore
from datacenter_docs.ports.estate import EstateReader
from datacenter_docs.ports.journal import Journal
from datacenter_docs.ports.notes import NoteStore
from datacenter_docs.ports.searching import SearchIndex
from datacenter_docs.ports.tickets import CaseStore

BUNCH = 500
"""Things that are written at once."""
_RECORDS = 2_000


class Indexing:
    """Follows what happens. Several may, at the same time."""

    def __init__(
        self,
        index: SearchIndex,
        estate: EstateReader,
        documents: DocumentStore,
        notes: NoteStore,
        cases: CaseStore,
        journal: Journal,
    ) -> None:
        self._index = index
        self._estate = estate
        self._documents = documents
        self._notes = notes
        self._cases = cases
        self._journal = journal

    async def follow(self) -> bool:
        """Take in what happened since the last time, or a part of it. Whether there was anything."""
        followed = await self._index.followed()
        written = await self._documents.survey()
        if written > followed.survey:
            await self._take_in_survey(followed.survey)
            await self._index.follow(survey=written)
        records = await self._journal.page(after_seq=followed.record, limit=_RECORDS)
        if records.items:
            await self._take_in_records(records.items)
            await self._index.follow(record=records.items[-1].seq)
        return bool(records.items) or written > followed.survey

    async def rebuild(self) -> None:
        """Forget everything, so that following begins anew."""
        await self._index.clear()

    async def _take_in_survey(self, after: int) -> None:
        async for bunch in self._touched(after):
            await self._index.put([of_resource(resource) for resource in bunch])
        heads = await self._documents.heads()
        fresh = [head.id for head in heads if head.survey > after and not _is_part(head.id)]
        written = await self._documents.get_all(fresh)
        await self._index.put([of_document(written[one]) for one in fresh if one in written])

    async def _touched(self, after: int) -> AsyncIterator[Sequence[ObservedResource]]:
        ids = sorted((await self._estate.touched(after)).stated)
        for start in range(0, len(ids), BUNCH):
            found = await self._estate.get_all(ids[start : start + BUNCH])
            yield list(found.values())

    async def _take_in_records(self, records: Sequence[Record]) -> None:
        tickets = {record.ticket_id for record in records if record.ticket_id is not None}
        cases = [of_ticket(await self._cases.get(one)) for one in sorted(tickets)]
        if cases:
            await self._index.put(cases)
        changed = [record for record in records if record.kind == EntryKind.NOTE_CHANGED]
        for subject in sorted({str(json.loads(record.body)["subject"]) for record in changed}):
            await self._take_in_note(subject)

    async def _take_in_note(self, subject: str) -> None:
        try:
            note = (await self._notes.get(subject)).note
        except NotFound:
            await self._index.remove(HitKind.NOTE, [subject])
            return
        await self._index.put([of_note(note, await self._name(subject))])

    async def _name(self, subject: str) -> str:
        """What a document is called."""
        resource_id = subject.removeprefix(RESOURCE)
        resources = await self._estate.get_all([resource_id]) if resource_id != subject else {}
        documents = await self._documents.get_all([subject])
        if resource_id in resources:
            return resources[resource_id].name
        return documents[subject].title if subject in documents else subject


def _is_part(document_id: str) -> bool:
    """Pages of long tables hold nothing but resources, which are found themselves."""
    return "/" in document_id
