"""MCP servers of others: `kubernetes-mcp-server` from npm, by its lock file, over stdio and over HTTP."""

import platform
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from tests.peers.npm_packages import installed
from tests.peers.slots import PeerMissingError

PACKAGE = "kubernetes-mcp-server"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
START_SECONDS = 20.0


def kubernetes_mcp_server(kubeconfig: Path, *more: str) -> Sequence[str]:
    """The command that serves a cluster over stdio; installed at the first call. Raises `PeerMissingError`."""
    return [str(_program()), "--kubeconfig", str(kubeconfig), "--list-output", "yaml", *more]


@contextmanager
def over_http(kubeconfig: Path, *more: str, port: int | None = None) -> Iterator[str]:
    """The URL of a server that listens on loopback; `port` None: any that is free."""
    port = port or free_port()
    command = kubernetes_mcp_server(
        kubeconfig, "--bind-address", "127.0.0.1", "--port", str(port), *more
    )
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_open(port, process)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with closing(socket.socket()) as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < deadline, "the server does not listen"
        time.sleep(0.05)


def _program() -> Path:
    """The Go program inside the package, in the user's cache."""
    architecture = ARCHITECTURES.get(platform.machine())
    if architecture is None:
        raise PeerMissingError(f"{PACKAGE} needs Linux on amd64 or arm64")
    name = f"{PACKAGE}-linux-{architecture}"
    program = installed() / "node_modules" / name / "bin" / name
    if not program.exists():
        raise PeerMissingError(f"npm did not install {PACKAGE}")
    return program
