"""The other formats: Markdown with its history, the inventory, the book."""

import csv
import json
import re
import subprocess
from pathlib import Path

import pytest
from tests.fakes.estate_samples import vm
from tests.unit.publishing.library import HOSTILE, Library, things

from datacenter_docs.adapters.publishing import places
from datacenter_docs.domain.errors import Refused
from datacenter_docs.ports.publishing import Format


def git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config = tmp_path / "gitconfig"
    config.write_text("[user]\n\tname = Operator\n\temail = operator@example.org\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    return tmp_path / "tree"


async def test_a_survey_that_changed_something_is_one_commit_that_says_what(repository: Path):
    library = Library()
    for memory in (1024, 1024, 4096):
        await library.survey(*things(memory_mib=memory))
        await library.publish(repository, Format.MARKDOWN, commits=True)
    subjects = git(repository, "log", "--format=%s").splitlines()
    body = git(repository, "log", "-1", "--format=%b")
    changed = git(repository, "show", "--name-only", "--format=").splitlines()

    assert subjects == ["Survey 3: 1 changed", "Survey 1: The documentation begins."]
    assert "memory: 1 GiB -> 4 GiB, seen by survey 3" in body
    assert places.of_resource(vm("vm-0"), ".md") in changed
    assert len(changed) < 10


async def test_every_link_of_the_tree_leads_to_a_file(repository: Path):
    library = Library()
    await library.survey(*things())
    await library.publish(repository, Format.MARKDOWN)
    lost, met = [], 0
    for file in repository.rglob("*.md"):
        for place in re.findall(r"(?<!\\)\]\(([^)]*)\)", file.read_text()):
            met += 1
            if place != "#" and not (file.parent / place.partition("#")[0]).is_file():
                lost.append((file.name, place))

    assert lost == []
    assert met > 200


async def test_a_name_that_a_spreadsheet_would_run_is_text(tmp_path: Path):
    library = Library()
    await library.survey(*things())
    await library.publish(tmp_path, Format.CSV)
    with (tmp_path / "inventory.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    cells = [cell for row in rows for cell in row.values()]

    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    assert "'" + HOSTILE[4] in cells
    assert {row["value"] for row in rows if row["attribute"] == "cpu_cores"} == {"16"}


async def test_the_inventory_holds_every_fact_with_its_source(tmp_path: Path):
    library = Library()
    await library.survey(*things())
    await library.publish(tmp_path, Format.JSON)
    facts = json.loads((tmp_path / "inventory.json").read_text())
    host = await library.estate.reader.get("vmware:lab:host:host-1")

    assert {f["attribute"] for f in facts if f["resource_id"] == host.id} == {
        "_name",
        "_parent",
        *(fact.attribute for fact in host.facts()),
    }
    assert {f["name"] for f in facts} >= set(HOSTILE)
    assert all(f["tool"] and f["payload_sha256"] and f["fact_id"] for f in facts)


async def test_the_book_has_pages_and_contents(tmp_path: Path):
    pytest.importorskip(
        "weasyprint", reason="WeasyPrint or Pango is not installed", exc_type=OSError
    )
    library = Library()
    await library.survey(*things())
    await library.publish(tmp_path, Format.PDF)
    body = (tmp_path / "datacenter.pdf").read_bytes()

    assert body.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", body)) > 4 or b"/ObjStm" in body


async def test_nothing_is_published_before_the_first_survey(tmp_path: Path):
    with pytest.raises(Refused):
        await Library().publish(tmp_path)


async def test_hostile_names_do_not_break_the_tree(repository: Path):
    library = Library()
    await library.survey(*things())
    await library.publish(repository, Format.MARKDOWN)
    for name, number in zip(HOSTILE, range(len(HOSTILE)), strict=True):
        text = (repository / places.of_resource(vm(f"vm-{number}"), ".md")).read_text()

        assert text.count("```") == 2, name
