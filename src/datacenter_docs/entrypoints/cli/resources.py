"""Resources and their facts, as they are remembered."""

from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import Json, say, server, show, table, tell

app = typer.Typer(help="What is known of the estate.", no_args_is_help=True)
facts = typer.Typer(help="Single facts, and where they come from.", no_args_is_help=True)
ResourceIdArgument = Annotated[str, typer.Argument(metavar="RESOURCE_ID")]
AtOption = Annotated[
    str | None,
    typer.Option("--at", help="As it was known then: a time with zone, 2026-03-01T12:00Z."),
]
LONGEST = 120
"""Characters of a value in a table."""


@app.command("list")
def list_resources(
    platform: Annotated[str | None, typer.Option(help="Only of this platform.")] = None,
    connection: Annotated[str | None, typer.Option(help="Only of this connection.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only of this kind.")] = None,
    name: Annotated[str | None, typer.Option(help="A part of the name, in any case.")] = None,
    parent: Annotated[str | None, typer.Option(help="Only what this resource contains.")] = None,
    vanished: Annotated[bool, typer.Option("--vanished", help="Those that are gone.")] = False,
    at: AtOption = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    cursor: Annotated[str | None, typer.Option(help="next_cursor of the page before.")] = None,
    as_json: Json = False,
) -> None:
    """Resources in the order of their ids."""
    data = server().get(
        "/resources",
        platform=platform,
        connection=connection,
        kind=kind,
        name=name,
        parent=parent,
        vanished=vanished,
        at=at,
        limit=limit,
        cursor=cursor,
    )
    columns = {
        "resource": "id",
        "name": "name",
        "confirmed": "confirmed_at",
        "gone": "vanished_at",
    }

    def render(page: dict[str, Any]) -> None:
        table("Resources", columns, page["items"])
        if page["next_cursor"]:
            say(f"More with --cursor {page['next_cursor']}")

    show(data, render, as_json=as_json)


@app.command("show")
def show_resource(
    resource_id: ResourceIdArgument, at: AtOption = None, as_json: Json = False
) -> None:
    """A resource with its facts, and what it has to do with others."""
    from datacenter_docs.entrypoints.cli.client import part

    path = f"/resources/{part(resource_id)}"
    resource = server().get(path, at=at)
    resource["relations"] = server().get(f"{path}/relations", at=at)["items"]
    show(resource, _render, as_json=as_json)


@app.command("history")
def history(
    resource_id: ResourceIdArgument,
    attribute: Annotated[str | None, typer.Option(help="Only of this attribute.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    as_json: Json = False,
) -> None:
    """What happened to a resource, newest first."""
    from datacenter_docs.entrypoints.cli.client import part

    path = f"/resources/{part(resource_id)}/history"
    data = server().get(path, attribute=attribute, limit=limit)
    show(data, _render_history, as_json=as_json)


@facts.command("show")
def show_fact(
    fact_id: Annotated[str, typer.Argument(metavar="FACT_ID")],
    payload: Annotated[
        bool, typer.Option("--payload", help="Also the raw answer that it was read from.")
    ] = False,
    as_json: Json = False,
) -> None:
    """A fact: its value, since when, and the call that read it."""
    from datacenter_docs.entrypoints.cli.client import part

    fact = server().get(f"/facts/{part(fact_id)}")
    if payload:
        fact["raw"] = server().get(f"/payloads/{fact['source']['payload_sha256']}")
    show(fact, _render_fact, as_json=as_json)


def _render(resource: dict[str, Any]) -> None:
    say(f"{resource['id']}  {resource['name']}")
    say(f"part of {resource['parent'] or 'nothing'}, first seen {resource['first_seen_at'][:19]}")
    say(f"confirmed {resource['confirmed_at'][:19]}{_doubt(resource)}")
    rows = [{**one, "value": _short(one["value"])} for one in resource["facts"]]
    columns = {"attribute": "attribute", "value": "value", "since": "since", "fact": "id"}
    table("Facts", columns, rows)
    for one in resource["relations"]:
        say(f"{one['left']} {one['words']} {one['right']}")


def _doubt(resource: dict[str, Any]) -> str:
    if resource["vanished_at"]:
        return f", gone since {resource['vanished_at'][:19]}"
    return ", not seen by the newest survey" if resource["unseen"] else ""


def _render_history(page: dict[str, Any]) -> None:
    for change in page["items"]:
        say(f"{change['at'][:19]}  survey {change['survey']}  {change['kind']}")
        for one in change["attributes"]:
            say(f"  {one['attribute']}: {_short(one['before'])} -> {_short(one['after'])}")


def _render_fact(fact: dict[str, Any]) -> None:
    source = fact["source"]
    say(f"{fact['resource_id']}  {fact['attribute']} = {_short(fact['value'])}")
    say(f"since {fact['since'][:19]}, confirmed {fact['confirmed_at'][:19]}, until {(fact['until'] or 'now')[:19]}")  # fmt: skip
    say(f"read by survey {fact['survey']} from {source['connection']}: {source['tool']} {source['arguments']}")  # fmt: skip
    say(f"at {source['observed_at'][:19]}, payload {source['payload_sha256']}")
    raw = fact.get("raw")
    if raw is not None:
        tell(raw["body"] if raw["body"] is not None else raw["gone_because"])


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
