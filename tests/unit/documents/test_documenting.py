"""After a survey, what it touched is written again, and nothing else."""

from tests.fakes.deeds import FakeDeeds
from tests.fakes.documents import FakeDocumentStore
from tests.fakes.estate_samples import Estate, seen, vm
from tests.fakes.memory import Memory
from tests.fakes.walking import check
from tests.unit.documents.test_resource_pages import estate

from datacenter_docs.adapters.writing.templates import TemplateWriter
from datacenter_docs.ports.estate import Sighting
from datacenter_docs.services.documenting import Documenting

SOME = 60
"""More than stand in the section itself."""

SILENT = ("risks", "contradictions", "capacity", "dependencies")
"""What has nothing to say of a few machines."""


def many(**different: str) -> list[Sighting]:
    return [
        seen(vm(f"web-{n:02}"), name=different.get(f"web_{n:02}"), power_state="on")
        for n in range(SOME)
    ]


def device(state: str = "up") -> Sighting:
    return seen("network:lan:interface:r1/eth0", admin_state="up", oper_state=state)


def documenting(e: Estate) -> tuple[Documenting, FakeDocumentStore]:
    store = FakeDocumentStore()
    return Documenting(e.reader, store, TemplateWriter(), FakeDeeds(Memory())), store


async def test_the_first_survey_is_written_as_a_whole():
    e = estate()
    await e.surveyed(*many(), device(), connections=["lab", "lan"])
    service, store = documenting(e)
    written = await service.refresh()

    assert sorted(written) == [
        "capacity",
        "changes",
        "contradictions",
        "dependencies",
        "network",
        "overview",
        "risks",
        "virtualization",
        "virtualization/vm/1",
    ]
    for document in await store.all():
        if document.id not in SILENT:
            await check(document.markdown, e.reader)


async def test_nothing_is_written_where_nothing_changed():
    e = estate()
    await e.surveyed(*many(), device())
    service, store = documenting(e)
    await service.refresh()
    await e.surveyed(*many(), device())

    assert await service.refresh() == []
    assert await store.survey() == 2
    assert await service.refresh() == []


async def test_one_change_writes_what_shows_it_and_no_more():
    e = estate()
    await e.surveyed(*many(), device())
    service, _ = documenting(e)
    await service.refresh()
    await e.surveyed(*many(), device("down"))

    assert sorted(await service.refresh()) == ["changes", "network", "overview", "risks"]


async def test_a_new_name_is_shown_wherever_it_stands():
    e = estate()
    await e.surveyed(*many())
    service, store = documenting(e)
    await service.refresh()
    await e.surveyed(*many(web_07="shop"))

    assert sorted(await service.refresh()) == ["changes", "virtualization/vm/1"]
    assert "[shop]" in (await store.get("virtualization/vm/1")).markdown


async def test_pages_of_a_table_that_became_short_are_taken_away():
    e = estate()
    await e.surveyed(*many())
    service, store = documenting(e)
    await service.refresh()
    gone = [vm(f"web-{n:02}") for n in range(20)]
    await e.surveyed(*many()[20:], vanished=gone)
    await service.refresh()

    assert [document.id for document in await store.all("virtualization")] == ["virtualization"]
    assert "[web-59]" in (await store.get("virtualization")).markdown


async def test_a_new_process_goes_on_where_the_old_one_stopped():
    e = estate()
    await e.surveyed(*many(), device())
    service, store = documenting(e)
    await service.refresh()
    await e.surveyed(*many(), device("down"))
    again = Documenting(e.reader, store, TemplateWriter(), FakeDeeds(Memory()))

    assert sorted(await again.refresh()) == ["changes", "network", "overview", "risks"]
