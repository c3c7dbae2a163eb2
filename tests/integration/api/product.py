"""The product as a process of its own: started by its console script, stopped by its process id, spoken to over HTTP."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

SCRIPT = str(Path(sys.executable).with_name("dcdocs"))
STOP_SECONDS = 10
WAIT_SECONDS = 30
ROOT = Path(__file__).parents[3]
SWITCH = Path(__file__).with_name("switch.py")
NOTHING = "connections: []\n"
A_SWITCH = f"""\
connections:
  - name: lab
    platform: network
    server: external
    command: ["{sys.executable}", "{SWITCH}"]
    allow_writes: true
"""


@dataclass(frozen=True)
class Product:
    """A running process. `url`: where it listens, empty for a worker. `errors`: what it wrote to standard error."""

    process: "subprocess.Popen[str]"
    url: str
    errors: Path

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop; its exit code. Fails when it takes longer than it may."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)


def environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a child: ours, with no other settings than these, and the repository to import from."""
    ours = ("DATACENTER_DOCS_", "AUTO_REMEDIATION_", "PATTERN_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(ROOT), **(settings or {})}


def estate_file(folder: Path, text: str = NOTHING) -> Path:
    """An estate file in the folder."""
    path = folder / "estate.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@contextmanager
def running(
    folder: Path,
    *,
    command: str = "up",
    estate: str = NOTHING,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Product]:
    """`dcdocs up` (or `serve`, `worker`) with its data in the folder; ready when this yields, gone afterwards."""
    arguments = [command, "--data-dir", str(folder), "--estate", str(estate_file(folder, estate))]
    if command != "worker":
        arguments += ["--port", "0"]
    errors = folder / f"{command}.log"
    with (
        errors.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            [SCRIPT, *arguments],
            env=environment(settings),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield Product(process, _ready(process, errors), errors)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _ready(process: "subprocess.Popen[str]", errors: Path) -> str:
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first, errors.read_text(encoding="utf-8")
    found = re.search(r"https?://\S+", first)
    return found.group() if found else ""


def until(read: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    """Read again and again until it is as wanted. Fails with what was read last."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not wanted(found := read()):
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    return found


def settled(client: httpx2.Client, ticket_id: str) -> dict[str, Any]:
    """The ticket once it is decided, or at its end."""
    return until_state(client, ticket_id, lambda state: state not in ("received", "processing"))


def until_state(
    client: httpx2.Client, ticket_id: str, wanted: Callable[[str], bool]
) -> dict[str, Any]:
    """The ticket once its state is as wanted."""
    found: dict[str, Any] = until(
        lambda: client.get(f"/api/v1/tickets/{ticket_id}").json(),
        lambda ticket: wanted(ticket["status"]),
    )
    return found


def submitted(client: httpx2.Client, ticket_id: str, **fields: Any) -> dict[str, Any]:
    """Send a ticket in; it once it is decided."""
    body = {"ticket_id": ticket_id, "description": "something is odd", **fields}
    client.post("/api/v1/tickets", json=body).raise_for_status()
    return settled(client, ticket_id)


def is_problem(response: httpx2.Response, status: int) -> dict[str, Any]:
    """The problem document of an answer that has to be one (RFC 9457)."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert told["type"] == "about:blank"
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    assert told["instance"].startswith("/")
    return told


def asked(client: httpx2.Client, ticket_id: str, port: str, **fields: Any) -> dict[str, Any]:
    """A ticket that waits for an answer."""
    fault = "is stuck, please restart it" if port.startswith("mgmt") else "is down"
    ticket = submitted(
        client,
        ticket_id,
        title=f"The link on sw1 {port} {fault}",
        category="network",
        enable_auto_remediation=True,
        **fields,
    )
    assert ticket["status"] == "awaiting_approval", ticket["remediation_decision"]
    return ticket
