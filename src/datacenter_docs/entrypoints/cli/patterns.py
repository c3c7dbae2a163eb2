"""Learned patterns."""

from typing import Annotated

import typer

from datacenter_docs.entrypoints.cli.context import Json, server, show, table

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
        "positive": "positive_feedback_rate",
        "reliability": "avg_reliability_score",
        "executions": "auto_remediation_count",
        "success": "auto_remediation_success_rate",
        "eligible": "eligible_for_auto_remediation",
        "missing": "missing_for_eligibility",
    }
    data = server().get(
        "/patterns", category=category, min_occurrences=min_occurrences, limit=limit
    )
    show(data, lambda page: table("Patterns", columns, page["items"]), as_json=as_json)
