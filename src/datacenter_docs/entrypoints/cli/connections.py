"""Connections: list and test them."""

from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import Json, say, server, show, table

app = typer.Typer(help="Connections to the estate.", no_args_is_help=True)


@app.command("list")
def list_connections(as_json: Json = False) -> None:
    """The configured connections."""
    columns = {
        "connection": "name",
        "platform": "platform",
        "transport": "transport",
        "writes": "allow_writes",
        "server": "server",
    }
    show(
        server().get("/connections"),
        lambda page: table("Connections", columns, page["items"]),
        as_json=as_json,
    )


@app.command("test")
def probe(name: Annotated[str, typer.Argument()], as_json: Json = False) -> None:
    """Connect, list the tools, ask for health. Exit code 1 when it does not answer."""
    from datacenter_docs.entrypoints.cli.client import part

    report = server().post(f"/connections/{part(name)}/test")
    show(report, _render, as_json=as_json)
    if not report["ok"]:
        raise typer.Exit(1)


def _render(report: dict[str, Any]) -> None:
    if not report["ok"]:
        say(f"{report['name']}: does not answer: {report['error']}")
        return
    health = report["health"]
    say(
        f"{report['name']}: {health['status']} {'; '.join(health['reasons'])} ({report['milliseconds']} ms)"
    )
    say(f"  tools: {', '.join(report['tools'])}")
    for operation, usable in report["operations"].items():
        say(
            f"  {operation}: {'can be done' if usable else 'not here (read-only, or not supported)'}"
        )
