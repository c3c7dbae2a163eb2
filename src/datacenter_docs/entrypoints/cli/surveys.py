"""Surveys: begin one and watch it, list them, say that what is missing is gone."""

from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import As, Json, json_line, say, server, show, table

app = typer.Typer(help="Surveys of the estate.", invoke_without_command=True)
COLUMNS = {
    "connection": "connection",
    "state": "state",
    "seen": "seen",
    "new": "appeared",
    "changed": "changed",
    "back": "returned",
    "gone": "vanished",
    "unseen": "unseen",
    "missing": "missing",
}


@app.callback()
def survey(
    context: typer.Context,
    requester: As,
    connection: Annotated[
        list[str] | None, typer.Option(help="Only this connection; may be given again.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Follow it to its end.")] = False,
    as_json: Json = False,
) -> None:
    """Begin a survey of the estate; one that runs already is followed instead."""
    if context.invoked_subcommand is not None:
        return
    body = {"connections": connection or [], "requester": requester}
    begun = server().post("/surveys", body)
    if watch:
        _follow(begun, as_json=as_json)
        return
    show(begun, _begun, as_json=as_json)


@app.command("list")
def list_surveys(
    limit: Annotated[int, typer.Option(min=1, max=500)] = 20, as_json: Json = False
) -> None:
    """Surveys, newest first."""
    columns = {
        "survey": "number",
        "state": "state",
        "started": "started_at",
        "finished": "finished_at",
        "by": "requested_by",
        "trouble": "trouble",
    }

    def render(page: dict[str, Any]) -> None:
        rows = [{**one, "trouble": _trouble(one)} for one in page["items"]]
        table("Surveys", columns, rows)

    show(server().get("/surveys", limit=limit), render, as_json=as_json)


@app.command("show")
def show_survey(number: Annotated[int, typer.Argument(min=1)], as_json: Json = False) -> None:
    """A survey, with what it covered and what it did not."""
    show(server().get(f"/surveys/{number}"), _render, as_json=as_json)


@app.command("accept")
def accept(connection: Annotated[str, typer.Argument()], actor: As, as_json: Json = False) -> None:
    """Say that what a suspicious reading of a connection did not show is really gone."""
    from datacenter_docs.entrypoints.cli.client import part

    answer = server().post(f"/connections/{part(connection)}/accept-vanished", {"actor": actor})
    show(
        answer,
        lambda told: say(f"{told['connection']}: {told['vanished']} resources are gone."),
        as_json=as_json,
    )


def _follow(begun: dict[str, Any], *, as_json: bool) -> None:
    """Each connection as it is done; for people under a bar, where there is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    console = Console(stderr=True)
    bar = Progress(BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console, transient=True, disable=as_json or not console.is_terminal)  # fmt: skip
    with bar:
        task = bar.add_task("connections", total=len(begun["connections"]))
        for event, data in server().events(f"/surveys/{begun['number']}/events"):
            if as_json:
                json_line({"event": event, **data})
            elif event == "covered":
                bar.advance(task)
            else:
                bar.stop()
                _render(data)


def _begun(survey: dict[str, Any]) -> None:
    names = ", ".join(survey["connections"])
    say(f"Survey {survey['number']} reads {names}. See it with `dcdocs survey show {survey['number']}`.")  # fmt: skip


def _render(survey: dict[str, Any]) -> None:
    say(f"survey {survey['number']}  {survey['state']}  by {survey['requested_by']}")
    say(
        f"started {survey['started_at'][:19]}, finished {(survey['finished_at'] or 'not yet')[:19]}"
    )
    rows = [
        {**one, **one["counts"], "missing": [gap["part"] or "all of it" for gap in one["gaps"]]}
        for one in survey["coverage"]
    ]
    table("Coverage", COLUMNS, rows)
    for one in survey["coverage"]:
        _render_trouble(one)


def _render_trouble(coverage: dict[str, Any]) -> None:
    name = coverage["connection"]
    for gap in coverage["gaps"]:
        say(f"{name}: {gap['part'] or 'all of it'} was not read: {gap['reason']}")
    for one in coverage["suspicions"]:
        say(f"{name}: of {one['before']} {one['kind']}s {one['seen']} are left. Nothing is taken for gone until you say so: `dcdocs survey accept {name}`.")  # fmt: skip
    for one in coverage["oddities"]:
        say(f"{name}: {one['subject']}: {one['what']}")
    if coverage["oddities_left_out"]:
        say(f"{name}: and {coverage['oddities_left_out']} more oddities")


def _trouble(survey: dict[str, Any]) -> list[str]:
    """What was not read completely."""
    return [
        f"{one['connection']} {one['state']}"
        for one in survey["coverage"]
        if one["state"] != "complete"
    ]
