"""Learned patterns."""

from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import Json, say, server, show, table

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

    def render(pattern: dict[str, Any]) -> None:
        for field, value in pattern.items():
            say(f"{field}: {', '.join(map(str, value)) if isinstance(value, list) else value}")

    show(server().get(f"/patterns/{part(pattern_id)}"), render, as_json=as_json)
