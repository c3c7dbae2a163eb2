"""A private PostgreSQL server, from Debian's own binaries, on a unix socket in a folder of its own; no port is opened.

It runs as the user `postgres` when the tests run as root (the server refuses root) and is stopped by its process id.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine

from datacenter_docs.adapters.persistence.database import migrate

SERVER_USER = "postgres"
INSTALL_TIMEOUT_SECONDS = 300
TEMPLATE = "migrated"


@dataclass(frozen=True)
class PostgresServer:
    """A running server. Everybody who reaches its socket is let in."""

    folder: Path
    numbers: "count[int]"

    def url(self, name: str) -> str:
        return f"postgresql://{SERVER_USER}@/{name}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction, on the maintenance database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def new_database(self, template: str = "template0") -> str:
        """Create a database and return its name."""
        name = f"test_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server for the whole session, with a template database that has the schema."""
    binaries = find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="dcdocs-pg-"))
    try:
        with running_server(binaries, folder) as server:
            server.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
            engine = create_engine(
                server.url(TEMPLATE).replace("postgresql:", "postgresql+psycopg:"),
                poolclass=NullPool,
            )
            migrate(engine)
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A fresh database with the schema, dropped afterwards."""
    name = postgres.new_database(TEMPLATE)
    yield postgres.url(name)
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A fresh database without any table, dropped afterwards."""
    name = postgres.new_database()
    yield postgres.url(name)
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


def find_binaries() -> Path:
    """The folder with `initdb` and `pg_ctl`; installs the Debian package when it is missing, or skips with the reason."""
    if not _installed() and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(
            ["apt-get", "install", "-y", "--no-install-recommends", "postgresql"],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            capture_output=True,
            check=False,
            timeout=INSTALL_TIMEOUT_SECONDS,
        )
    if not _installed():
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    return _installed()[-1]


def _installed() -> list[Path]:
    return sorted(path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@contextmanager
def running_server(binaries: Path, folder: Path) -> Iterator[PostgresServer]:
    """Make a cluster in `folder`, start it, wait until it answers; stop it at the end."""
    user = SERVER_USER if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user, user)
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [binaries / program, "-D", data, *arguments],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    run("initdb", "-U", SERVER_USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}'"
    run("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", options)
    try:
        yield PostgresServer(folder, count(1))
    finally:
        run("pg_ctl", "stop", "-w", "-m", "fast")
