"""Ticket to decision on a fake platform, beside a bare DBOS workflow with the same number of steps, in turn in one run.

Run: `python -m benchmarks.speed.tickets [--tickets 300] [--at-once 16] [--rounds 3] [--url URL]`.
Both run on the same engine settings. Goal: at least 80 % of the bare throughput, p99 at most twice its p99.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dbos import DBOS, SetWorkflowID

from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.bootstrap import configure_logging, read_settings, wire
from datacenter_docs.domain.estate import Fact, Health, HealthStatus, Look, Resource, Source
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.ports.platforms import ConnectionInfo, ConnectionReport, Inventory, Platforms
from datacenter_docs.workflows import engine, ticket
from datacenter_docs.workflows.ticket import Workflows

DEVICES = 20


def source() -> Source:
    return Source(
        connection="lab",
        tool="fake",
        arguments={},
        observed_at=datetime.now(UTC),
        payload_sha256="0" * 64,
    )


class FakePlatform:
    """Twenty devices with one port each, all shut; answers at once."""

    def __init__(self) -> None:
        self._ports = tuple(
            Resource(
                id=f"network:lab:interface:dev{n}/eth1",
                kind="interface",
                name=f"dev{n} eth1",
                parent=f"network:lab:device:dev{n}",
                facts=(
                    Fact(attribute="admin_state", value="down"),
                    Fact(attribute="oper_state", value="down"),
                ),
                source=source(),
            )
            for n in range(DEVICES)
        )

    def connections(self) -> Sequence[ConnectionInfo]:
        return ()

    async def test(self, connection: str) -> ConnectionReport:
        raise NotImplementedError

    async def inventory(
        self, platform: str, *, kind: str | None = None, parent: str | None = None
    ) -> Inventory:
        """Ports, and nothing else that a resolver may ask for."""
        return Inventory(self._ports if kind in (None, "interface") else ())

    async def describe(self, resource_id: str) -> Resource:
        return self._ports[0]

    async def health(self, resource_id: str) -> Health:
        return Health(status=HealthStatus.OK)

    async def system_health(self, resource_id: str) -> Health:
        return Health(status=HealthStatus.OK)

    async def look(self, operation: str, target: str, parameters: Mapping[str, Any]) -> Look:
        return Look(
            exists=True,
            satisfied=False,
            state={"admin_state": "down"},
            hazards=(),
            source=source(),
        )

    async def can(self, operation: str, target: str) -> str | None:
        return None

    async def act(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError


def register_bare() -> Callable[[str], Awaitable[str]]:
    """As many steps as our workflow has until the decision."""

    @DBOS.step(name="bare_step")
    async def step(text: str) -> dict[str, str]:
        return {"text": text}

    @DBOS.workflow(name="bare")
    async def bare(text: str) -> str:
        await step(text)
        await step(text)
        return text

    return bare


async def timed(
    count: int, at_once: int, one: Callable[[int], Awaitable[None]]
) -> tuple[float, float]:
    """Runs per second, and the 99th percentile of one run in milliseconds."""
    turns, took = asyncio.Semaphore(at_once), []

    async def run(number: int) -> None:
        async with turns:
            begun = time.perf_counter()
            await one(number)
            took.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(run(number) for number in range(count)))
    return count / (time.perf_counter() - begun), sorted(took)[int(len(took) * 0.99)] * 1_000


async def main(count: int, at_once: int, rounds: int, url: str | None) -> None:
    configure_logging("WARNING")
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(
            data_dir=Path(folder), database_url=url, concurrent_tickets=at_once
        )
        database = open_database(settings.url)
        platform = FakePlatform()
        house = wire(settings, database, Platforms(platform, platform, platform), lambda: None)
        bare: list[Callable[[str], Awaitable[str]]] = []

        def register() -> Workflows:
            bare.append(register_bare())
            return ticket.build(house.stops, concurrency=at_once)

        async with engine.running(
            url or f"sqlite:///{folder}/workflows.sqlite", "bench", register
        ) as workflows:

            async def start(workflow: Callable[[str], Awaitable[str]], name: str) -> None:
                with SetWorkflowID(name):
                    handle = await DBOS.start_workflow_async(workflow, name)
                await handle.get_result()

            async def ours(label: str, number: int) -> None:
                request = TicketRequest(
                    ticket_id=f"{label}-{number}",
                    description=f"port on dev{number % DEVICES} is down",
                    category="network",
                    enable_auto_remediation=True,
                )
                await house.receiving.receive(request)
                await start(workflows.ticket, request.ticket_id)

            ratios = []
            for round_number in range(-1, rounds):
                label = f"{time.time_ns()}"
                plain = await timed(
                    count, at_once, lambda n, label=label: start(bare[0], f"bare-{label}-{n}")
                )
                full = await timed(count, at_once, lambda n, label=label: ours(label, n))
                if round_number < 0:
                    continue  # the first round warms up
                ratios.append((full[0] / plain[0], full[1] / plain[1]))
                print(
                    f"ours {full[0]:6.0f}/s p99 {full[1]:6.0f} ms   bare {plain[0]:6.0f}/s p99 {plain[1]:6.0f} ms"
                )
            throughput = statistics.median(ratio for ratio, _ in ratios)
            latency = statistics.median(ratio for _, ratio in ratios)
            print(
                f"median ratios: throughput {throughput:.2f} (goal 0.80), p99 {latency:.2f} (goal 2.0); {at_once} at once"
            )
        database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=300)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--url", default=None, help="a PostgreSQL URL; default: SQLite")
    given = parser.parse_args()
    asyncio.run(main(given.tickets, given.at_once, given.rounds, given.url))
