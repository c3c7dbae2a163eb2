"""Search."""

from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import Json, say, server, show

app = typer.Typer(help="The index of the search.", no_args_is_help=True)


def add_to(main: typer.Typer) -> None:
    """`search`, and `index rebuild` beside it."""
    main.command("search")(search)
    main.add_typer(app, name="index")


def search(
    words: Annotated[list[str], typer.Argument(help="What to look for.")],
    kind: Annotated[
        list[str] | None,
        typer.Option(help="resource, document, note or ticket; may be given several times."),
    ] = None,
    platform: Annotated[str | None, typer.Option(help="Only of this platform.")] = None,
    connection: Annotated[str | None, typer.Option(help="Only of this connection.")] = None,
    resource_kind: Annotated[
        str | None, typer.Option(help="Only resources of this kind: vm, interface.")
    ] = None,
    state: Annotated[
        str | None, typer.Option(help="Of a ticket; present or gone of a resource.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 20,
    cursor: Annotated[str | None, typer.Option(help="next_cursor of the page before.")] = None,
    as_json: Json = False,
) -> None:
    """Find resources, documents, notes and tickets."""
    filters = {"kind": kind, "platform": platform, "connection": connection, "resource_kind": resource_kind, "state": state}  # fmt: skip
    found = server().get("/search", q=" ".join(words), **filters, limit=limit, cursor=cursor)
    show(found, _render, as_json=as_json)


@app.command("rebuild")
def rebuild() -> None:
    """Make the index of the search anew; until that is done, less is found."""
    server().post("/search/rebuild")
    say("The index is forgotten; a worker makes it anew.")


def _render(found: dict[str, Any]) -> None:
    if found["understood_as"]:
        say(f"Nothing is called so. Shown is: {found['understood_as']}")
    for hit in found["items"]:
        state = f"  ({hit['state']})" if hit["state"] not in (None, "present") else ""
        say(f"{hit['kind']}  {hit['title']}  {hit['id']}{state}")
        if hit["snippet"]:
            say(f"    {hit['snippet']}")
    if not found["items"]:
        say("Nothing was found.")
    if found["next_cursor"]:
        say(f"More with --cursor {found['next_cursor']}")
