"""The whole corpus as names and remarks of machines, and as people's notes: no document, page or table is more than text."""

import csv
import subprocess
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.fakes.walking import walked
from tests.hostile.conftest import Ground
from tests.hostile.injections import corpus
from tests.hostile.place import Place, surveyed
from tests.unit.publishing.test_browser import CHROMIUM, QUIET

from datacenter_docs.adapters.publishing.inventory import COLUMNS
from datacenter_docs.domain.citing import ProofKind
from datacenter_docs.domain.notes import Note
from datacenter_docs.ports.publishing import Format
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.things import Thing

LONGEST = 4_000
FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
INVISIBLE = " \u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""What nobody sees before a formula; a spreadsheet may leave it out."""

pytestmark = [pytest.mark.timeout(300)]


class Made(NamedTuple):
    """What was made of it."""

    site: Path
    markdown: Path
    csv: Path
    documents: dict[str, str]


def machine(number: int) -> str:
    return f"vmware:vm:vm-9{number:03d}"


def peopled(place: Place) -> None:
    """A machine for each text, called like it and with it as its remark."""
    base = place.world.view()
    pattern = base.thing(base.named("vmware:vm", "ci-01") or "")
    assert pattern is not None
    steps = [
        Step(key, made=Thing(key, one.whole[:LONGEST], pattern.parent, {**pattern.attributes, "notes": one.whole[:LONGEST], "folder": one.whole[:LONGEST]}))
        for number, one in enumerate(corpus())
        for key in [machine(number)]
    ]  # fmt: skip
    place.world.happen("planted", "vmware:vm:vm-9000", lambda view: steps)


@pytest.fixture(scope="module")
def made(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Made:
    import asyncio

    folder = tmp_path_factory.mktemp("exports")

    async def run() -> Made:
        async with ground.places.new() as place:
            peopled(place)
            place.clock.pass_by(600)
            await surveyed(place)
            for number, one in enumerate(corpus()[::4]):
                subject = f"resource/vmware:vcenter:vm:{machine(4 * number).split(':', 2)[2]}"
                text = one.whole[:LONGEST]
                await place.house.noting.write(
                    Note(subject=subject, text=text, owner=text[:200]), "mallory"
                )
            for format in (Format.SITE, Format.MARKDOWN, Format.CSV):
                await place.house.publishing.publish(
                    format, folder / format.value, lambda done, of: None
                )
            listed = await place.house.presenting.contents()
            documents = {
                one.head.id: (await place.house.presenting.show(one.head.id)).document.markdown
                for one in listed
            }
        return Made(folder / "site", folder / "markdown", folder / "csv", documents)

    return asyncio.run(run())


class Reader(HTMLParser):
    """Whatever could act in a page, as sentences."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")
            bare = "".join(c for c in (value or "") if c.isprintable()).strip().lower()
            if name in ("href", "src", "action", "srcdoc", "xlink:href") and bare.startswith(
                ("javascript:", "data:", "vbscript:", "//")
            ):
                self.found.append(f"{tag} {name}={value}")
            if (
                tag in ("img", "iframe", "script", "link")
                and name in ("src", "href")
                and "://" in bare
            ):
                self.found.append(f"{tag} {name}={value}")
        if tag in ("iframe", "object", "embed", "base", "form"):
            self.found.append(tag)


def test_no_page_of_the_site_holds_anything_that_acts(made: Made):
    pages = list(made.site.rglob("*.html"))
    found: dict[str, list[str]] = {}
    for page in pages:
        reader = Reader()
        reader.feed(page.read_text(encoding="utf-8"))
        if reader.found:
            found[page.name] = reader.found[:3]

    assert found == {}
    assert len(pages) > len(corpus())


@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt install chromium")
def test_no_name_runs_in_a_browser(made: Made, tmp_path: Path):
    assert CHROMIUM is not None
    largest = sorted(made.site.rglob("*.html"), key=lambda page: -page.stat().st_size)[:3]
    noted = [
        page
        for page in made.site.rglob("*.html")
        if "vm-9156" in page.name or "vm-9200" in page.name
    ][:2]
    for page in (*largest, *noted):
        done = subprocess.run(
            [CHROMIUM, *QUIET, f"--user-data-dir={tmp_path}", "--dump-dom", page.as_uri()],
            capture_output=True, text=True, timeout=100, check=True,
        )  # fmt: skip

        assert "<title>owned" not in done.stdout, page
        assert "owned" in done.stdout or page in noted


def test_every_value_of_every_document_leads_to_its_proof_and_no_text_leads_anywhere_else(
    made: Made,
):
    for name, markdown in made.documents.items():
        values, _ = walked(markdown)
        strange = [one for one in values if one.proof.kind not in ProofKind]

        assert strange == [], name
    assert any(len(walked(markdown)[0]) > len(corpus()) for markdown in made.documents.values())


def test_tables_stay_whole(made: Made):
    """Whatever a name holds, a row has as many cells as its head."""
    for name, markdown in made.documents.items():
        assert list(torn(markdown.splitlines())) == [], name


def torn(lines: Sequence[str]) -> Iterator[str]:
    """Rows of a table that have another number of cells than the head of their table."""
    width = 0
    for line in lines:
        if not line.startswith("|"):
            width = 0
            continue
        cells = line.replace("\\|", "").count("|")
        width = width or cells
        if cells != width:
            yield line[:200]


def test_no_cell_of_the_table_is_a_formula(made: Made):
    [file] = made.csv.rglob("*.csv")
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))

    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert [
        cell[:80]
        for row in rows
        for cell in row
        if cell.lstrip(INVISIBLE)[:1] in [*FORMULA] and not _is_number(cell)
    ] == []
    assert len(rows) > 10 * len(corpus())


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_the_guards_see_what_they_guard_against():
    reader = Reader()
    reader.feed("<a href='java\nscript:x'>a</a><p onclick=x><img src=//x><iframe>")

    assert len(reader.found) == 4
    assert list(torn(["| a | b |", "| --- | --- |", "| x | y | z |"])) == ["| x | y | z |"]
    assert list(torn(["| a | b |", "| x \\| y | z |"])) == []
