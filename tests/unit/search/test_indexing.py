"""The index follows surveys, tickets and notes, at the cost of what changed."""

from typing import NamedTuple

from tests.fakes.deeds import FakeDeeds
from tests.fakes.documents import FakeDocumentStore
from tests.fakes.estate_samples import Estate, seen, vm
from tests.fakes.journal import FakeJournal
from tests.fakes.memory import Memory
from tests.fakes.notes import FakeNoteStore
from tests.fakes.searching import FakeSearchIndex
from tests.fakes.tickets import FakeCaseStore
from tests.unit.documents.test_resource_pages import estate

from datacenter_docs.adapters.writing.templates import TemplateWriter
from datacenter_docs.domain.notes import Note
from datacenter_docs.domain.queries import SearchFilter
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.services.documenting import Documenting
from datacenter_docs.services.indexing import Indexing
from datacenter_docs.services.noting import Noting
from datacenter_docs.services.receiving import Receiving
from datacenter_docs.services.searching import Searching

WEB = f"resource/{vm('web-1')}"


class Desk(NamedTuple):
    e: Estate
    documenting: Documenting
    noting: Noting
    receiving: Receiving
    index: FakeSearchIndex
    indexing: Indexing

    async def surveyed(self, *sightings, **fields) -> None:
        await self.e.surveyed(*sightings, **fields)
        await self.documenting.refresh()

    async def found(self, text: str) -> list[tuple[str, str, str | None]]:
        await self.indexing.follow()
        page = await Searching(self.index).search(text, SearchFilter(), None, 50)
        return [(hit.kind, hit.id, hit.state) for hit in page.hits]


def desk() -> Desk:
    e, memory, documents, index = estate(), Memory(), FakeDocumentStore(), FakeSearchIndex()
    notes, cases = FakeNoteStore(memory), FakeCaseStore(memory)
    return Desk(
        e,
        Documenting(e.reader, documents, TemplateWriter(), FakeDeeds(memory)),
        Noting(notes, e.reader, documents, (), e.clock),
        Receiving(cases, e.clock, lambda: None),
        index,
        Indexing(index, e.reader, documents, notes, cases, FakeJournal(memory)),
    )


async def test_a_resource_is_found_by_what_is_stated_of_it():
    d = desk()
    await d.surveyed(seen(vm("web-1"), {"cpu_usage_ratio": 0.77}, guest_os="debian12", memory_mib=4096))  # fmt: skip

    assert ("resource", vm("web-1"), "present") in await d.found("debian12 4 GiB")
    assert await d.found("77") == []


async def test_a_resource_that_is_gone_is_found_as_gone():
    d = desk()
    await d.surveyed(seen(vm("web-1")))
    await d.found("web")
    await d.surveyed(vanished=[vm("web-1")])

    assert ("resource", vm("web-1"), "gone") in await d.found("web")


async def test_sections_are_found_by_their_words_and_not_by_their_links():
    d = desk()
    await d.surveyed(seen(vm("web-1"), memory_mib=4096))

    assert ("document", "virtualization", None) in await d.found("virtualization")
    assert ("document", "virtualization", None) not in await d.found("derived")


async def test_tickets_and_notes_are_found_soon_after_they_were_written():
    d = desk()
    await d.surveyed(seen(vm("web-1")))
    await d.receiving.receive(TicketRequest(ticket_id="INC-7", description="The flux is odd."))
    await d.noting.write(Note(subject=WEB, owner="Flux team"), "ada")

    assert await d.found("flux") == [("note", WEB, None), ("ticket", "INC-7", "received")]


async def test_a_note_that_was_taken_away_is_found_no_more():
    d = desk()
    await d.surveyed(seen(vm("web-1")))
    await d.noting.write(Note(subject=WEB, owner="Flux"), "ada")
    before = await d.found("flux")
    await d.noting.delete(WEB, "ada")

    assert len(before) == 1
    assert await d.found("flux") == []


async def test_a_survey_costs_what_it_changed():
    d = desk()
    many = [seen(vm(f"m-{n}"), memory_mib=1) for n in range(60)]
    await d.surveyed(*many)
    await d.indexing.follow()
    d.index.written = 0
    await d.surveyed(*many)
    await d.indexing.follow()
    unchanged = d.index.written
    await d.surveyed(*many[:59], seen(vm("m-59"), memory_mib=2))
    await d.indexing.follow()

    assert unchanged == 0
    assert d.index.written < 8  # the resource, and the sections that say so


async def test_following_twice_finds_nothing_to_do():
    d = desk()
    await d.surveyed(seen(vm("web-1")))
    await d.receiving.receive(TicketRequest(ticket_id="INC-7", description="x"))

    assert [await d.indexing.follow() for _ in range(2)] == [True, False]


async def test_a_rebuilt_index_finds_what_it_found_before():
    d = desk()
    await d.surveyed(seen(vm("web-1")), seen(vm("web-2")))
    await d.surveyed(seen(vm("web-1")), vanished=[vm("web-2")])
    await d.receiving.receive(TicketRequest(ticket_id="INC-7", description="web is slow"))
    await d.noting.write(Note(subject=WEB, text="web"), "ada")
    before = await d.found("web")
    await d.indexing.rebuild()
    emptied = (await Searching(d.index).search("web", SearchFilter(), None, 9)).hits

    assert emptied == []
    assert await d.found("web") == before
    assert len(before) >= 4
