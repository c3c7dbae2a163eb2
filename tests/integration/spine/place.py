"""Everything that survives a crash, workers to kill, and a ticket's way as the tests walk it."""

import asyncio
import inspect
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.room import Folder

from datacenter_docs.bootstrap import House, open_house
from datacenter_docs.domain.tickets import TicketRequest, TicketState
from datacenter_docs.settings import Settings

WORKER = Path(__file__).with_name("worker.py")
DEADLINE_SECONDS = 90.0
PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Place:
    """Everything that survives a crash: the database, the data folder, the device."""

    settings: Settings
    room: Folder

    @property
    def environment(self) -> dict[str, str]:
        settings = self.settings
        return {
            **os.environ,
            "DATACENTER_DOCS_DATA_DIR": str(settings.data_dir),
            "DATACENTER_DOCS_DATABASE_URL": str(settings.database_url),
            "DATACENTER_DOCS_ESTATE_FILE": str(settings.estate_file),
            "DATACENTER_DOCS_LEASE_SECONDS": str(settings.lease_seconds),
            "AUTO_REMEDIATION_ENABLED": "true",
            "PYTHONDONTWRITEBYTECODE": "",  # a process per kill: compiling anew would take most of the time
        }

    @contextmanager
    def worker(self, point: str = "", name: str = "w1") -> Iterator["Worker"]:
        """A worker that stops at the point; killed at the end."""
        log = (self.settings.data_dir / "worker.log").open("a")
        with log, subprocess.Popen(
            [sys.executable, WORKER, point],
            env={**self.environment, "DATACENTER_DOCS_WORKER_ID": name}, stdout=subprocess.PIPE, stderr=log, text=True,
        ) as process:  # fmt: skip
            try:
                yield Worker(process)
            finally:
                process.kill()

    @asynccontextmanager
    async def house(self) -> AsyncIterator[House]:
        """The product's front rooms, without a worker."""
        async with open_house(self.settings, works=False) as house:
            yield house


@dataclass(frozen=True)
class Worker:
    """A running worker."""

    process: "subprocess.Popen[str]"

    def reaches_its_point(self) -> None:
        """Wait until it stands at its point. Ends with an error when the worker dies first."""
        self._says("reached")

    def works(self) -> None:
        """Wait until it is up."""
        self._says("working")

    def wakes(self) -> None:
        """Let it go on, where it was frozen."""
        os.kill(self.process.pid, signal.SIGCONT)

    def finds_itself_superseded(self) -> None:
        """Wait until it has ended by itself, because another worker has taken over."""
        self._says("superseded")
        assert self.process.wait() == 0

    def die(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _says(self, word: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == word:
                return
        raise AssertionError(f"the worker ended without saying {word!r}")


async def until(wanted: Callable[[], Any], deadline_seconds: float = DEADLINE_SECONDS) -> Any:
    """Ask again and again until the answer is true. Fails at the deadline."""
    deadline = time.monotonic() + deadline_seconds
    while True:
        answer = wanted()
        if inspect.isawaitable(answer):
            answer = await answer
        if answer:
            return answer
        assert time.monotonic() < deadline, "it did not come to that in time"
        await asyncio.sleep(PAUSE_SECONDS)


END = (
    TicketState.RESOLVED,
    TicketState.PARTIALLY_REMEDIATED,
    TicketState.FAILED,
    TicketState.AMBIGUOUS,
    TicketState.PROPOSED,
    TicketState.REJECTED,
)
ONCE = (
    "ticket.received",
    "ticket.diagnosed",
    "ticket.decided",
    "action.intended",
    "action.finished",
    "rollback.finished",
)


async def report(
    house: House, text: str = "The link eth1 of r1 is down.", ticket_id: str = "INC-1"
) -> None:
    """A ticket with opt-in."""
    request = TicketRequest(
        ticket_id=ticket_id, description=text, category="network", enable_auto_remediation=True
    )
    await house.receiving.receive(request)


async def reach(house: House, *states: TicketState, ticket_id: str = "INC-1") -> TicketState:
    """Wait until the ticket is in one of the states; which."""

    async def state() -> TicketState | None:
        now = (await house.cases.get(ticket_id)).ticket.state
        return now if now in states else None

    reached: TicketState = await until(state)
    return reached


async def ended(house: House, ticket_id: str = "INC-1") -> TicketState:
    """The end of the ticket, with each thing journaled once, and the chain sound."""
    state = await reach(house, *END, ticket_id=ticket_id)
    kinds = [record.kind for record in (await house.journal.page(ticket_id=ticket_id)).items]
    assert all(kinds.count(kind) <= 1 for kind in ONCE), kinds
    assert (await house.journal.verify()).ok
    return state
