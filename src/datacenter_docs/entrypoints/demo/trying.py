"""Tries a runbook on the demo's troubles: on which of their tickets it is considered, and what would be concluded.

A world of its own in a folder that is gone afterwards; nothing is executed, since a resolver only reads.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datacenter_docs.bootstrap import open_resolver, read_settings
from datacenter_docs.domain import runbooks
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.runbooks import Runbook
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.entrypoints.demo.near import NearSession
from datacenter_docs.ports.reasoning import Resolver
from datacenter_mcp.demo.faults.fault import Fault
from datacenter_mcp.demo.faults.oracle import heal, inject, target_of
from datacenter_mcp.demo.faults.table import FAULTS
from datacenter_mcp.demo.store import Origin, Reading
from datacenter_mcp.demo.world import World

SEED, BORN_DAYS = 1, 100
BORN = 1_780_000_000.0
PAUSE_SECONDS = 5.0


async def tried(book: Runbook, library: Sequence[Runbook]) -> list[dict[str, Any]]:
    """One row for each ticket of the demo on which the runbook is considered by its words, or is the answer. `library`: what
    it stands beside; one of its name gives way to it.
    """
    books = [*(one for one in library if one.name != book.name), book]
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(demo=True, data_dir=Path(folder))
        now = BORN + BORN_DAYS * 86_400
        world = World.create(
            settings.world_file,
            Origin(seed=SEED, size=1, born=BORN),
            Reading(real=0, world=now, rate=0),
        )
        try:
            async with open_resolver(
                settings,
                books,
                lambda platform, connection: NearSession(
                    platform, connection, settings.world_file
                ),
                lambda seconds: _later(world, seconds),
            ) as resolver:
                return [
                    row
                    for fault in FAULTS.values()
                    for row in await _on(fault, book, resolver, world)
                ]
        finally:
            world.close()


async def _on(
    fault: Fault, book: Runbook, resolver: Resolver, world: World
) -> Sequence[dict[str, Any]]:
    target = target_of(fault, world.view())
    inject(world, fault, target)
    world.set_clock(world.view().now + PAUSE_SECONDS, 0)
    rows = []
    for way in range(len(fault.tells)):
        text = fault.told(world.view(), target, way)
        request = TicketRequest(
            ticket_id="dry-run", title=fault.title, description=text, category=fault.category
        )
        considered = runbooks.triggered(book, request.text, request.category)
        diagnosis = await resolver.resolve(request)
        if considered or diagnosis.resolver == f"runbook:{book.name}":
            rows.append(
                {"fault": fault.name, "ticket": text, "considered": considered, **told(diagnosis)}
            )
    heal(world, fault.name)
    return rows


async def _later(world: World, seconds: float) -> None:
    """Nobody has to wait for a moment of the simulated world."""
    world.set_clock(world.view().now + seconds, 0)


def told(diagnosis: Diagnosis) -> dict[str, Any]:
    """A diagnosis as a row."""
    plan = [f"{action.operation} on {action.target}" for action in diagnosis.plan.actions]
    return {
        "answer": diagnosis.resolver.removeprefix("runbook:"),
        "concludes": diagnosis.summary,
        "plan": plan,
        "confidence": diagnosis.confidence,
    }
