"""Statistics: reliability, auto-remediation, and whether scores mean what they say."""

from pathlib import Path
from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import Json, say, server, show, table

app = typer.Typer(help="Statistics.", no_args_is_help=True)
Days = Annotated[int, typer.Option(min=1, max=3_650, help="How many days back.")]


@app.command()
def reliability(days: Days = 30, as_json: Json = False) -> None:
    """Scores, confidence, resolution rate and feedback."""
    show(server().get("/stats/reliability", days=days), _render, as_json=as_json)


@app.command("auto-remediation")
def auto_remediation(days: Days = 30, as_json: Json = False) -> None:
    """Executions, successes, approvals and patterns."""
    show(server().get("/stats/auto-remediation", days=days), _render, as_json=as_json)


@app.command()
def calibration(
    svg: Annotated[
        Path | None, typer.Option(help="Also write the reliability diagram to this file.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Scores of decisions compared with what really happened."""
    report = server().get("/stats/calibration")
    if svg is not None:
        svg.write_text(server().text("/stats/calibration.svg"), encoding="utf-8")
    show(report, _calibrated, as_json=as_json)


def _render(numbers: dict[str, Any]) -> None:
    """Numbers first, then what is told of each part."""
    plain = {name: value for name, value in numbers.items() if not isinstance(value, dict)}
    for name, value in plain.items():
        told = f"{value:.3f}" if isinstance(value, float) else value
        say(f"{name:26} {'not known' if value is None else told}")
    for name, parts in numbers.items():
        if isinstance(parts, dict) and parts:
            say(f"{name}: {parts}")


def _calibrated(report: dict[str, Any]) -> None:
    say(f"{report['outcomes']} decisions whose truth is known.")
    for name in ("raw", "calibrated"):
        if report[name]:
            say(f"{name:11} Brier {report[name]['brier']:.3f}, ECE {report[name]['ece']:.3f}")
    if report["missing"]:
        say(
            f"{report['missing']} more are needed before a map from score to probability is drawn."
        )
    columns = {"from": "low", "to": "high", "decisions": "outcomes", "mean score": "mean_score", "came true": "share"}  # fmt: skip
    table("By score", columns, [one for one in report["bins"] if one["outcomes"]])
