"""`demo`: the simulated datacenter: start it, break something in it, ask whether it is whole again."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import PLACE, Json, say, show, table
from datacenter_docs.entrypoints.cli.serving import SEED, SIZE, Host, Port, serve_product

app = typer.Typer(help="The simulated datacenter.", no_args_is_help=True)
Where = Annotated[
    Path | None, typer.Option("--data-dir", help="The demo's folder. Default: ./var/demo")
]


@app.command()
def start(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data_dir: Where = None,
    seed: Annotated[int, typer.Option(help="Which world; only when it is made.")] = SEED,
    size: Annotated[
        int,
        typer.Option(min=1, max=100_000, help="About so many resources; only when it is made."),
    ] = SIZE,
) -> None:
    """The product on the simulated datacenter, as `up --demo`. The first start makes it, with six months of history."""
    asyncio.run(
        serve_product(host, port, data_dir, None, works=True, demo=True, seed=seed, size=size)
    )


@app.command("break")
def break_it(
    name: Annotated[str, typer.Argument(help="The fault; `demo list` shows all.")],
    on: Annotated[
        str | None, typer.Option(help="Name of what it befalls; each has its usual one.")
    ] = None,
    data_dir: Where = None,
    as_json: Json = False,
) -> None:
    """Let a fault happen, and print the ticket that somebody may write about it."""
    from datacenter_docs.entrypoints.demo.breaking import broken

    show(broken(_world(data_dir), name, on, PLACE.url), _render, as_json=as_json)


@app.command()
def heal(
    name: Annotated[str | None, typer.Argument(help="The fault. Default: all of them.")] = None,
    data_dir: Where = None,
    as_json: Json = False,
) -> None:
    """Take a fault away, as if it had never been."""
    from datacenter_docs.entrypoints.demo.breaking import healed

    columns = {"fault": "name", "target": "target"}
    show(
        healed(_world(data_dir), name),
        lambda rows: table("Healed", columns, rows),
        as_json=as_json,
    )


@app.command("list")
def list_faults(as_json: Json = False) -> None:
    """What can be broken."""
    from datacenter_docs.entrypoints.demo.breaking import listed

    columns = {
        "fault": "name",
        "platform": "platform",
        "befalls": "befalls",
        "what": "summary",
        "cure": "cure",
    }
    show(listed(), lambda rows: table("Faults", columns, rows), as_json=as_json)


@app.command()
def status(data_dir: Where = None, as_json: Json = False) -> None:
    """What was broken, and what the oracle says about it now."""
    from datacenter_docs.entrypoints.demo.breaking import standing

    columns = {
        "fault": "name",
        "on": "target",
        "broken": "injected",
        "healed": "healed",
        "worse": "made_worse",
    }
    show(standing(_world(data_dir)), lambda rows: table("Faults", columns, rows), as_json=as_json)


def _world(data_dir: Path | None) -> Path:
    """The file of the world."""
    from datacenter_docs.bootstrap import read_settings

    return read_settings(data_dir=data_dir, demo=True).world_file


def _render(told: dict[str, Any]) -> None:
    say(f"Broken: {told['target']}. {told['summary']}")
    say()
    say("Write the ticket:")
    say(f"  {told['command']}")
    say("or")
    say(f"  {told['curl']}")
    say()
    say(
        f"Then: dcdocs ticket show {told['ticket']['ticket_id']}, dcdocs approve, dcdocs demo status"
    )
