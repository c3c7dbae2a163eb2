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


@dataclass
class Place:
    """Where the server is, and a reference to what is shown there; set once by the main command."""

    url: str
    token: str


PLACE = Place("", "")
ANONYMOUS = "anonymous"
"""What a server takes for nothing said."""


def _unsaid() -> str:
    """Who somebody is that did not say so: the account on this machine, or whoever the token says."""
    return ANONYMOUS if PLACE.token else getpass.getuser()


Json = Annotated[
    bool, typer.Option("--json", help="Print JSON for machines instead of tables for people.")
]
As = Annotated[
    str,
    typer.Option(
        "--as",
        help="Who you are; goes into the journal. With a token you are its owner.",
        default_factory=_unsaid,
        show_default="your login",
    ),
]
WIDEST_NAME = 40
"""A name in a table stands on one line up to so many characters, so that it can be copied."""


def server() -> "Server":
    """The server that `--url` names."""
    from datacenter_docs.entrypoints.cli import credentials
    from datacenter_docs.entrypoints.cli.client import Server

    return Server(PLACE.url, credentials.header(PLACE.token, PLACE.url))


def show(data: Any, render: Callable[[Any], None], *, as_json: bool) -> None:
    """Print an answer: as one JSON document, or rendered for people."""
    if as_json:
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
    else:
        render(data)


def json_line(data: Any) -> None:
    """One of many JSON documents, each on its own line. ASCII, so that no text in it steers a terminal."""
    sys.stdout.write(json.dumps(data) + "\n")
    sys.stdout.flush()


def table(title: str, columns: Mapping[str, str], rows: list[dict[str, Any]]) -> None:
    """A table: column title -> key of the row. Whatever stands in a row is text, never markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        say(f"{title}: none")
        return
    drawn = Table(title=title, title_justify="left", header_style="bold")
    cells = [[visible(_cell(row.get(key))) for key in columns.values()] for row in rows]
    for column in columns:
        drawn.add_column(column, overflow="fold")
    drawn.columns[0].min_width = min(WIDEST_NAME, max(len(line[0]) for line in cells))
    for line in cells:
        drawn.add_row(*map(Text, line))
    Console().print(drawn)


def say(text: str = "") -> None:
    """One line for people, whatever the text holds: a ticket must not write lines of its own."""
    sys.stdout.write(visible(text) + "\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """Several lines for people, indented, so that they are seen to be somebody's text."""
    for line in text.splitlines():
        say(f"  {line}")


def visible(text: str) -> str:
    """Control characters, line ends and direction marks as escapes: a ticket must not steer the reader's terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_cell(item) for item in value)
    return str(value)
