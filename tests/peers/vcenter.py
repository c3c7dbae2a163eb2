"""A vCenter: the simulator of Debian's govmomi package, built here with the manners of a real one (`tests/peers/vcenter`).

By hand: `python -m tests.peers.vcenter start` prints an estate file; `... stop` ends all that were started by hand.
"""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.peers import slots
from tests.peers.slots import PeerMissingError, run

from datacenter_mcp import vmware

KIND = "vcenter"
PACKAGES = ("golang-github-vmware-govmomi-dev", "golang-go", "openssl")
SOURCES = Path(__file__).parent / "vcenter"
LIBRARY = Path("/usr/share/gocode/src/github.com/vmware/govmomi/simulator")
ADMIN, ACTOR, READER = "administrator@vsphere.local", "actor@vsphere.local", "reader@vsphere.local"
PASSWORD = "peers-lab"
START_SECONDS = 120


@dataclass(frozen=True)
class Size:
    """How large the world is: VMs are per cluster and per standalone host."""

    datacenters: int = 2
    clusters: int = 1
    hosts: int = 2
    standalone: int = 1
    machines: int = 3
    stores: int = 2


SMALL = Size()


@dataclass(frozen=True)
class VCenter:
    """A running simulator. All passwords are `PASSWORD`; `READER` and `ACTOR` have the privileges of the room's role files."""

    slot: int

    @property
    def folder(self) -> Path:
        return slots.ROOT / KIND / str(self.slot)

    @property
    def certificate(self) -> Path:
        """What it shows, which is its own CA."""
        return self.folder / "cert.pem"

    @property
    def thumbprint(self) -> str:
        """SHA-256 of the certificate, as people write it."""
        der = ssl.PEM_cert_to_DER_cert(self.certificate.read_text())
        digest = hashlib.sha256(der).hexdigest().upper()
        return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))

    @property
    def port(self) -> int:
        return int(
            json.loads((self.folder / "settings.json").read_text())["listen"].rpartition(":")[2]
        )

    def settings(self, username: str = ADMIN) -> dict[str, Any]:
        """What the VMware room needs to know."""
        return {"host": "127.0.0.1", "port": self.port, "username": username,
                "password": "env:LAB_PASSWORD", "ca_file": str(self.certificate)}  # fmt: skip

    def order(self, what: str, **fields: str | int) -> None:
        """Make it sick in some way, or do something behind its back; see `faults.go`."""
        url = f"https://127.0.0.1:{self.port}/peer/{what}?{urlencode(fields)}"
        trusting = ssl.create_default_context(cafile=str(self.certificate))
        with urllib.request.urlopen(url, data=b"", context=trusting, timeout=10) as answer:
            answer.read()

    def launch(self) -> None:
        """Start the process with an empty memory, on the port that it always had."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [str(binary()), str(self.folder / "settings.json")],
                stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
                env={**os.environ, "TMPDIR": str(self.folder)},
            )  # fmt: skip
        (self.folder / "pid").write_text(str(process.pid))
        assert process.stdout is not None
        with process.stdout as output:
            if output.readline() != "ready\n":
                raise PeerMissingError(
                    f"the vCenter simulator does not start, see {self.folder}/log"
                )
        _children.append(process)

    def kill(self) -> None:
        """End the process at once, by its id."""
        file = self.folder / "pid"
        if not file.exists():
            return
        pid = int(file.read_text())
        file.unlink()
        try:
            if str(self.folder) not in Path(f"/proc/{pid}/cmdline").read_text():
                return
            os.kill(pid, signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            return
        for child in [one for one in _children if one.pid == pid]:
            child.wait(timeout=10)
            _children.remove(child)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Not there for a while; afterwards a new one, which knows no session."""
        self.kill()
        try:
            yield
        finally:
            self.launch()


_children: list[subprocess.Popen[str]] = []


def binary() -> Path:
    """The simulator, built once for these sources and this library."""
    overlaid = sorted(SOURCES.glob("*.go"))
    library = run("dpkg-query", "-W", *PACKAGES[:2])
    key = hashlib.sha256(library.encode() + b"".join(file.read_bytes() for file in overlaid))
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "datacenter-docs"
    built = cache / f"vcenter-{key.hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "vcenter.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            _build(built, cache)
    return built


def _build(built: Path, cache: Path) -> None:
    """Our files join the library's package; its own `call` becomes `answer`, so that ours stands before it."""
    work = built.with_suffix(".build")
    work.mkdir(exist_ok=True)
    service = (LIBRARY / "simulator.go").read_text()
    signature = "func (s *Service) call("
    if service.count(signature) != 1:
        raise PeerMissingError("this release of govmomi is not the one that our files fit")
    (work / "simulator.go").write_text(service.replace(signature, "func (s *Service) answer("))
    ours = {
        f"{LIBRARY}/zz_{file.name}": str(file)
        for file in SOURCES.glob("*.go")
        if file.name != "main.go"
    }
    overlay = {"Replace": {f"{LIBRARY}/simulator.go": str(work / "simulator.go"), **ours}}
    (work / "overlay.json").write_text(json.dumps(overlay))
    done = subprocess.run(
        ["go", "build", "-p", "2", "-overlay", str(work / "overlay.json"), "-o", str(work / "vcenter"),
         str(SOURCES / "main.go")],
        env={**os.environ, "GO111MODULE": "off", "GOFLAGS": "", "GOPATH": "/usr/share/gocode", "GOCACHE": str(cache / "go")},
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise PeerMissingError(f"the vCenter simulator cannot be built: {done.stderr.strip()}")
    (work / "vcenter").rename(built)
    shutil.rmtree(work)


def role(name: str) -> list[str]:
    """The privileges of a role file that the room ships."""
    text = (Path(vmware.__file__).parent / f"{name}.privileges").read_text()
    return text.split()


def start(owner: str, size: Size = SMALL) -> VCenter:
    """Start one. Raises `PeerMissingError` with what this machine lacks."""
    slots.need(PACKAGES)
    binary()
    lab = VCenter(slots.take(KIND, owner, lambda slot: _clean(VCenter(slot))))
    try:
        _clean(lab)
        lab.folder.mkdir(parents=True)
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=vcenter",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(lab.folder / "key.pem"),
            "-out", str(lab.certificate))  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        people = [{"name": name, "password": PASSWORD, "privileges": privileges} for name, privileges in
                  ((ADMIN, None), (READER, role("read")), (ACTOR, role("act")))]  # fmt: skip
        settings = {"listen": f"127.0.0.1:{port}", "cert": str(lab.certificate),
                    "key": str(lab.folder / "key.pem"), "users": people, **vars(size)}  # fmt: skip
        (lab.folder / "settings.json").write_text(json.dumps(settings))
        lab.launch()
    except BaseException:
        stop(lab)
        raise
    return lab


def stop(lab: VCenter) -> None:
    """End it and remove everything."""
    _clean(lab)
    slots.give_back(KIND, lab.slot)


def _clean(lab: VCenter) -> None:
    lab.kill()
    deadline = time.monotonic() + 10
    while lab.folder.exists() and time.monotonic() < deadline:
        shutil.rmtree(lab.folder, ignore_errors=True)


def main(verb: str) -> None:
    """Start one and print its estate file, or stop all that were started by hand."""
    if verb == "stop":
        for slot in slots.kept(KIND):
            stop(VCenter(slot))
        return
    lab = start(slots.KEPT)
    sys.stdout.write(f"# export LAB_PASSWORD={PASSWORD}\n")
    slots.show_estate("vcenter", "vmware", lab.settings())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "start")
