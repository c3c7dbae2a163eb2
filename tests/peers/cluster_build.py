"""Builds a Kubernetes control plane from Debian's own source package, once, into the user's cache folder.

Debian ships the sources and only the client as a binary. About five minutes of two cores and 3 GB of disk; the
sources are removed afterwards. Needs root for Debian's Go; the sources come from the machine's own mirror, whose list
is kept in a folder of its own: nothing in /etc changes.

`python -m tests.peers.cluster_build` builds what is missing, or says why it cannot; the tests then skip.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.peers import slots
from tests.peers.slots import PeerMissingError

VERSION = "1.20.2"
PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
BUILD_PACKAGES = ("golang-go", "dpkg-dev", "ca-certificates")
BUILD_SECONDS = 3_000
GENERATED = "zz_generated.openapi.go"
GENERATED_IN = "pkg/generated/openapi"
STAGING = "k8s.io/kubernetes/vendor/k8s.io"


def cache() -> Path:
    """Where what takes long to build is kept."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "datacenter-docs" / f"kubernetes-{VERSION}"


def programs() -> Path:
    """The folder with the built programs. Raises `PeerMissingError` when they were not built yet."""
    folder = cache() / "bin"
    if missing := _missing(folder):
        raise PeerMissingError(
            f"{', '.join(missing)} are not built: python -m tests.peers.cluster_build"
        )
    return folder


def build() -> Path:
    """Build what is missing; the folder. Raises `PeerMissingError` with what cannot be had."""
    folder = cache() / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if missing := _missing(folder):
            _build(missing, folder)
    return folder


def _missing(folder: Path) -> Sequence[str]:
    return [name for name in PROGRAMS if not (folder / name).exists()]


def _build(missing: Sequence[str], folder: Path) -> None:
    slots.need(BUILD_PACKAGES)
    sys.stderr.write(f"Building {', '.join(missing)}; this takes minutes, once ({folder}).\n")
    work = cache() / "build"
    shutil.rmtree(work, ignore_errors=True)
    sources = work / "go/src/k8s.io/kubernetes"
    sources.parent.mkdir(parents=True)
    try:
        _fetch(work, sources)
        environment = {
            **os.environ, "GOPATH": str(work / "go"), "GOCACHE": str(work / "cache"), "CGO_ENABLED": "0",
            "GO111MODULE": "off",  # this release's go.mod is refused by newer versions of Go
        }  # fmt: skip
        _generate(work, sources, environment)
        for name in missing:
            built = work / name
            _run(sources, environment, "go", "build", "-p", "2", "-trimpath", "-ldflags", _flags(),
                 "-o", str(built), f"k8s.io/kubernetes/cmd/{name}")  # fmt: skip
            built.rename(folder / name)
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", None) or str(error)
        raise PeerMissingError(f"Kubernetes could not be built: {told[-500:]}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _fetch(work: Path, sources: Path) -> None:
    """The source package of the machine's own mirror."""
    listed = work / "mirror.sources"
    modern, old = Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")
    if modern.exists():
        listed.write_text(re.sub(r"(?m)^Types:.*$", "Types: deb-src", modern.read_text()))
    else:
        listed = work / "mirror.list"
        listed.write_text(re.sub(r"(?m)^deb\s", "deb-src ", old.read_text()))
    lists = work / "lists"
    (lists / "partial").mkdir(parents=True)
    apt = ("apt-get", "-q", "-o", f"Dir::Etc::sourcelist={listed}", "-o", "Dir::Etc::sourceparts=-",
           "-o", f"Dir::State::lists={lists}", "-o", "APT::Sandbox::User=root")  # fmt: skip
    _run(work, dict(os.environ), *apt, "update")
    _run(work, dict(os.environ), *apt, "source", "kubernetes")
    unpacked = next((path for path in work.glob("kubernetes-1.20*") if path.is_dir()), None)
    if unpacked is None:
        raise PeerMissingError(f"Debian's mirror has no sources of Kubernetes {VERSION}")
    unpacked.rename(sources)


def _generate(work: Path, sources: Path, environment: dict[str, str]) -> None:
    """The one generated file that the source package lacks."""
    if (sources / GENERATED_IN / GENERATED).exists():
        return
    generator = work / "openapi-gen"
    _run(
        sources,
        environment,
        "go",
        "build",
        "-o",
        str(generator),
        f"{STAGING}/kube-openapi/cmd/openapi-gen",
    )
    left_out = ("code-generator", "sample-apiserver", "kube-openapi", "gengo")
    roots = [sources / name for name in ("pkg", "cmd", "plugin")]
    roots += [path for path in (sources / "vendor/k8s.io").iterdir() if path.name not in left_out]
    marked = sorted(
        {f"k8s.io/kubernetes/{file.parent.relative_to(sources)}"
         for root in roots for file in root.rglob("*.go")
         if not file.name.endswith("_test.go") and "+k8s:openapi-gen=" in file.read_text("utf-8", "replace")}
    )  # fmt: skip
    _run(sources, environment, str(generator), "--logtostderr", "-i", ",".join(marked),
         "-p", f"k8s.io/kubernetes/{GENERATED_IN}", "-O", GENERATED.removesuffix(".go"),
         "-h", "vendor/k8s.io/code-generator/hack/boilerplate.go.txt", "-r", os.devnull)  # fmt: skip


def _flags() -> str:
    known = {"k8s.io/component-base/version": ("gitVersion", "gitMajor", "gitMinor"),
             "k8s.io/client-go/pkg/version": ("gitVersion",)}  # fmt: skip
    major, minor, _ = VERSION.split(".")
    values = {"gitVersion": f"v{VERSION}", "gitMajor": major, "gitMinor": minor}
    told = [f"-X k8s.io/kubernetes/vendor/{package}.{name}={values[name]}"
            for package, names in known.items() for name in names]  # fmt: skip
    return " ".join(["-s", "-w", *told])


def _run(folder: Path, environment: dict[str, str], *argv: str) -> None:
    subprocess.run(
        ["nice", "-n", "10", *argv],
        cwd=folder, env=environment, check=True, capture_output=True, text=True, timeout=BUILD_SECONDS,
    )  # fmt: skip


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{build()}\n")
    except PeerMissingError as error:
        sys.stderr.write(f"{error}\n")
