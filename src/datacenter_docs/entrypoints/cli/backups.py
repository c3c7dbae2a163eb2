"""`backup` and `restore`: they read and write the databases themselves, so whoever may read the files may run them."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.audit import UNVERIFIED
from datacenter_docs.entrypoints.cli.context import Json, say, show
from datacenter_docs.entrypoints.cli.serving import DataDir


def add_to(app: typer.Typer) -> None:
    """Add the commands to the main application."""

    @app.command()
    def backup(
        file: Annotated[Path, typer.Argument(help="Where to write it; must not be there yet.")],
        data_dir: DataDir = None,
        demo: Annotated[
            bool, typer.Option("--demo", help="Of the simulated datacenter of `up --demo`.")
        ] = False,
        as_json: Json = False,
    ) -> None:
        """Write everything that is stored into one file, while the product runs."""
        from datacenter_docs.bootstrap import back_up, read_settings

        made = asyncio.run(back_up(read_settings(data_dir=data_dir, demo=demo or None), file))
        show(made, lambda told: _tell_made(file, told), as_json=as_json)

    @app.command()
    def restore(
        file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
        data_dir: DataDir = None,
        as_json: Json = False,
    ) -> None:
        """Bring a backup back into an empty place. The kill switch is on afterwards. Exit code 6 when its journal does not hold."""
        from datacenter_docs.bootstrap import read_settings
        from datacenter_docs.bootstrap import restore as bring_back

        told = asyncio.run(bring_back(read_settings(data_dir=data_dir), file))
        show(told, _tell_restored, as_json=as_json)
        if not told["journal"]["ok"]:
            raise typer.Exit(UNVERIFIED)


def _tell_made(file: Path, made: dict[str, Any]) -> None:
    say(f"{file} holds everything up to record {made['records']} of the journal.")
    say("It holds no secrets, and neither the estate file nor runbooks of yours: keep these too.")


def _tell_restored(told: dict[str, Any]) -> None:
    journal, made_at = told["journal"], told["backup"]["made_at"]
    if journal["ok"]:
        say(f"Restored, as it was at {made_at}. The journal holds: {journal['records']} records.")
    else:
        say(
            f"Restored, as it was at {made_at}, but THE JOURNAL DOES NOT HOLD: {journal['reason']}."
        )
    say(
        "The kill switch is on, since what was done after that is not known here. "
        "Start the product, look at what runs, then: dcdocs kill-switch off"
    )
