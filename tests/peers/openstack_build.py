"""Makes the empty databases of an OpenStack once, into the user's cache folder: their migrations take most of a start.

`python -m tests.peers.openstack_build` makes what is missing, or says why it cannot; the tests then skip.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.peers import openstack_config, slots
from tests.peers.openstack_config import DATABASES, Place
from tests.peers.slots import PeerMissingError, run

PACKAGES = (
    "keystone", "nova-api", "nova-conductor", "nova-scheduler", "nova-compute", "placement-api",
    "glance-api", "neutron-server", "cinder-api", "cinder-scheduler", "cinder-volume", "rabbitmq-server", "mariadb-server", "python3-pymysql",
    "uwsgi-core", "uwsgi-plugin-python3",
)  # fmt: skip
SYNC_SECONDS = 400
DATABASE_SECONDS = 60


def cache() -> Path:
    """Where what takes long to make is kept; other versions have other databases."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    asked = ("nova-api", "cinder-api")
    versions = run("dpkg-query", "-W", "-f=_${Version}", *asked, check=False).replace(":", "-")
    return Path(base) / "datacenter-docs" / f"openstack{versions}"


def need() -> None:
    """Raises `PeerMissingError` when programs are missing here; `make test-peers` installs them."""
    if os.geteuid() != 0:
        raise PeerMissingError("this peer needs root")
    asked = run("dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\n", *PACKAGES, check=False)
    there = {line.split()[0] for line in asked.splitlines() if line.endswith(" installed")}
    if missing := sorted(set(PACKAGES) - there):
        raise PeerMissingError(f"Debian packages are missing: {', '.join(missing)}")


def databases() -> Path:
    """The archive of the database's folder. Raises `PeerMissingError` when it was not made yet."""
    need()
    archive = cache() / "databases.tar"
    if not archive.exists():
        raise PeerMissingError("the databases are not made: python -m tests.peers.openstack_build")
    return archive


def build() -> Path:
    """Make the archive unless it is there."""
    slots.need(PACKAGES)
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        archive = cache() / "databases.tar"
        if not archive.exists():
            _build(archive)
    return archive


def daemon(place: Place) -> Sequence[str]:
    """How the database is started: reached by its socket only, and careless with what is on the disk."""
    return (
        "mariadbd", "--no-defaults", "--user=root", f"--datadir={place.folder / 'mysql'}",
        f"--socket={place.socket}", "--skip-networking", f"--pid-file={place.folder / 'mysql/daemon.pid'}",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=16M", "--skip-log-bin",
    )  # fmt: skip


def sql(place: Place, text: str) -> str:
    """Run SQL as root; what it prints, without headings."""
    return run("mariadb", "--no-defaults", f"--socket={place.socket}", "-u", "root", "-N", "-B", "-e", text)  # fmt: skip


def until_it_answers(place: Place) -> None:
    """Wait for the database. Fails after a minute."""
    deadline = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            sql(place, "select 1")
        except subprocess.CalledProcessError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _build(archive: Path) -> None:
    place = Place(cache() / "building", 0)
    shutil.rmtree(place.folder, ignore_errors=True)
    openstack_config.write(place)
    run("mariadb-install-db", "--no-defaults", "--user=root", f"--datadir={place.folder / 'mysql'}",
        "--auth-root-authentication-method=normal", "--skip-test-db")  # fmt: skip
    with (place.folder / "mysql.log").open("w") as log:
        database = subprocess.Popen(daemon(place), stdout=log, stderr=log)
    try:
        until_it_answers(place)
        sql(place, "".join(f"create database {name} character set utf8;" for name in DATABASES))
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda argv: _sync(place, argv), _migrations(place)))
    finally:
        database.terminate()
        database.wait(timeout=DATABASE_SECONDS)
    made = archive.with_suffix(".new")
    with tarfile.open(made, "w") as tar:
        tar.add(place.folder / "mysql", "mysql")
    made.replace(archive)
    shutil.rmtree(place.folder)


def _migrations(place: Place) -> Sequence[Sequence[str]]:
    """The commands that make the tables, the longest first."""
    folder = place.folder
    nova = f"--config-file={folder / 'nova.conf'}"
    cell0 = folder / "cell0.conf"
    cell0.write_text(f"[database]\nconnection = {place.database('nova_cell0')}\n")
    return (
        ("neutron-db-manage", f"--config-file={folder / 'neutron.conf'}", "upgrade", "head"),
        ("nova-manage", nova, "db", "sync", "--local_cell"),
        ("nova-manage", nova, f"--config-file={cell0}", "db", "sync", "--local_cell"),
        ("glance-manage", f"--config-file={folder / 'glance.conf'}", "db_sync"),
        ("keystone-manage", "--config-file", str(folder / "keystone/keystone.conf"), "db_sync"),
        ("nova-manage", nova, "api_db", "sync"),
        ("cinder-manage", "--config-file", str(folder / "cinder.conf"), "db", "sync"),
        ("placement-manage", f"--config-dir={folder / 'placement'}", "db", "sync"),
    )


def _sync(place: Place, argv: Sequence[str]) -> None:
    log = place.folder / f"{argv[0]}.log"
    with log.open("a") as out:
        done = subprocess.run(argv, stdout=out, stderr=out, timeout=SYNC_SECONDS, check=False)
    if done.returncode != 0:
        raise PeerMissingError(f"{argv[0]} failed: {log.read_text()[-500:]}")


if __name__ == "__main__":
    try:
        build()
    except PeerMissingError as error:
        sys.exit(str(error))
