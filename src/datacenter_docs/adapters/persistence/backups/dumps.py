"""One moment of a PostgreSQL database, by the server's own tools: `pg_dump` reads a snapshot, `pg_restore` brings it back.

Writers are kept out for as long as it takes to make the snapshot. The workflows are in the same database.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import URL, inspect, make_url, text

from datacenter_docs.adapters.persistence import chain
from datacenter_docs.adapters.persistence.backups.snapshots import Head
from datacenter_docs.adapters.persistence.engine import reading_engine, writing_engine
from datacenter_docs.adapters.persistence.failures import translating
from datacenter_docs.domain.errors import NotFound, Refused, Unavailable, Unsupported

DUMP = "database.dump"


def dump(url: str, anchors: Path, folder: Path) -> Head:
    """Write the dump, and the anchors where there are any, into a folder. Raises `NotFound` for a database without a journal,
    `Unsupported` without `pg_dump`, `Unavailable` when either does not answer.
    """
    program = _program("pg_dump")
    writing, reading = writing_engine(url), reading_engine(url, 1)
    try:
        with translating(), reading.connect() as reader:
            if not inspect(reader).has_table("journal"):
                raise NotFound("There is nothing to back up: this database has no journal.")
            reader.rollback()
            with writing.begin():
                reader.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
                snapshot = reader.scalar(text("SELECT pg_export_snapshot()"))
                if anchors.is_file():
                    (folder / anchors.name).write_bytes(anchors.read_bytes())
            _run(
                url,
                program,
                "--format=custom",
                "--no-owner",
                f"--snapshot={snapshot}",
                f"--file={folder / DUMP}",
            )
            return Head(*chain.head(reader))
    finally:
        writing.dispose()
        reading.dispose()


def refuse_unless_empty(url: str) -> None:
    """Raises `Refused` for a database that holds the product's tables already."""
    engine = reading_engine(url, 1)
    try:
        with translating(), engine.connect() as connection:
            if inspect(connection).has_table("journal"):
                raise Refused(
                    "This database holds data already. Make an empty one and name that in "
                    "DATACENTER_DOCS_DATABASE_URL."
                )
    finally:
        engine.dispose()


def bring_back(url: str, file: Path) -> None:
    """Fill an empty database from a dump: all of it or nothing. Raises `Unsupported` without `pg_restore`."""
    _run(
        url,
        _program("pg_restore"),
        "--no-owner",
        "--single-transaction",
        "--exit-on-error",
        str(file),
    )


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Unsupported(
            f"{name} is not installed here: install the client of PostgreSQL (Debian: postgresql-client)."
        )
    return found


def _run(url: str, program: str, *arguments: str) -> None:
    """The password goes by a file: arguments can be read by everybody on the machine."""
    parsed = make_url(url)
    with tempfile.TemporaryDirectory(prefix="datacenter-docs-") as folder:
        passfile = Path(folder) / "pgpass"
        if parsed.password:
            with os.fdopen(os.open(passfile, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
                file.write(f"*:*:*:*:{_escaped(str(parsed.password))}\n")
        named = {"passfile": str(passfile)} if parsed.password else {}
        place = URL.create(
            "postgresql",
            username=parsed.username,
            host=parsed.host,
            port=parsed.port,
            database=parsed.database,
            query={**parsed.query, **named},
        )
        ran = subprocess.run(  # noqa: S603 - a program of PostgreSQL, without a shell
            [program, f"--dbname={place.render_as_string()}", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
    if ran.returncode:
        said = ran.stderr.strip().splitlines() or ["without a word"]
        raise Unavailable(f"{Path(program).name} failed: {said[-1]}")


def _escaped(password: str) -> str:
    return password.replace("\\", "\\\\").replace(":", "\\:")
