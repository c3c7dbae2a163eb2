"""People's notes on the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.api.product import Product
from tests.integration.api.surveyed import surveyed
from tests.integration.cli.commands import Command

PORT = "resource/network:fabric:interface:sw1/eth1"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with surveyed(tmp_path_factory.mktemp("product")) as started:
        yield started


def test_a_note_is_written_shown_and_taken_away(cli: Command, tmp_path: Path):
    (tmp_path / "note.md").write_text("Ring *first*.", encoding="utf-8")
    words = ("--owner", "Core", "--contact", "a@b.example", "--file", str(tmp_path / "note.md"))
    written = cli("note", "write", PORT, *words, "--as", "ada")
    listed = cli("note", "list")
    shown = cli("docs", "show", PORT)
    gone = cli("note", "delete", PORT, "--as", "bob")
    history = cli("note", "history", PORT)

    assert (written.code, gone.code) == (0, 0)
    assert "version 1 by ada" in written.out
    assert "contact: a@b.example" in written.out
    assert "Ring *first*." in written.out
    assert PORT in listed.out
    assert "> Ring *first*." in shown.out
    assert "version 2 by bob" in history.out
    assert cli("note", "show", PORT).code == 3
    assert cli("note", "show", PORT, "--version", "1", "--json").json["author"] == "ada"


def test_a_note_that_names_what_never_was_fails_the_check(cli: Command):
    before = cli("note", "check").code
    cli("note", "write", "coverage", "--text", "As on [[old-1]].")
    after = cli("note", "check")

    assert (before, after.code) == (0, 7)
    assert "old-1" in after.out


def test_what_is_different_between_two_times_is_told(cli: Command):
    said = cli("docs", "diff", "--from", "2001-01-01T00:00Z")

    assert said.code == 0
    assert "interface" in said.out
    assert "appeared" in said.out
    assert cli("docs", "diff", "--from", "yesterday").code == 2
