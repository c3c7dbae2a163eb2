"""Learned patterns."""

from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import As, Json, say, server, show, table

app = typer.Typer(help="Learned patterns.", no_args_is_help=True)


@app.command("list")
def list_patterns(
    category: Annotated[str | None, typer.Option(help="Only this category.")] = None,
    min_occurrences: Annotated[
        int, typer.Option(min=0, help="Only patterns seen at least so often.")
    ] = 0,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    as_json: Json = False,
) -> None:
    """Patterns with their statistics, the most frequent first."""
    columns = {
        "pattern": "pattern_id",
        "name": "name",
        "category": "category",
        "terms": "key_terms",
        "seen": "occurrence_count",
        "reliability": "avg_reliability_score",
        "eligible": "eligible_for_auto_remediation",
    }
    data = server().get(
        "/patterns", category=category, min_occurrences=min_occurrences, limit=limit
    )
    show(data, lambda page: table("Patterns", columns, page["items"]), as_json=as_json)


@app.command("show")
def show_pattern(pattern_id: Annotated[str, typer.Argument()], as_json: Json = False) -> None:
    """One pattern with all its statistics, and what it still lacks to be automated."""
    from datacenter_docs.entrypoints.cli.client import part

    show(server().get(f"/patterns/{part(pattern_id)}"), _told, as_json=as_json)


@app.command()
def rename(
    pattern_id: Annotated[str, typer.Argument()],
    actor: As,
    name: Annotated[str | None, typer.Argument(help="Without one its name is taken away.")] = None,
    as_json: Json = False,
) -> None:
    """Say what people call a pattern."""
    _change(pattern_id, "name", {"name": name, "actor": actor}, as_json=as_json)


@app.command()
def merge(
    pattern_id: Annotated[str, typer.Argument(help="It goes.")],
    into: Annotated[str, typer.Argument(help="It takes the tickets.")],
    actor: As,
    as_json: Json = False,
) -> None:
    """Make one pattern of two that are the same trouble."""
    _change(pattern_id, "merge", {"into": into, "actor": actor}, as_json=as_json)


@app.command()
def split(
    pattern_id: Annotated[str, typer.Argument()],
    ticket_ids: Annotated[list[str], typer.Argument(help="What is another trouble.")],
    actor: As,
    as_json: Json = False,
) -> None:
    """Make some tickets of a pattern a pattern of their own."""
    _change(pattern_id, "split", {"ticket_ids": ticket_ids, "actor": actor}, as_json=as_json)


@app.command()
def forbid(
    pattern_id: Annotated[str, typer.Argument()],
    actor: As,
    allow: Annotated[bool, typer.Option("--allow", help="Take the word back.")] = False,
    as_json: Json = False,
) -> None:
    """Say that a pattern must never be automated, whatever its numbers."""
    _change(pattern_id, "automation", {"forbidden": not allow, "actor": actor}, as_json=as_json)


def _change(pattern_id: str, what: str, body: dict[str, Any], *, as_json: bool) -> None:
    from datacenter_docs.entrypoints.cli.client import part

    shown = server().post(f"/patterns/{part(pattern_id)}/{what}", body)
    show(shown, _told, as_json=as_json)


def _told(pattern: dict[str, Any]) -> None:
    remedies = pattern.pop("remedies", [])
    for field, value in pattern.items():
        say(f"{field}: {', '.join(map(str, value)) if isinstance(value, list) else value}")
    for one in remedies:
        sure = "confirmed" if one["confirmed"] else "one more person has to say so"
        say(f"people say it helped: {one['text']} ({one['people']} on {one['tickets']} tickets, {sure})")  # fmt: skip
