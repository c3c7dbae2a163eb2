"""What the documents list is what the code has: settings, operations, runbooks, fields, dependencies, words."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from tests.architecture.repository import ROOT, name_of, python_files, tree_of
from tests.docs.documents import documents, text_of
from tools import tables

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.platforms.estate_file import Connection
from datacenter_docs.adapters.reasoning import library
from datacenter_docs.adapters.telemetry.meter import PrometheusMeter
from datacenter_docs.domain.catalogue import CATALOGUE
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.runbooks import Runbook, Trigger
from datacenter_docs.settings import Settings

LOGGING = r"^(log|structlog\.get_logger\(.*\))\.(debug|info|warning|error|exception)$|^tell$"
"""How the brain writes a line of the log."""


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_drawn_tables_are_as_the_code_draws_them(path: Path):
    """When this fails: `python -m tools.tables`."""
    text = path.read_text("utf-8")

    assert tables.filled(text) == text


def test_every_table_that_can_be_drawn_is_in_a_document():
    drawn = {
        name
        for path in documents()
        for _, name, _ in tables.PLACE.findall(path.read_text("utf-8"))
    }

    assert drawn == tables.TABLES.keys()


def test_every_setting_says_what_it_means():
    assert [n for n, field in Settings.model_fields.items() if not field.description] == []


def test_every_operation_is_in_the_catalogue_page():
    page = text_of("docs/operations-catalogue.md")

    assert [name for name in CATALOGUE if f"| `{name}` |" not in page] == []


def test_every_shipped_runbook_is_listed():
    page = text_of("docs/runbooks.md")
    shipped = library.load(library.SHIPPED)

    assert shipped
    assert [book.name for book in shipped if f"| `{book.name}` |" not in page] == []


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("docs/remediation.md", Policy.model_fields),
        ("docs/connectors.md", Connection.model_fields),
        ("docs/runbooks.md", Runbook.model_fields.keys() - {"trigger", "suggests"}),
        ("docs/runbooks.md", {f"trigger.{name}" for name in Trigger.model_fields}),
    ],
    ids=["policy", "connection", "runbook", "trigger"],
)
def test_every_field_is_explained_in_a_table(page: str, fields: set[str]):
    explained = set(re.findall(r"`([^`]+)`", _first_cells(text_of(page))))

    assert set(fields) - explained == set()


def test_every_metric_is_explained():
    page = text_of("docs/operations.md")
    text, _ = PrometheusMeter(SystemClock().now).exposition()
    names = set(re.findall(r"^# HELP (datacenter_docs_\w+) ", text.decode(), re.MULTILINE))

    assert len(names) >= 5
    assert [name for name in sorted(names) if f"| `{name}` |" not in page] == []


def test_every_line_of_the_log_is_explained():
    page = text_of("docs/operations.md")
    events = {event for path in python_files("src/datacenter_docs") for event in _logged(path)}

    assert len(events) > 5
    assert [event for event in sorted(events) if f"| `{event}` |" not in page] == []


def test_every_dependency_is_explained_and_no_other():
    project = tomllib.loads(text_of("pyproject.toml"))
    wanted = {
        re.split(r"[\[<>=,; ]", line)[0].lower()
        for line in (
            *project["project"]["dependencies"],
            *(
                line
                for extra in project["project"]["optional-dependencies"].values()
                for line in extra
            ),
            *project["dependency-groups"]["dev"],
        )
    }
    explained = set(re.findall(r"^\| `([^`]+)` \|", text_of("docs/dependencies.md"), re.MULTILINE))

    assert {name.lower() for name in explained} == wanted


def test_every_decision_is_in_the_list_with_its_three_parts():
    """A page is named by its number; the three parts are its only headings of the second level."""
    pages = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    listed = text_of("docs/decisions/README.md")

    assert pages
    for number, page in enumerate(pages, 1):
        headings = re.findall(r"^## (.+)$", page.read_text("utf-8"), re.MULTILINE)

        assert page.name.startswith(f"{number:04}-")
        assert f"({page.name})" in listed
        assert headings == ["Context", "Decision", "Consequences"], page.name


def test_changelog_fragments_are_named_by_what_they_are():
    kinds = {"added", "changed", "fixed", "security"}
    fragments = [path for path in (ROOT / "changelog.d").glob("*.md") if path.name != "README.md"]

    assert [
        p.name
        for p in fragments
        if len(p.name.split(".")) != 3 or p.name.split(".")[1] not in kinds
    ] == []


def _logged(path: Path) -> set[str]:
    """The events that a file logs."""
    calls = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call) and node.args]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
        and re.match(LOGGING, ast.unparse(call.func))
    }


def _first_cells(text: str) -> str:
    return "\n".join(re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE))
