"""What a second run writes anew: the pages that would say something else, whoever is the reason, and no others."""

from pathlib import Path

from tests.fakes.estate_samples import seen, vm
from tests.unit.documents.test_resource_pages import HOST
from tests.unit.publishing.library import STORE, Library

from datacenter_docs.adapters.publishing import places
from datacenter_docs.domain.notes import Note

OTHER = "vmware:lab:host:host-2"
NOTE = Note(subject=f"resource/{vm('vm-0')}", text="Ask the shop team first.", owner="shop team")


def estate(*, host: str = HOST, name: str = "web-1", memory: int = 4) -> list:
    """Two hosts, a datastore and a machine on one of the hosts."""
    return [
        seen(HOST, name="esx-1", connection_state="connected"),
        seen(OTHER, name="esx-2", connection_state="connected"),
        seen(STORE, name="gold", size_bytes=1000, accessible=True),
        seen(vm("vm-0"), name=name, host_id=host, datastore_ids=[STORE], memory_mib=memory),
    ]


def page(folder: Path, resource_id: str) -> Path:
    return folder / places.of_resource(resource_id, ".html")


async def rewritten(folder: Path, before: dict, after: dict) -> set[str]:
    """The resources whose pages a change makes the second run write."""
    library = Library()
    await library.survey(*estate(**before))
    await library.publish(folder)
    stamps = {one: page(folder, one).stat().st_ino for one in (HOST, OTHER, STORE, vm("vm-0"))}
    await library.survey(*estate(**after))
    await library.publish(folder)
    return {one for one, stamp in stamps.items() if page(folder, one).stat().st_ino != stamp}


async def test_a_value_is_told_by_its_own_page_alone(tmp_path: Path):
    assert await rewritten(tmp_path, {}, {"memory": 8}) == {vm("vm-0")}


async def test_a_name_is_told_by_all_pages_that_have_to_do_with_it(tmp_path: Path):
    assert await rewritten(tmp_path, {}, {"name": "web-2"}) == {vm("vm-0"), HOST, STORE}


async def test_a_machine_that_moved_is_told_by_the_host_that_it_left_and_by_the_new_one(tmp_path: Path):  # fmt: skip
    assert await rewritten(tmp_path, {}, {"host": OTHER}) >= {vm("vm-0"), HOST, OTHER}


async def test_a_page_tells_what_would_be_affected_as_the_api_does(tmp_path: Path):
    library = Library()
    await library.survey(*estate())
    await library.publish(tmp_path)

    assert "What would be affected if it were gone" in page(tmp_path, HOST).read_text()
    assert "What would be affected if it were gone" not in page(tmp_path, OTHER).read_text()


async def test_a_note_comes_changes_and_goes_with_the_next_run_without_a_survey(tmp_path: Path):
    library = Library()
    await library.survey(*estate())
    await library.publish(tmp_path)
    before = page(tmp_path, vm("vm-0")).read_text()
    await library.noting.write(NOTE, "rita")
    await library.publish(tmp_path)
    written = page(tmp_path, vm("vm-0")).read_text()
    await library.noting.delete(NOTE.subject, "rita")
    await library.publish(tmp_path)

    assert "Ask the shop team first." not in before
    assert "Ask the shop team first." in written
    assert page(tmp_path, vm("vm-0")).read_text() == before


async def test_a_note_on_a_section_is_in_it(tmp_path: Path):
    library = Library()
    await library.survey(*estate())
    await library.publish(tmp_path)
    await library.noting.write(Note(subject="virtualization", text="Renewed in spring."), "rita")
    pressed = await library.publish(tmp_path)

    assert "Renewed in spring." in (tmp_path / "virtualization.html").read_text()
    assert pressed.written < 5
