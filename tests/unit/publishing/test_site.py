"""The site: every value leads to its fact, no name does any harm, and only what changed is written again."""

from pathlib import Path

import pytest
from tests.fakes.estate_samples import vm
from tests.fakes.walking import sayings
from tests.unit.publishing.library import HOSTILE, Library, things
from tests.unit.publishing.reading import site, target

from datacenter_docs.adapters.publishing import places
from datacenter_docs.adapters.publishing.folder import LIST
from datacenter_docs.domain.citing import Proof, ProofKind
from datacenter_docs.domain.errors import Refused, Unavailable
from datacenter_docs.ports.estate import ResourceFilter


async def published(folder: Path) -> Library:
    library = Library()
    await library.survey(*things())
    await library.publish(folder)
    return library


def stamps(folder: Path) -> dict[str, int]:
    return {
        file.relative_to(folder).as_posix(): file.stat().st_ino
        for file in folder.rglob("*")
        if file.is_file() and file.name != LIST
    }


async def test_every_link_of_the_site_leads_somewhere(tmp_path: Path):
    await published(tmp_path)
    pages = site(tmp_path)
    lost = []
    for name, page in pages.items():
        for link in page.links:
            file, anchor = target(tmp_path, name, link.href)
            there = (tmp_path / file).is_file()
            if not there or (anchor and anchor not in pages[file].ids):
                lost.append((name, link))

    assert lost == []
    assert sum(len(page.links) for page in pages.values()) > 500


async def test_every_value_of_the_site_walks_back_to_its_fact(tmp_path: Path):
    library = await published(tmp_path)
    reader = library.estate.reader
    resources = {
        places.of_resource(one.id, ".html"): one
        async for bunch in reader.walk(ResourceFilter())
        for one in bunch
    }
    walked = 0
    for name, page in site(tmp_path).items():
        for link in page.links:
            if link.kind != "fact":
                continue
            file, attribute = target(tmp_path, name, link.href)
            fact = resources[file].fact(attribute or "_name")
            said = await sayings(reader, Proof(ProofKind.FACT, fact.id))
            assert link.text in said, (name, link)
            walked += 1

    assert walked > 150


async def test_a_derived_number_leads_to_its_rule_and_what_went_in(tmp_path: Path):
    await published(tmp_path)
    pages = site(tmp_path)
    name, link = next(
        (name, link)
        for name, page in pages.items()
        for link in page.links
        if link.kind == "derived" and link.text == str(len(HOSTILE))
    )
    file, _ = target(tmp_path, name, link.href)
    text = (tmp_path / file).read_text()

    assert f"<h1>{len(HOSTILE)}</h1>" in text
    assert len({one.href for one in pages[file].links if "resources/" in one.href}) >= len(HOSTILE)


async def test_a_fact_shows_its_call_and_the_raw_answer(tmp_path: Path):
    await published(tmp_path)
    text = (tmp_path / places.of_resource(vm("vm-0"), ".html")).read_text()
    [answer] = {part.split('"')[0] for part in text.split("../payloads/")[1:]}

    assert 'id="power_state"' in text
    assert "list_vms" in text
    assert (tmp_path / "payloads" / answer).read_text() == f"answer about {vm('vm-0')}"


async def test_a_hostile_name_is_text_everywhere(tmp_path: Path):
    await published(tmp_path)
    for page in site(tmp_path).values():
        assert "img" not in page.tags
        assert page.tags.count("script") == 2
        assert not {one for one in page.attributes if one.startswith("on")}
        assert not [link for link in page.links if "javascript:" in link.href.lower()]


async def test_where_nothing_changed_only_what_tells_the_time_is_written(tmp_path: Path):
    library = await published(tmp_path)
    before = stamps(tmp_path)
    await library.survey(*things())
    pressed = await library.publish(tmp_path)
    after = stamps(tmp_path)

    assert {name for name in after if after[name] != before.get(name)} == {
        "coverage.html",
        "freshness.js",
        "surveys.html",
    }
    assert (pressed.written, pressed.removed) == (3, 0)


async def test_a_change_is_as_if_all_were_written_anew(tmp_path: Path):
    library = await published(tmp_path / "often")
    await library.survey(*things(memory_mib=4096)[:-1], vanished=[vm(f"vm-{len(HOSTILE) - 1}")])
    await library.publish(tmp_path / "often")
    await library.survey(*things(memory_mib=8192, cpu_count=4)[:-1])
    await library.publish(tmp_path / "often")
    await library.publish(tmp_path / "once")

    def texts(folder: Path) -> dict[str, str]:
        return {
            str(file.relative_to(folder)): file.read_text()
            for file in folder.rglob("*")
            if file.is_file() and file.suffix != ".txt" and file.name != LIST
        }

    often, once = texts(tmp_path / "often"), texts(tmp_path / "once")

    assert sorted(often) == sorted(once)
    assert [name for name in once if often[name] != once[name]] == []


async def test_a_folder_with_other_things_is_left_alone(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(Refused):
        await published(tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


async def test_a_full_disk_breaks_no_file_and_the_next_run_mends_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    library = await published(tmp_path / "site")
    await library.survey(*things(memory_mib=4096))
    place = tmp_path / "site" / places.of_resource(vm("vm-0"), ".html")
    good = place.read_text()
    write_bytes = Path.write_bytes

    def full(path: Path, body: bytes) -> int:
        if b"4 GiB" in body:
            write_bytes(path, body[:10])
            raise OSError(28, "No space left on device", str(path))
        return write_bytes(path, body)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(Unavailable, match="No space left"):
        await library.publish(tmp_path / "site")
    assert place.read_text() == good
    monkeypatch.undo()
    await library.publish(tmp_path / "site")
    await library.publish(tmp_path / "anew")

    assert place.read_text() == (tmp_path / "anew" / place.relative_to(tmp_path / "site")).read_text()  # fmt: skip
    assert "4 GiB" in place.read_text()
