"""The journal: verify it, on a server or offline on the files alone, and export it for those who trust neither."""

import asyncio
import contextlib
import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.entrypoints.cli import signing
from datacenter_docs.entrypoints.cli.context import Json, say, server, show

app = typer.Typer(help="The audit trail.", no_args_is_help=True)
UNVERIFIED = 6
"""Exit code when the journal does not verify."""


@app.command()
def verify(
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Verify the files of this folder offline, without a server."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Recompute the hash chain and compare it with the anchors. Exit code 6 when it does not hold."""
    report = asyncio.run(_offline(data_dir)) if data_dir else server().get("/audit/verify")
    show(report, _render, as_json=as_json)
    if not report["ok"]:
        raise typer.Exit(UNVERIFIED)


@app.command()
def export(
    output: Annotated[
        Path | None, typer.Option(help="Where to write. Default: standard output.")
    ] = None,
    ticket_id: Annotated[str | None, typer.Option(help="Only records of this ticket.")] = None,
    sign_with: Annotated[
        str | None,
        typer.Option(
            help="An Ed25519 key, PEM, as env:NAME or file:PATH: signs what was written."
        ),
    ] = None,
) -> None:
    """Write the journal as JSON lines, oldest first, each record with its hashes; for auditors, signed."""
    if sign_with is not None and output is None:
        raise Invalid("What goes to standard output cannot be signed: give --output too.")
    key = signing.private_key(sign_with) if sign_with is not None else None
    digest = sha256()
    with _opened(output) as target:
        for record in _records(ticket_id):
            line = json.dumps(record) + "\n"
            target.write(line)
            digest.update(line.encode())
    if key is not None and output is not None:
        manifest = signing.signed(output, digest.hexdigest(), key)
        say(f"{manifest} holds the hash of {output}, {manifest}.sig the signature of that.")


@app.command()
def verifier(
    output: Annotated[Path, typer.Option(help="Where to write the program.")] = Path(
        "verify_journal.py"
    ),
) -> None:
    """Write the program with which an auditor verifies a journal without this product: one file, only Python is needed."""
    source = resources.files("datacenter_docs.entrypoints.cli").joinpath("verifier.py")
    with _opened(output) as target:
        target.write(source.read_text("utf-8"))
    say(f"Run: python3 {output} journal.jsonl --anchors anchors.jsonl")


def _opened(output: Path | None) -> contextlib.AbstractContextManager[TextIO]:
    if output is None:
        return contextlib.nullcontext(sys.stdout)
    try:
        return output.open("w", encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{output} cannot be written: {error.strerror}") from error


def _records(ticket_id: str | None) -> Iterator[dict[str, Any]]:
    connection, cursor = server(), None
    while True:
        page = connection.get("/audit", ticket_id=ticket_id, cursor=cursor, limit=500)
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


async def _offline(data_dir: Path) -> dict[str, Any]:
    from datacenter_docs.bootstrap import read_settings, verify_journal

    return await verify_journal(read_settings(data_dir=data_dir))


def _render(report: dict[str, Any]) -> None:
    if report["ok"]:
        say(f"The journal holds: {report['records']} records, head {report['head_hash']}")
    else:
        where = f"record {report['bad_seq']}" if report["bad_seq"] is not None else "the end"
        say(
            f"THE JOURNAL DOES NOT HOLD at {where}: {report['reason']}. {report['records']} records before it are sound."
        )
