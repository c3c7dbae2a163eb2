"""The command line's door. Exit codes: 0 done · 1 something broke · 2 wrong input · 3 not found · 4 refused ·
5 nobody answered · 6 the journal does not verify · 7 a document is not fresh.

One of the three doors where `except Exception` stands: a person gets a sentence, never a traceback, unless
`DATACENTER_DOCS_LOG_LEVEL=DEBUG`.
"""

import os
import sys
from typing import Annotated

import typer

from datacenter_docs.domain.errors import (
    Broken,
    Conflict,
    DatacenterDocsError,
    Invalid,
    NotFound,
    Refused,
    Superseded,
    Unavailable,
)
from datacenter_docs.entrypoints.cli import (
    audit,
    backups,
    connections,
    demo,
    documents,
    generating,
    governing,
    login,
    notes,
    patterns,
    policies,
    resources,
    rooms,
    runbooks,
    search,
    serving,
    stats,
    surveys,
    tickets,
    tokens,
)
from datacenter_docs.entrypoints.cli.context import PLACE, visible

EXIT_CODES: dict[type[DatacenterDocsError], int] = {
    Invalid: 2,
    NotFound: 3,
    Refused: 4,
    Superseded: 4,
    Unavailable: 5,
    Broken: 1,
}

app = typer.Typer(
    name="datacenter-docs",
    help="Reads a datacenter, answers its tickets, and repairs where its owner allows it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def place(
    url: Annotated[
        str, typer.Option("--url", help="The server to talk to.", envvar="DATACENTER_DOCS_URL")
    ] = "http://127.0.0.1:8000",
    token: Annotated[
        str,
        typer.Option(
            "--token",
            help="Where your token is: env:NAME or file:PATH.",
            envvar="DATACENTER_DOCS_TOKEN",
        ),
    ] = "",
) -> None:
    """Every command but `up`, `serve`, `worker`, `demo`, `generate`, `backup`, `restore` and `mcp` talks to a running server."""
    PLACE.url, PLACE.token = url, token


for noun in (serving, tickets, governing, search, generating, backups, tokens, login):
    noun.add_to(app)
app.add_typer(tickets.app, name="ticket")
app.add_typer(policies.app, name="policy")
app.add_typer(patterns.app, name="pattern")
app.add_typer(stats.app, name="stats")
app.add_typer(audit.app, name="audit")
app.add_typer(connections.app, name="connection")
app.add_typer(documents.app, name="docs")
app.add_typer(surveys.app, name="survey")
app.add_typer(resources.app, name="resource")
app.add_typer(resources.facts, name="fact")
app.add_typer(notes.app, name="note")
app.add_typer(runbooks.app, name="runbook")
app.add_typer(tokens.app, name="token")
app.add_typer(demo.app, name="demo")
app.add_typer(rooms.app, name="mcp")


def run() -> None:
    """The console script."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a terminal may know less than Unicode
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # the reader went away; say nothing at exit
        sys.exit(1)
    except DatacenterDocsError as error:
        for line in _told(error):
            sys.stderr.write(visible(line) + "\n")
        sys.exit(next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1))
    except Exception as error:
        if os.environ.get("DATACENTER_DOCS_LOG_LEVEL", "").upper() == "DEBUG":  # noqa: TID251 - settings may be what broke
            raise
        sys.stderr.write(
            f"Something broke: {visible(f'{type(error).__name__}: {error}')}\nSet DATACENTER_DOCS_LOG_LEVEL=DEBUG to see where.\n"
        )
        sys.exit(1)


def _told(error: DatacenterDocsError) -> list[str]:
    lines = error.message.splitlines()
    if isinstance(error, Conflict):
        lines += [
            f"  {field}: stored {old!r}, sent {new!r}"
            for field, (old, new) in error.differences.items()
        ]
    return lines
