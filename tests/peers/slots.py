"""Numbered slots, so that labs of parallel test runs do not meet, and what an aborted run left is found and removed.

A slot is a file that names its owner's process id and start time. A slot whose owner is dead is stale. `KEPT` owns a
lab that was started by hand and lives until it is stopped by hand.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import yaml

ROOT = Path("/run/datacenter-docs-peers")
KEPT = "kept"
SLOTS = range(1, 200)


class PeerMissingError(Exception):
    """The peer cannot run here; the message names what is missing."""


def run(*argv: str, stdin: str | None = None, check: bool = True) -> str:
    """Run a command on this machine; its output. Raises `CalledProcessError` with stderr shown in its notes."""
    done = subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=60)
    if check and done.returncode != 0:
        error = subprocess.CalledProcessError(done.returncode, argv, done.stdout, done.stderr)
        error.add_note(done.stderr.strip())
        raise error
    return done.stdout


def need(packages: Sequence[str]) -> None:
    """Install Debian packages that are missing. Raises `PeerMissingError` when that is not possible here."""
    if os.geteuid() != 0:
        raise PeerMissingError("this peer needs root")
    missing = [name for name in packages if not _installed(name)]
    if not missing:
        return
    try:
        ROOT.mkdir(parents=True, exist_ok=True)
        with (ROOT / "apt.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            subprocess.run(
                ["apt-get", "install", "-y", "--no-install-recommends", *missing],
                check=True, capture_output=True, timeout=300,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise PeerMissingError(
            f"Debian packages could not be installed: {', '.join(missing)}"
        ) from error


def _installed(package: str) -> bool:
    try:
        return "ok installed" in run("dpkg-query", "-W", "-f=${Status}", package, check=False)
    except OSError:
        return False


def me() -> str:
    """This process as an owner: process id and start time, so that a reused id is not taken for it."""
    owner = owner_of(os.getpid())
    if owner is None:
        raise PeerMissingError("/proc is not mounted")
    return owner


def owner_of(pid: int) -> str | None:
    """A process as an owner; None: there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return f"{pid}:{stat.rpartition(')')[2].split()[19]}"


def _dead(owner: str) -> bool:
    return owner != KEPT and owner_of(int(owner.partition(":")[0])) != owner


@contextmanager
def _locked(kind: str) -> Iterator[Path]:
    folder = ROOT / kind
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def take(kind: str, owner: str, clean: Callable[[int], None]) -> int:
    """Take a free slot; what dead owners left of this kind is cleaned up first."""
    with _locked(kind) as folder:
        for file in folder.glob("*.slot"):
            if _dead(file.read_text()):
                clean(int(file.stem))
                file.unlink()
        for slot in SLOTS:
            file = folder / f"{slot}.slot"
            if not file.exists():
                file.write_text(owner)
                return slot
    raise PeerMissingError(f"all slots for {kind} are taken, see {ROOT}")


def give_back(kind: str, slot: int) -> None:
    """Free a slot; the peer in it is gone already."""
    with _locked(kind) as folder:
        (folder / f"{slot}.slot").unlink(missing_ok=True)


def kept(kind: str) -> list[int]:
    """The slots of labs that were started by hand."""
    with _locked(kind) as folder:
        return sorted(int(f.stem) for f in folder.glob("*.slot") if f.read_text() == KEPT)


def show_estate(name: str, platform: str, settings: object) -> None:
    """Print an estate file with one connection, as `datacenter.yaml` holds it."""
    connection = {"name": name, "platform": platform, "server": "builtin", "allow_writes": True,
                  "settings": settings}  # fmt: skip
    sys.stdout.write(yaml.safe_dump({"connections": [connection]}, sort_keys=False))
