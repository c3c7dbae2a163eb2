"""Every link in the documents leads somewhere, and every file that they name is there."""

import re
from pathlib import Path

import pytest
from tests.architecture.repository import ROOT, committed, name_of
from tests.docs.documents import anchors, documents, inline_code, links

OUTSIDE = re.compile(r"^(https?|mailto):")
NAMED_FILE = re.compile(r"^(src|tests|docs|tools|benchmarks|examples|changelog\.d)/[\w./-]*$")
MODULE = re.compile(r"^[a-z_]+(/[a-z_0-9]+)*\.py$")


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_every_link_leads_somewhere(path: Path):
    lost = [link for link in links(path) if not OUTSIDE.match(link) and not _is_there(path, link)]

    assert lost == []


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_every_file_that_is_named_exists(path: Path):
    lost = [code for code in inline_code(path) if NAMED_FILE.match(code) and not _exists(code)]
    lost += [code for code in inline_code(path) if MODULE.match(code) and not _is_module(code)]

    assert lost == []


def test_the_walk_through_the_house_names_files_of_every_floor():
    """So that the guard above has something to see there."""
    named = {code for code in inline_code(ROOT / "docs/architecture.md") if MODULE.match(code)}
    folders = {code.split("/")[0] for code in named if "/" in code}

    assert {"domain", "ports", "services", "workflows"} <= folders


def test_a_lost_link_is_seen():
    here = ROOT / "README.md"

    assert not _is_there(here, "docs/not-there.md")
    assert not _is_there(here, "docs/operations.md#not-there")
    assert _is_there(here, "docs/operations.md#settings")


def _is_there(document: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (document.parent / name).resolve() if name else document
    if not target.exists():
        return False
    return not anchor or (target.suffix == ".md" and anchor in anchors(target))


def _exists(name: str) -> bool:
    return (ROOT / name).exists()


def _is_module(name: str) -> bool:
    """Whether a committed file is called so; people name modules by their last folders (`services/acting.py`)."""
    return any(f"/{name_of(path)}".endswith(f"/{name}") for path in committed())
