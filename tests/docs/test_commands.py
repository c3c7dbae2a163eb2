"""Every command that a document tells the reader to type exists, with every option."""

import re
import shlex
from typing import Any

import pytest
import typer
from tests.architecture.repository import ROOT
from tests.docs.documents import shell_lines, text_of

from datacenter_docs.entrypoints.cli.main import app

PROGRAMS = ("dcdocs", "datacenter-docs")
TARGETS = set(
    re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
)
ASSIGNMENT = re.compile(r"^[A-Z_]+=")


def commands_typed(program: tuple[str, ...]) -> list[list[str]]:
    """The words of each command of a program, without the program, variables set before it, and comments."""
    found = []
    for document, line in shell_lines():
        for part in re.split(r"\s(?:\||&&|;)\s", line):
            try:
                words = shlex.split(part, comments=True)
            except ValueError as error:
                if part.startswith(program):
                    raise AssertionError(f"{document}: {line}: {error}") from error
                continue
            while words and ASSIGNMENT.match(words[0]):
                words = words[1:]
            if words and words[0].removeprefix(".venv/bin/") in program:
                found.append(words[1:])
    return found


def complaint(words: list[str]) -> str | None:
    """What is wrong with a command of ours; None: nothing."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("...", "--help"):
            return None
        if word.startswith("-") and word != "-":
            option = _option(command, word)
            if option is None:
                return None if _takes_anything(command) else f"{command.name} has no {word}"
            if not option.is_flag and "=" not in word:
                rest[:1] = []
        elif getattr(command, "commands", None):
            if word not in command.commands:
                return f"{command.name} has no command {word}"
            command = command.commands[word]
    return None


def _option(command: Any, word: str) -> Any:
    name = word.partition("=")[0]
    return next((p for p in command.params if name in (*p.opts, *p.secondary_opts)), None)


def _takes_anything(command: Any) -> bool:
    return bool(command.context_settings.get("ignore_unknown_options"))


def commands(group: Any, before: str = "") -> list[str]:
    """The full names of all commands below a group."""
    return [
        full
        for name, command in group.commands.items()
        for full in (
            commands(command, f"{before}{name} ")
            if getattr(command, "commands", None)
            else [f"{before}{name}"]
        )
    ]


def test_every_command_of_ours_exists_with_its_options():
    typed = commands_typed(PROGRAMS)

    assert len(typed) > 20
    assert [(words, wrong) for words in typed if (wrong := complaint(words))] == []


def test_every_make_target_exists():
    typed = [word for words in commands_typed(("make",)) for word in words[:1]]

    assert typed
    assert set(typed) <= TARGETS


def test_every_make_target_is_explained_to_contributors():
    explained = text_of("CONTRIBUTING.md")

    assert [target for target in sorted(TARGETS) if f"`make {target}`" not in explained] == []


def test_every_command_is_named_in_a_document():
    typed = [" ".join(words) for words in commands_typed(PROGRAMS)]
    every = commands(typer.main.get_command(app))

    assert every
    assert [name for name in every if not any(one.startswith(name) for one in typed)] == []


def test_every_python_program_exists():
    """`python -m some.module` and `python some/file.py`, from the root of the repository."""
    typed = [words for words in commands_typed(("python", "python3")) if words]
    files = {
        words[1].replace(".", "/") + ".py" if words[0] == "-m" else words[0] for words in typed
    }

    assert len(files) > 3
    assert [name for name in sorted(files) if not _is_program(name)] == []


@pytest.mark.parametrize(
    "words", [["fly"], ["ticket", "fly"], ["up", "--wings"], ["--wings", "up"]]
)
def test_a_command_that_does_not_exist_is_seen(words: list[str]):
    assert complaint(words)


def _is_program(name: str) -> bool:
    package = name.removesuffix(".py")
    return any(
        (ROOT / root / file).is_file()
        for root in ("", "src")
        for file in (name, f"{package}/__main__.py")
    )
