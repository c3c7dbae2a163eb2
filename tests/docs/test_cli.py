"""`docs/cli.md` names every command and every exit code of the application, and no others."""

import re
from collections.abc import Iterator
from pathlib import Path

import typer
from typer.main import get_command

from datacenter_docs.entrypoints.cli.audit import UNVERIFIED
from datacenter_docs.entrypoints.cli.documents import NOT_FRESH
from datacenter_docs.entrypoints.cli.main import EXIT_CODES, app

TEXT = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def test_every_command_is_documented_and_no_other() -> None:
    documented = re.findall(r"^\| `([a-z -]+)` \|", TEXT, re.MULTILINE)

    assert sorted(documented) == sorted(_commands(app))


def test_every_exit_code_is_documented_and_no_other() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)}

    assert documented == {0, *EXIT_CODES.values(), UNVERIFIED, NOT_FRESH, 130}


def _commands(main: typer.Typer) -> Iterator[str]:
    """The full name of each command, from the application itself."""
    for name, command in vars(get_command(main))["commands"].items():
        inner = vars(command).get("commands")
        yield from [f"{name} {one}" for one in inner or ()]
        if not inner or vars(command).get("invoke_without_command"):
            yield name
