"""The product as its users have it: `datacenter-docs up` in a process of its own, spoken to over HTTP."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import yaml
from tests.peers.netlab import PASSWORD

START_SECONDS = 60.0
STORY_SECONDS = 90.0
PAUSE_SECONDS = 0.1
MOVING = ("received", "processing", "remediating")
SETTINGS = {
    "AUTO_REMEDIATION_ENABLED": "true",
    "AUTO_REMEDIATION_REQUIRE_APPROVAL": "false",
    "AUTO_REMEDIATION_MAX_ACTIONS_PER_HOUR": "1000",
    "LAB_PASSWORD": PASSWORD,
    "PYTHONDONTWRITEBYTECODE": "",  # many processes: compiling anew would take most of the time
}
POLICY = {
    "min_confidence_score": 0.5, "min_reliability_score": 50, "min_similar_tickets": 5,
    "allowed_systems": ["network"], "auto_approve_threshold": 85, "supervised_occurrences": 5,
    "requires_approval": False, "max_actions_per_hour": 1000,
}  # fmt: skip
"""Low thresholds, so that stories stay short."""


class Product:
    """A running product. `folder` holds its data and its estate file; it may be stopped and started again on the same.
    `patience_seconds`: how long a ticket may take; an operation that never shows takes its `settle_seconds`.
    """

    def __init__(self, folder: Path, connections: list[dict[str, Any]]) -> None:
        self.data = folder / "data"
        self._on = self._world_of(folder, connections)
        self._log = folder / "log"
        self._process: subprocess.Popen[str] | None = None
        self._http: httpx2.Client | None = None
        self._numbers = 0
        self.url = ""
        self.patience_seconds = STORY_SECONDS

    def _world_of(self, folder: Path, connections: list[dict[str, Any]]) -> list[str]:
        """The arguments that say what it runs on."""
        estate = folder / "datacenter.yaml"
        estate.write_text(yaml.safe_dump({"connections": connections}))
        return ["--estate", str(estate)]

    def start(self) -> None:
        """Start, and wait until it says where it listens."""
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [*DCDOCS, "up", "--port", "0", "--data-dir", str(self.data), *self._on],
                env={**os.environ, **SETTINGS}, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        assert self._process.stdout is not None
        said = iter(self._process.stdout.readline, "")
        found = next((url for line in said if (url := re.search(r"http://\S+", line))), None)
        assert found, self._log.read_text()
        self.url = found[0]
        self._http = httpx2.Client(base_url=f"{self.url}/api/v1", timeout=START_SECONDS)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it by its process id."""
        if self._http is not None:
            self._http.close()
        if self._process is not None:
            self._process.send_signal(number)
            try:
                self._process.wait(timeout=30)
            finally:
                self._process.kill()
                assert self._process.stdout is not None
                self._process.stdout.close()
        self._process = self._http = None

    def call(self, method: str, path: str, status: int | None = None, **options: Any) -> Any:
        """One request. `status` None: any success."""
        assert self._http is not None
        response = self._http.request(method, path, **options)
        wanted = response.is_success if status is None else response.status_code == status
        assert wanted, (method, path, response.status_code, response.text)
        return response.json() if response.content else None

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def raw(self, path: str) -> tuple[int, bytes]:
        """Status and body of an answer, whatever it is."""
        assert self._http is not None
        response = self._http.get(path)
        return response.status_code, response.content

    def post(self, path: str, status: int | None = None, **body: Any) -> Any:
        return self.call("POST", path, status, json=body)

    def policy(self, category: str, **fields: Any) -> None:
        """A policy of a category of its own."""
        self.post("/policies", **{**POLICY, "name": category, "category": category, **fields})

    def submit(self, category: str, text: str, **fields: Any) -> str:
        """A new ticket with opt-in; its id."""
        self._numbers += 1
        ticket_id = f"INC-{category}-{self._numbers}"
        body = {"ticket_id": ticket_id, "description": text, "category": category,
                "enable_auto_remediation": True, "requester": "rita", **fields}  # fmt: skip
        self.post("/tickets", 202, **body)
        return ticket_id

    def settled(self, ticket_id: str) -> dict[str, Any]:
        """The ticket once nothing moves it any more but a person."""

        def at_rest() -> dict[str, Any] | None:
            ticket: dict[str, Any] = self.get(f"/tickets/{ticket_id}")
            return None if ticket["status"] in MOVING else ticket

        return until(at_rest, self.patience_seconds)

    def approve(self, ticket_id: str, *, waiting: bool = True, **fields: Any) -> dict[str, Any]:
        """A person says yes when asked. `waiting`: until the ticket is at rest again."""
        assert self.settled(ticket_id)["status"] == "awaiting_approval"
        body = {"ticket_id": ticket_id, "approve": True, "approver": "ada", **fields}
        self.post(f"/tickets/{ticket_id}/approve-remediation", 202, **body)
        return self._after_grant(ticket_id) if waiting else {}

    def execute(self, ticket_id: str, approver: str = "ada") -> dict[str, Any]:
        """A person runs a proposed plan."""
        self.post(f"/tickets/{ticket_id}/execute", 202, approver=approver)
        return self._after_grant(ticket_id)

    def _after_grant(self, ticket_id: str) -> dict[str, Any]:
        """At rest again after the latest answer was taken up: what follows it in the journal tells."""

        def over() -> bool:
            kinds = self.kinds(ticket_id)
            last = len(kinds) - 1 - kinds[::-1].index("approval.given")
            return kinds[last + 1 :].count("ticket.changed") >= 2

        until(over, self.patience_seconds)
        return self.settled(ticket_id)

    def survey(self) -> dict[str, Any]:
        """A survey from its beginning to its end; one that runs is waited for first."""

        def newest_is_over() -> bool:
            newest = self.get("/surveys?limit=1")["items"]
            return bool(newest) and newest[0]["finished_at"] is not None

        until(newest_is_over)
        number = self.post("/surveys", 202, requester="rita")["number"]
        until(newest_is_over)
        survey: dict[str, Any] = self.get(f"/surveys/{number}")
        return survey

    def praise(self, ticket_id: str) -> None:
        """Positive feedback with five stars."""
        self.post("/feedback", 201, ticket_id=ticket_id, feedback_type="positive", rating=5)

    def kinds(self, ticket_id: str) -> list[str]:
        """What was journaled about the ticket, in order."""
        return [log["kind"] for log in self.get(f"/tickets/{ticket_id}/remediation-logs")["logs"]]


DCDOCS = (sys.executable, "-m", "tests.e2e.dcdocs")


def dcdocs(*arguments: str) -> tuple[int, Any]:
    """The command line: exit code, and what it printed as JSON."""
    done = subprocess.run(
        [*DCDOCS, *arguments, "--json"],
        env={**os.environ, **SETTINGS}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


@contextmanager
def running(folder: Path, connections: list[dict[str, Any]]) -> Iterator[Product]:
    """A product that is stopped afterwards."""
    product = Product(folder, connections)
    try:
        product.start()
        yield product
    finally:
        with contextlib.suppress(ProcessLookupError):
            product.stop()


def until(wanted: Callable[[], Any], seconds: float = STORY_SECONDS) -> Any:
    """Ask again and again until the answer is true. Fails at the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        answer = wanted()
        if answer:
            return answer
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(PAUSE_SECONDS)
