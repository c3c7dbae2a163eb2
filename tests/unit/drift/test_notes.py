"""Notes: kept apart from facts, shown below them, and flagged where they name what is gone."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from pydantic import ValidationError
from tests.fakes.deeds import FakeDeeds
from tests.fakes.documents import FakeDocumentStore
from tests.fakes.estate_samples import Estate, seen, vm
from tests.fakes.memory import Memory
from tests.fakes.notes import FakeNoteStore
from tests.fakes.platforms import FakePlatform
from tests.fakes.walking import check
from tests.unit.documents.test_resource_pages import estate
from tests.unit.drift.test_contradictions import ONE, link

from datacenter_docs.adapters.reasoning import library
from datacenter_docs.adapters.writing.templates import TemplateWriter
from datacenter_docs.domain.citing import ProofKind
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.notes import Note, references
from datacenter_docs.domain.runbooks import Runbook
from datacenter_docs.services.documenting import Documenting
from datacenter_docs.services.noting import Noting
from datacenter_docs.services.presenting import Presenting

WEB = f"resource/{vm('web-1')}"


class Desk(NamedTuple):
    """Everything that notes and documents need, over one estate."""

    e: Estate
    memory: Memory
    noting: Noting
    presenting: Presenting
    documenting: Documenting

    async def markdown(self, document_id: str, at=None) -> str:
        return (await self.presenting.show(document_id, at)).document.markdown

    async def disagrees(self, document_id: str, at=None) -> bool:
        freshness = (await self.presenting.show(document_id, at)).listed.freshness
        return "Two sources disagree: see the contradictions." in freshness.reasons


def desk(*runbooks: Runbook) -> Desk:
    e, memory, store, writer = estate(), Memory(), FakeDocumentStore(), TemplateWriter()
    noting = Noting(FakeNoteStore(memory), e.reader, store, runbooks, e.clock)
    presenting = Presenting(
        e.reader,
        store,
        writer,
        FakePlatform(e.clock),
        e.clock,
        FakeDeeds(memory),
        noting,
        promises={"default": timedelta(hours=1)},
    )
    return Desk(e, memory, noting, presenting, Documenting(e.reader, store, writer, FakeDeeds(memory)))  # fmt: skip


async def test_a_note_stands_below_the_facts_and_leaves_them_alone():
    d = desk()
    await d.e.surveyed(seen(vm("web-1"), memory_mib=4096), seen(vm("db-1")))
    before = await d.markdown(WEB)
    await d.noting.write(Note(subject=WEB, owner="Shop", text="Has 64 GiB, like [[db-1]]."), "ada")
    after = await d.markdown(WEB)
    values = await check(after, d.e.reader)
    said = after.removeprefix(before)

    assert "> Has 64 GiB, like [db-1](page:resource/vmware:lab:vm:db-1)." in said
    assert {v.text for v in values if v.proof.kind is ProofKind.NOTE} >= {"Shop", "ada"}


async def test_a_note_on_a_section_outlives_its_regeneration():
    d = desk()
    await d.e.surveyed(seen(vm("web-1"), memory_mib=1))
    await d.documenting.refresh()
    await d.noting.write(Note(subject="virtualization", text="Ours."), "ada")
    await d.e.surveyed(seen(vm("web-1"), memory_mib=2))
    await d.documenting.refresh()

    assert "> Ours." in await d.markdown("virtualization")
    assert "> Ours." not in await d.markdown("virtualization", d.e.clock.now())


async def test_a_note_that_names_what_is_gone_is_flagged_and_says_so():
    d = desk()
    await d.e.surveyed(seen(vm("web-1")), seen(vm("db-1")))
    words = f"[[db-1]] [[nobody]] [[{vm('db-1')}]] [[web-1]]"
    await d.noting.write(Note(subject=WEB, text=words), "ada")
    await d.e.surveyed(seen(vm("web-1")), vanished=[vm("db-1")])
    flags = await d.noting.flags()

    assert [(f.source, f.name, f.reference) for f in flags] == [
        ("note", WEB, "db-1"),
        ("note", WEB, "nobody"),
        ("note", WEB, vm("db-1")),
    ]
    assert (await d.markdown(WEB)).count("**Not there**") == 3


async def test_a_name_of_several_is_not_gone_while_one_is_there():
    d = desk()
    await d.e.surveyed(seen(vm("a"), name="twin"), seen(vm("b"), name="Twin"))
    await d.e.surveyed(seen(vm("b"), name="Twin"), vanished=[vm("a")])
    await d.noting.write(Note(subject=f"resource/{vm('b')}", text="[[twin]]"), "ada")

    assert await d.noting.flags() == []


async def test_a_note_on_something_that_is_gone_is_flagged():
    d = desk()
    await d.e.surveyed(seen(vm("web-1")))
    await d.noting.write(Note(subject=WEB, owner="Shop"), "ada")
    await d.e.surveyed(vanished=[vm("web-1")])
    [flag] = await d.noting.flags()

    assert (flag.name, flag.reference, flag.why) == (WEB, vm("web-1"), "What it is about is gone.")
    assert "Shop" in await d.markdown(WEB)


async def test_a_runbook_of_ones_own_that_names_what_is_gone_is_flagged():
    shipped = library.load(library.SHIPPED)[0]
    d = desk(shipped.replaced(name="ours", why="As on [[web-1]], and [[old-1]]."))
    await d.e.surveyed(seen(vm("web-1")))
    [flag] = await d.noting.flags()

    assert (flag.source, flag.name, flag.reference) == ("runbook", "ours", "old-1")


async def test_writing_is_journaled_without_the_words():
    d = desk()
    await d.e.surveyed(seen(vm("web-1")))
    await d.noting.write(Note(subject=WEB, contacts=("0123 456",)), "ada")
    await d.noting.delete(WEB, "bob")

    assert [(r.kind, r.actor) for r in d.memory.records] == [("note.changed", "ada"), ("note.changed", "bob")]  # fmt: skip
    assert not any("0123" in record.body for record in d.memory.records)


@pytest.mark.parametrize("subject", ["nowhere", f"resource/{vm('nobody')}"])
async def test_a_note_is_on_something(subject: str):
    with pytest.raises(NotFound):
        await desk().noting.write(Note(subject=subject, text="x"), "ada")


@pytest.mark.parametrize("fields", [{}, {"text": " "}, {"text": "x" * 20_001}, {"contacts": ["x"] * 21}])  # fmt: skip
def test_a_note_says_something_and_not_too_much(fields: dict):
    with pytest.raises(ValidationError):
        Note(subject="overview", **fields)


def test_references_are_found_once_and_only_so_many():
    assert references("[[a]] [[ a ]] [[b c]] [[]] [[x\ny]] [d] [[e]") == ["a", "b c"]
    assert len(references(" ".join(f"[[{n}]]" for n in range(99)))) == 50


async def test_a_document_that_shows_what_is_contested_says_so():
    d = desk()
    await d.e.surveyed(*link({"speed_mbps": 10}, {"speed_mbps": 1}), seen(vm("a")))
    contested = d.e.clock.now()
    await d.documenting.refresh()
    shown = {name for name in (f"resource/{ONE}", "network", "contradictions") if await d.disagrees(name)}  # fmt: skip
    silent = {name for name in (f"resource/{vm('a')}", "virtualization", "overview") if await d.disagrees(name)}  # fmt: skip
    await d.e.surveyed(*link({"speed_mbps": 10}, {"speed_mbps": 10}), seen(vm("a")))
    await d.documenting.refresh()

    assert shown == {f"resource/{ONE}", "network", "contradictions"}
    assert silent == set()
    assert not await d.disagrees(f"resource/{ONE}")
    assert await d.disagrees(f"resource/{ONE}", contested)
    assert await d.disagrees("network", contested)


async def test_the_sections_as_of_a_past_time_say_what_was_so_then():
    d = desk()
    await d.e.surveyed(*link({"speed_mbps": 10}, {"speed_mbps": 1}), seen(vm("a"), host_id=vm("b")), seen(vm("b")))  # fmt: skip
    then = d.e.clock.now()
    await d.documenting.refresh()
    now = {name: await d.markdown(name) for name in ("contradictions", "dependencies", "changes", "capacity")}  # fmt: skip
    await d.e.surveyed(*link({"speed_mbps": 10}, {"speed_mbps": 10}), seen(vm("a")), seen(vm("b")))
    await d.documenting.refresh()

    assert {name: await d.markdown(name, then) for name in now} == now
    assert await d.markdown("contradictions") != now["contradictions"]
