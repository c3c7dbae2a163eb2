"""The documentation."""

import re
import sys
from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import Json, say, server, show, table

NOT_FRESH = 7
"""Exit code of `docs check` where a document is not fresh, for cron and CI."""

_LINK = re.compile(r"\[((?:\\.|[^\]\\])*)\]\([^)\s]+\)")
"""A value and its proof, as documents write them: a bracket in the value is escaped, a space in the proof encoded."""

app = typer.Typer(help="The documentation.", no_args_is_help=True)
At = Annotated[
    str | None,
    typer.Option(help="As it was at this time: ISO 8601 with zone, like 2026-01-31T12:00Z."),
]


@app.command("list")
def list_documents(as_json: Json = False) -> None:
    """What there is to read, and how fresh it is."""
    show(server().get("/documents"), lambda page: _listed(page["items"]), as_json=as_json)


@app.command("show")
def show_document(
    document_id: Annotated[
        str, typer.Argument(help="Its id; the page of a resource is resource/<its id>.")
    ],
    at: At = None,
    links: Annotated[bool, typer.Option(help="Keep the links to what proves each value.")] = False,
    as_json: Json = False,
) -> None:
    """One document as Markdown, as it is or as it was; without its links, unless `--links` asks for them."""
    from datacenter_docs.entrypoints.cli.client import path

    def render(document: dict[str, Any]) -> None:
        freshness = document["freshness"]
        say(f"{freshness['state']}. {' '.join(freshness['reasons'])}".rstrip())
        for line in document["markdown"].splitlines():
            say(line if links else _LINK.sub(r"\1", line))

    show(server().get(f"/documents/{path(document_id)}", at=at), render, as_json=as_json)


@app.command("check")
def check_documents(as_json: Json = False) -> None:
    """Are all documents as fresh as promised? Exit code 7 when one is not."""
    items = server().get("/documents")["items"]
    bad = [item for item in items if item["freshness"]["state"] != "fresh"]
    show({"items": bad}, lambda page: _checked(page["items"], len(items)), as_json=as_json)
    if bad or not items:
        sys.exit(NOT_FRESH)


@app.command("diff")
def diff(
    since: Annotated[str, typer.Option("--from", help="How it was at this time.")],
    until: Annotated[
        str | None, typer.Option("--to", help="And how it was at this time; none: as it is now.")
    ] = None,
    platform: Annotated[str | None, typer.Option(help="Only of this platform.")] = None,
    resource: Annotated[str | None, typer.Option(help="Only of this resource.")] = None,
    as_json: Json = False,
) -> None:
    """What is different between two times, with the facts and the tickets behind it."""

    def render(found: dict[str, Any]) -> None:
        for line in found["markdown"].splitlines():
            say(line)

    query = {"since": since, "until": until, "platform": platform, "resource_id": resource}
    show(server().get("/changes/diff", **query), render, as_json=as_json)


def _checked(bad: list[dict[str, Any]], total: int) -> None:
    if bad:
        _listed(bad)
    else:
        say(f"{total} documents, all fresh." if total else "There are no documents yet.")


def _listed(items: list[dict[str, Any]]) -> None:
    rows = [{**item, **item["freshness"]} for item in items]
    columns = {
        "document": "id",
        "title": "title",
        "state": "state",
        "read at": "read_at",
        "why": "reasons",
    }
    table("Documents", columns, rows)
