"""People's notes: write, read, take away, and find those that name what is gone."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import As, Json, say, server, show, table, tell
from datacenter_docs.entrypoints.cli.documents import NOT_FRESH
from datacenter_docs.entrypoints.cli.tickets import read_file

app = typer.Typer(help="People's own words about documents.", no_args_is_help=True)
Subject = Annotated[
    str, typer.Argument(metavar="DOCUMENT_ID", help="A document; a resource is resource/<its id>.")
]


@app.command("list")
def list_notes(
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    cursor: Annotated[str | None, typer.Option(help="next_cursor of the page before.")] = None,
    as_json: Json = False,
) -> None:
    """All notes."""
    columns = {
        "about": "subject",
        "owner": "owner",
        "purpose": "purpose",
        "version": "version",
        "by": "author",
    }

    def render(page: dict[str, Any]) -> None:
        table("Notes", columns, page["items"])
        if page["next_cursor"]:
            say(f"More with --cursor {page['next_cursor']}")

    show(server().get("/notes", limit=limit, cursor=cursor), render, as_json=as_json)


@app.command("show")
def show_note(
    subject: Subject,
    version: Annotated[int | None, typer.Option(help="An old version.")] = None,
    as_json: Json = False,
) -> None:
    """One note."""
    show(server().get(_path(subject), version=version), _render, as_json=as_json)


@app.command("history")
def history(subject: Subject, as_json: Json = False) -> None:
    """All versions of a note, newest first."""

    def render(page: dict[str, Any]) -> None:
        for version in page["items"]:
            _render(version)

    show(server().get(f"{_path(subject)}/versions"), render, as_json=as_json)


@app.command("write")
def write(
    subject: Subject,
    author: As,
    owner: Annotated[str, typer.Option(help="Whose it is.")] = "",
    purpose: Annotated[str, typer.Option(help="What it is for.")] = "",
    contact: Annotated[
        list[str] | None, typer.Option(help="Whom to ask; may be given several times.")
    ] = None,
    text: Annotated[str, typer.Option(help="Markdown; [[name]] names a resource.")] = "",
    file: Annotated[Path | None, typer.Option(help="A file with the text.")] = None,
    as_json: Json = False,
) -> None:
    """Write a note, or its next version: it says then exactly what is given here."""
    words = read_file(file) if file is not None else text
    body = {"owner": owner, "purpose": purpose, "contacts": contact or [], "text": words}
    show(server().put(_path(subject), body, author=author), _render, as_json=as_json)


@app.command("delete")
def delete(subject: Subject, author: As) -> None:
    """Take a note away; its versions stay readable."""
    server().delete(_path(subject), author=author)
    say(f"The note on {subject} is taken away.")


@app.command("check")
def check(as_json: Json = False) -> None:
    """Do notes and runbooks name what is gone? Exit code 7 when one does."""
    flags = server().get("/notes/flags")["items"]
    columns = {"in": "source", "about": "name", "names": "reference", "why": "why"}
    show({"items": flags}, lambda page: table("Flags", columns, page["items"]), as_json=as_json)
    if flags:
        sys.exit(NOT_FRESH)


def _path(subject: str) -> str:
    from datacenter_docs.entrypoints.cli.client import part

    return f"/notes/{part(subject)}"


def _render(note: dict[str, Any]) -> None:
    gone = ", taken away" if note["deleted"] else ""
    say(f"{note['subject']}, version {note['version']} by {note['author']} of {note['written_at'][:19]}{gone}")  # fmt: skip
    for field in ("owner", "purpose"):
        if note[field]:
            say(f"{field}: {note[field]}")
    for contact in note["contacts"]:
        say(f"contact: {contact}")
    tell(note["text"])
