"""Policies: list, show, apply from a file."""

from pathlib import Path
from typing import Annotated, Any

import typer

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.entrypoints.cli.context import As, Json, say, server, show, table
from datacenter_docs.entrypoints.cli.tickets import read_file

app = typer.Typer(help="The owner's rules.", no_args_is_help=True)


@app.command("list")
def list_policies(as_json: Json = False) -> None:
    """The current policies."""

    def render(page: dict[str, Any]) -> None:
        rows = [{**item["policy"], "version": item["version"]} for item in page["items"]]
        columns = {
            "policy": "name",
            "category": "category",
            "version": "version",
            "enabled": "enabled",
            "min reliability": "min_reliability_score",
            "auto-approve at": "auto_approve_threshold",
            "systems": "allowed_systems",
        }
        table("Policies", columns, rows)

    show(server().get("/policies"), render, as_json=as_json)


@app.command("show")
def show_policy(
    name: Annotated[str, typer.Argument()],
    version: Annotated[int | None, typer.Option()] = None,
    as_json: Json = False,
) -> None:
    """One policy with all its fields."""

    def render(shown: dict[str, Any]) -> None:
        say(
            f"{shown['name']}, version {shown['version']} by {shown['author']} of {shown['changed_at'][:19]}"
        )
        for field, value in shown["policy"].items():
            say(f"  {field}: {value}")

    show(server().get(_path(name), version=version), render, as_json=as_json)


@app.command()
def apply(
    file: Annotated[Path, typer.Argument(help="A YAML file: one policy, or a list of them.")],
    author: As,
    as_json: Json = False,
) -> None:
    """Store policies from a file; the same content again changes nothing."""
    from datacenter_docs.bootstrap import BrokenYamlError, read_yaml

    try:
        _, data = read_yaml(read_file(file))
    except BrokenYamlError as error:
        raise Invalid(f"{file}:{error.line}: {error}") from error
    wanted = data if isinstance(data, list) else [data]
    if not all(
        isinstance(policy, dict) and isinstance(policy.get("name"), str) for policy in wanted
    ):
        raise Invalid(f"{file}: each policy is a mapping with at least `name` and `category`.")
    stored = [server().put(_path(policy["name"]), policy, author=author) for policy in wanted]

    def render(versions: list[dict[str, Any]]) -> None:
        for version in versions:
            say(f"{version['name']}: version {version['version']}")

    show(stored, render, as_json=as_json)


def _path(name: str) -> str:
    from datacenter_docs.entrypoints.cli.client import part

    return f"/policies/{part(name)}"
