"""`runbook`: what the resolver knows, and a try of one's own before it is used. Needs no server."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import Json, say, show, table

app = typer.Typer(help="What the resolver knows.", no_args_is_help=True)
Estate = Annotated[
    Path | None, typer.Option("--estate", help="The estate file, for --live. Default: as `up`.")
]


@app.command("list")
def list_runbooks(as_json: Json = False) -> None:
    """All runbooks: those that ship, and those of DATACENTER_DOCS_RUNBOOKS_DIR."""
    columns = {
        "runbook": "name",
        "looks at": "looks_at",
        "suggests": "suggests",
        "cause": "summary",
    }
    rows = [
        {
            "name": book.name,
            "looks_at": f"{book.platform} {book.target_kind}",
            "suggests": book.suggests.operation if book.suggests else None,
            "summary": book.summary,
        }
        for book in _library()
    ]
    show(rows, lambda found: table("Runbooks", columns, found), as_json=as_json)


@app.command("show")
def show_runbook(
    name: Annotated[str, typer.Argument(help="Its name; `runbook list` shows all.")],
    as_json: Json = False,
) -> None:
    """One runbook, as it is understood."""
    from datacenter_docs.domain.errors import NotFound

    book = next((one for one in _library() if one.name == name), None)
    if book is None:
        raise NotFound(f"There is no runbook {name!r}. `dcdocs runbook list` shows all.")
    show(book.model_dump(mode="json", exclude_defaults=True), _fields, as_json=as_json)


@app.command("test")
def try_runbook(
    file: Annotated[Path, typer.Argument(help="A YAML file with one runbook.")],
    live: Annotated[
        str | None,
        typer.Option(help="A ticket's text: ask your own estate instead of the demo. Only reads."),
    ] = None,
    category: Annotated[str, typer.Option(help="The ticket's category, for --live.")] = "general",
    estate: Estate = None,
    as_json: Json = False,
) -> None:
    """Check a runbook, and try it without doing anything: on all troubles of the demo, or with --live on your own estate."""
    from datacenter_docs.bootstrap import read_runbook
    from datacenter_docs.entrypoints.demo.trying import tried

    book = read_runbook(file)
    if live is not None:
        show(asyncio.run(_live(book, live, category, estate)), _fields, as_json=as_json)
        return
    rows = asyncio.run(tried(book, _library()))
    columns = {
        "fault": "fault",
        "ticket": "ticket",
        "by words": "considered",
        "answer": "answer",
        "plan": "plan",
        "confidence": "confidence",
    }
    show(rows, lambda found: table(f"{book.name} on the demo", columns, found), as_json=as_json)


def _library() -> Any:
    from datacenter_docs.bootstrap import all_runbooks, read_settings

    return all_runbooks(read_settings().runbooks_dir)


async def _live(book: Any, text: str, category: str, estate: Path | None) -> dict[str, Any]:
    from datacenter_docs.bootstrap import open_resolver, read_settings
    from datacenter_docs.domain import runbooks
    from datacenter_docs.domain.tickets import TicketRequest

    settings = read_settings(estate_file=estate) if estate else read_settings()
    books = [*(one for one in _library() if one.name != book.name), book]
    request = TicketRequest(ticket_id="dry-run", description=text, category=category)
    async with open_resolver(settings, books) as resolver:
        diagnosis = await resolver.resolve(request)
    return {
        "considered": runbooks.triggered(book, text, category),
        "diagnosis": diagnosis.model_dump(mode="json"),
    }


def _fields(found: dict[str, Any]) -> None:
    for name, value in found.items():
        if isinstance(value, dict):
            say(f"{name}:")
            for inner, part in value.items():
                say(f"  {inner}: {part}")
        else:
            say(f"{name}: {value}")
