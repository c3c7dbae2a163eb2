"""What every command shares: where the server is, and whether to print for people or for machines."""

import getpass
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datacenter_docs.entrypoints.cli.client import Server

Json = Annotated[
    bool, typer.Option("--json", help="Print JSON for machines instead of tables for people.")
]
As = Annotated[
    str,
    typer.Option(
        "--as",
        help="Who you are; goes into the journal.",
        default_factory=getpass.getuser,
        show_default="your login",
    ),
]


@dataclass
class Place:
    """Where the server is; set once by the main command."""

    url: str


PLACE = Place("")


def server() -> "Server":
    """The server that `--url` names."""
    from datacenter_docs.entrypoints.cli.client import Server

    return Server(PLACE.url)


def show(data: Any, render: Callable[[Any], None], *, as_json: bool) -> None:
    """Print an answer: as JSON on one document, or rendered for people."""
    if as_json:
        sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    else:
        render(data)


def table(title: str, columns: Mapping[str, str], rows: list[dict[str, Any]]) -> None:
    """A table: column title -> key of the row. Whatever stands in a row is text, never markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        say(f"{title}: none")
        return
    drawn = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(_cell(row.get(key))) for key in columns.values()))
    Console().print(drawn)


def say(text: str) -> None:
    """A line for people; control characters of untrusted text are made visible."""
    sys.stdout.write(_visible(text) + "\n")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return ", ".join(_cell(item) for item in value)
    return _visible(str(value))


def _visible(text: str) -> str:
    """An escape sequence in a ticket must not steer the reader's terminal."""
    return "".join(c if c == "\n" or c.isprintable() else repr(c)[1:-1] for c in text)
