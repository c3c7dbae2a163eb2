"""`generate`: the documentation as files.

It reads the product's database itself, beside a running server or without one: over the API, ten thousand pages would be
ten thousand requests, and the server would be busy with nothing else.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import Json, say, show
from datacenter_docs.entrypoints.cli.serving import DataDir, Estate
from datacenter_docs.ports.publishing import Format, Progress


def add_to(app: typer.Typer) -> None:
    """Add the command to the main application."""

    @app.command()
    def generate(
        out: Annotated[
            Path,
            typer.Option(
                help="The folder to write to. With several formats each gets a folder in it."
            ),
        ],
        format: Annotated[
            list[Format] | None, typer.Option(help="What to make; may be given again.")
        ] = None,
        git: Annotated[
            bool,
            typer.Option(
                "--git", help="Commit the Markdown; the message says what changed since the last."
            ),
        ] = False,
        data_dir: DataDir = None,
        estate: Estate = None,
        demo: Annotated[
            bool, typer.Option("--demo", help="Of the simulated datacenter of `up --demo`.")
        ] = False,
        as_json: Json = False,
    ) -> None:
        """The documentation as files: a site to read without a server, Markdown, a PDF, or the inventory."""
        formats = list(dict.fromkeys(format or [Format.SITE]))
        made = asyncio.run(_generate(out, formats, data_dir, estate, demo=demo, git=git))
        show({"items": made}, lambda page: _tell(page["items"]), as_json=as_json)


async def _generate(
    out: Path,
    formats: list[Format],
    data_dir: Path | None,
    estate: Path | None,
    *,
    demo: bool,
    git: bool,
) -> list[dict[str, Any]]:
    from datacenter_docs.bootstrap import open_house, read_settings, settle_memory

    settings = read_settings(data_dir=data_dir, estate_file=estate, demo=demo or None)
    made = []
    async with open_house(settings, works=False) as house:
        settle_memory()
        for format in formats:
            folder = out / format.value if len(formats) > 1 else out
            with _bar(format.value) as progress:
                pressed = await house.publishing.publish(format, folder, progress, commits=git)
            made.append({"format": format.value, "folder": str(folder), **asdict(pressed)})
    return made


def _tell(made: list[dict[str, Any]]) -> None:
    for one in made:
        say(
            f"{one['format']}: {one['written']} files written, {one['kept']} as before, "
            f"{one['removed']} removed, in {one['folder']}. {one['note']}".rstrip()
        )


@contextmanager
def _bar(title: str) -> Iterator[Progress]:
    """A progress bar, where a person looks on."""
    from rich.console import Console
    from rich.progress import (  # fmt: skip
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:  # fmt: skip
        task = bar.add_task(title, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
