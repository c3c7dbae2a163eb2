"""A real one-node Ceph (a monitor, a manager, two OSDs on files) on 127.0.0.1, with RBD pools.

Accounts: `admin` is the oracle's; `reader` and `operator` have the room's own capabilities.

By hand: `python -m tests.peers.ceph start` prints an estate file; `... stop` ends all that were started by hand.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.peers import ceph_config, slots
from tests.peers.slots import run

KIND = "ceph"
PACKAGES = ("ceph-mon", "ceph-mgr", "ceph-osd", "ceph-common", "python3-rbd", "faketime")
PYTHON = "/usr/bin/python3"
START_SECONDS = 90.0
MIB = 1024 * 1024
OSDS = ("0", "1")
ORDER = ("mgr.x", *(f"osd.{number}" for number in OSDS), "mon.a")
"""Every daemon, in the order in which they are ended."""
POOL = "rbd"
ROOM = Path(__file__).parents[2] / "src/datacenter_mcp/storage/ceph"
ACCOUNTS = ("reader", "operator")


@dataclass(frozen=True)
class Ceph:
    """A running cluster. Its daemons' ids, logs, data and keys are in `folder`."""

    slot: int

    @property
    def folder(self) -> Path:
        return slots.ROOT / KIND / str(self.slot)

    @property
    def port(self) -> int:
        """The monitor's."""
        return 28_000 + 20 * self.slot

    @property
    def conf(self) -> Path:
        return self.folder / "ceph.conf"

    def keyring(self, account: str) -> Path:
        return self.folder / f"client.{account}.keyring"

    def settings(self, account: str = "operator", **more: object) -> dict[str, object]:
        """What the storage room needs to know."""
        user = account if account == "admin" else f"dcdocs-{account}"
        cluster = {"name": "ceph1", "driver": "ceph", "host": "local", "conf": str(self.conf),
                   "user": user, "keyring": str(self.keyring(account))}  # fmt: skip
        return {"hosts": [{**cluster, **more}]}

    @cached_property
    def children(self) -> dict[str, subprocess.Popen[bytes]]:
        """The daemons that this very process started."""
        return {}

    def ceph(self, *argv: str) -> Any:
        """The oracle's `ceph`, its answer as JSON; None: it said nothing."""
        text = run("ceph", "--conf", str(self.conf), "--format", "json", *argv)
        return json.loads(text) if text.strip() else None

    def rbd(self, *argv: str) -> str:
        """The oracle's `rbd`."""
        return run("/usr/bin/rbd", "--conf", str(self.conf), *argv)

    def image(self, spec: str) -> Mapping[str, Any]:
        """The oracle's `rbd info`."""
        found: dict[str, Any] = json.loads(self.rbd("info", "--format", "json", spec))
        return found

    def snapshots(self, spec: str) -> set[str]:
        """The oracle's names of the snapshots of an image."""
        listed = json.loads(self.rbd("snap", "ls", "--format", "json", spec))
        return {one["name"] for one in listed}

    def snapshot_id(self, spec: str, name: str) -> int:
        """The oracle's number of a snapshot."""
        listed = json.loads(self.rbd("snap", "ls", "--format", "json", spec))
        [found] = [one["id"] for one in listed if one["name"] == name]
        return int(found)

    def fill(self, spec: str, count: int) -> None:
        """Write so many bytes from the beginning of an image."""
        self.rbd("bench", "--io-type", "write", "--io-size", "4M", "--io-threads", "4",
                 "--io-pattern", "seq", "--io-total", str(count), spec)  # fmt: skip

    def make_pool(self, name: str) -> None:
        """A pool of images, two copies of each."""
        self.ceph("osd", "pool", "create", name, "8")
        self.ceph("osd", "pool", "application", "enable", name, "rbd")
        self.rbd("pool", "init", name)

    @contextmanager
    def pool_made(self, name: str) -> Iterator[None]:
        """A pool that goes afterwards with all that is in it."""
        self.make_pool(name)
        try:
            yield
        finally:
            self.ceph("osd", "pool", "rm", name, name, "--yes-i-really-really-mean-it")

    @contextmanager
    def full(self, pool: str) -> Iterator[None]:
        """A pool with something in it is above its quota meanwhile."""
        self.ceph("osd", "pool", "set-quota", pool, "max_bytes", "4096")
        self.until(lambda: "POOL_FULL" in self.ceph("health")["checks"])
        try:
            yield
        finally:
            self.ceph("osd", "pool", "set-quota", pool, "max_bytes", "0")
            self.until(lambda: "POOL_FULL" not in self.ceph("health")["checks"])

    def hands(self, *words: str) -> list[str]:
        """The command of what only librbd does quickly, or at all."""
        return [PYTHON, str(Path(__file__).with_name("ceph_hands.py")), str(self.conf), *words]

    def run_hands(self, *words: str) -> None:
        """Do it, and wait."""
        subprocess.run(self.hands(*words), check=True, timeout=300)

    @contextmanager
    def image_made(self, mib: int = 64, pool: str = "rbd") -> Iterator[str]:
        """The spec of a new image, which goes afterwards with all that hangs on it."""
        spec = f"{pool}/volume-{uuid.uuid4().hex[:8]}"
        self.rbd("create", "--size", f"{mib}M", spec)
        try:
            yield spec
        finally:
            self._remove(spec)

    def _remove(self, spec: str) -> None:
        for child in json.loads(self.rbd("children", "--format", "json", spec)):
            self._remove(f"{child['pool']}/{child['image']}")
        for one in json.loads(self.rbd("snap", "ls", "--format", "json", spec)):
            if one["protected"] == "true":
                self.rbd("snap", "unprotect", f"{spec}@{one['name']}")
        self.rbd("snap", "purge", "--no-progress", spec)
        # A guest that was killed counts as one that has it open for half a minute.
        self.until(lambda: self.rbd("rm", "--no-progress", spec) is not None)

    @contextmanager
    def held(self, spec: str) -> Iterator[int]:
        """A guest has an image open, with its lock; the guest's process id."""
        guest = subprocess.Popen(
            self.hands("hold", *spec.split("/")), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            assert guest.stdout is not None
            assert guest.stdout.readline() == b"held\n"
            yield guest.pid
        finally:
            guest.communicate(timeout=60)

    def until(self, wanted: Callable[[], Any], seconds: float = START_SECONDS) -> Any:
        """Ask until the answer is true; that answer. Fails at the deadline."""
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(subprocess.CalledProcessError):
                if answer := wanted():
                    return answer
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.1)

    def health(self) -> str:
        """The oracle's health of the cluster."""
        status: str = self.ceph("health")["status"]
        return status

    def launch(self, daemon: str, **environment: str) -> None:
        """Start a daemon, `osd.0` for example, in the foreground of a session of its own."""
        kind, _, name = daemon.partition(".")
        with (self.folder / f"{daemon}.out").open("a") as log:
            process = subprocess.Popen(
                ["nice", "-n", "5", f"ceph-{kind}", "-f", "-i", name, "--conf", str(self.conf)],
                stdout=log, stderr=log, start_new_session=True, env={**os.environ, **environment},
            )  # fmt: skip
        self.children[daemon] = process
        (self.folder / f"{daemon}.id").write_text(f"{process.pid} {slots.owner_of(process.pid)}")

    def pid(self, daemon: str) -> int:
        """The process id of a daemon that was launched."""
        return int((self.folder / f"{daemon}.id").read_text().split()[0])

    def end(self, daemon: str, number: int = signal.SIGTERM) -> None:
        """End a daemon by its process group, and wait until it is gone."""
        file = self.folder / f"{daemon}.id"
        if not file.exists():
            return
        pid, _, owner = file.read_text().partition(" ")
        while slots.owner_of(int(pid)) == owner:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(pid), number)
            if daemon in self.children:
                self.children[daemon].poll()
            time.sleep(0.05)
        file.unlink()

    @contextmanager
    def frozen(self, *daemons: str) -> Iterator[None]:
        """Daemons keep their connections and answer nothing."""
        pids = [self.pid(daemon) for daemon in daemons]
        for pid in pids:
            os.killpg(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.killpg(pid, signal.SIGCONT)

    @contextmanager
    def without(self, daemon: str) -> Iterator[None]:
        """A daemon is dead meanwhile; afterwards it is back and the cluster is well again."""
        self.end(daemon, signal.SIGKILL)
        try:
            yield
        finally:
            self.launch(daemon)
            self.until_well()

    @contextmanager
    def days_ago(self, days: int) -> Iterator[None]:
        """The OSDs, which date snapshots, live so many days ago meanwhile: a snapshot's date cannot be set."""
        library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        past = {"LD_PRELOAD": str(library), "FAKETIME": f"-{days}d", "DONT_FAKE_MONOTONIC": "1"}
        self._relaunch_osds(**past)
        try:
            yield
        finally:
            self._relaunch_osds()

    def _relaunch_osds(self, **environment: str) -> None:
        for number in OSDS:
            self.end(f"osd.{number}")
        self.until(lambda: self.ceph("osd", "stat")["num_up_osds"] == 0)
        for number in OSDS:
            self.launch(f"osd.{number}", **environment)
        self.until_well()

    def until_well(self) -> None:
        """Wait until every daemon is there, every placement group is clean, and the cluster says so."""

        def well() -> bool:
            status = self.ceph("status")
            groups = status["pgmap"]["pgs_by_state"]
            up = status["osdmap"]["num_up_osds"] == len(OSDS)
            return (
                up and {one["state_name"] for one in groups} <= {"active+clean"} and bool(groups)
            )

        self.until(well)

    def logs(self) -> str:
        """The end of every log, for a person."""
        return "\n".join(
            f"{path.name}: {path.read_text(errors='replace')[-600:]}"
            for path in sorted([*self.folder.glob("*.log"), *self.folder.glob("*.out")])
        )


def start(owner: str) -> Ceph:
    """Start a cluster. Raises `PeerMissingError` with what this machine lacks."""
    slots.need(PACKAGES)
    ceph = Ceph(slots.take(KIND, owner, lambda slot: _clean(Ceph(slot))))
    try:
        _clean(ceph)
        _monitor(ceph)
        for account in ACCOUNTS:
            caps = ("--caps", str(ROOM / f"{account}.caps"))
            _account(ceph, f"client.dcdocs-{account}", ceph.keyring(account), *caps)
        for number in OSDS:
            _osd(ceph, number)
        ceph.make_pool(POOL)
        ceph.until_well()
    except BaseException:
        stop(ceph)
        raise
    return ceph


def stop(ceph: Ceph) -> None:
    """End every daemon of a cluster and remove it."""
    _clean(ceph)
    slots.give_back(KIND, ceph.slot)


def _monitor(ceph: Ceph) -> None:
    folder, fsid = ceph.folder, str(uuid.uuid4())
    for name in ("mon", "mgr", "crash", *(f"osd-{number}" for number in OSDS)):
        (folder / name).mkdir(parents=True)
    ceph.conf.write_text(ceph_config.text(folder, ceph.port, fsid))
    keys, admin, monmap = folder / "mon.a.keyring", ceph.keyring("admin"), folder / "monmap"
    run("ceph-authtool", "-C", str(keys), "--gen-key", "-n", "mon.", "--cap", "mon", "allow *")
    every = [word for kind in ("mon", "mgr", "osd") for word in ("--cap", kind, "allow *")]
    run("ceph-authtool", "-C", str(admin), "--gen-key", "-n", "client.admin", *every)
    run("ceph-authtool", str(keys), "--import-keyring", str(admin))
    address = f"[v2:127.0.0.1:{ceph.port}/0]"
    run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", address, str(monmap))
    run("ceph-mon", "--mkfs", "-i", "a", "--conf", str(ceph.conf), "--monmap", str(monmap),
        "--keyring", str(keys))  # fmt: skip
    ceph.launch("mon.a")
    own = ("--cap", "mon", "allow profile mgr", "--cap", "osd", "allow *")
    _account(ceph, "mgr.x", folder / "mgr.x.keyring", *own)
    ceph.launch("mgr.x")


def _account(ceph: Ceph, name: str, keyring: Path, *capabilities: str) -> None:
    """As a user does it: a keyring with a new key and capabilities, and the import."""
    run("ceph-authtool", "-C", str(keyring), "-n", name, "--gen-key", *capabilities)
    ceph.ceph("auth", "import", "-i", str(keyring))


def _osd(ceph: Ceph, number: str) -> None:
    own, secret = str(uuid.uuid4()), run("ceph-authtool", "--gen-print-key").strip()
    keys = ceph.folder / f"osd.{number}.keyring"
    run("ceph", "--conf", str(ceph.conf), "osd", "new", own, "-i", "-",
        stdin=json.dumps({"cephx_secret": secret}))  # fmt: skip
    run("ceph-authtool", "-C", str(keys), "--name", f"osd.{number}", "--add-key", secret)
    run("ceph-osd", "-i", number, "--conf", str(ceph.conf), "--mkfs", "--osd-uuid", own)
    ceph.launch(f"osd.{number}")


def _clean(ceph: Ceph) -> None:
    for daemon in ORDER:
        ceph.end(daemon, signal.SIGKILL)
    shutil.rmtree(ceph.folder, ignore_errors=True)


def main(verb: str) -> None:
    """Start a cluster and print its estate file, or stop all that were started by hand."""
    if verb == "stop":
        for slot in slots.kept(KIND):
            stop(Ceph(slot))
        return
    try:
        ceph = start(slots.KEPT)
    except slots.PeerMissingError as error:
        sys.exit(str(error))
    sys.stdout.write(f"# CEPH_CONF={ceph.conf}\n")
    slots.show_estate("ceph", "storage", ceph.settings())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "start")
