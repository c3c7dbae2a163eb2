"""What the command line does to the demo's world: break, heal, list, and ask the oracle. Works on the file, with or without a
running product.
"""

import contextlib
import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from datacenter_docs.domain.errors import DatacenterDocsError, Invalid, NotFound, Refused
from datacenter_mcp.contract.errors import Conflict, RoomError
from datacenter_mcp.contract.errors import NotFound as NotFoundInWorld
from datacenter_mcp.demo.faults.fault import Fault
from datacenter_mcp.demo.faults.oracle import heal, inject, injections, target_of, verdict
from datacenter_mcp.demo.faults.table import FAULTS
from datacenter_mcp.demo.view import View
from datacenter_mcp.demo.world import World


def listed() -> list[dict[str, Any]]:
    """Every fault there is."""
    return [
        {
            "name": fault.name,
            "platform": fault.platform,
            "befalls": fault.target[1],
            "summary": fault.summary,
            "cure": fault.cure.operation if fault.cure else None,
        }
        for fault in FAULTS.values()
    ]


def broken(path: Path, name: str, on: str | None, url: str) -> dict[str, Any]:
    """Break it. What came of it, and the ticket that one may write; `url`: of the server that is to get it."""
    fault = FAULTS.get(name)
    if fault is None:
        raise NotFound(f"There is no fault {name!r}. `dcdocs demo list` shows all.")
    with _world(path) as world:
        target = target_of(fault, world.view(), on)
        inject(world, fault, target)
        number = injections(world)[-1].event.number
        return _told(fault, target, world.view(), number, url)


def healed(path: Path, name: str | None) -> list[dict[str, Any]]:
    """Take faults of that name away (None: all); which these were."""
    with _world(path) as world:
        return [{"name": one.fault.name, "target": one.target} for one in heal(world, name)]


def standing(path: Path) -> list[dict[str, Any]]:
    """What the oracle says of every fault that was injected."""
    with _world(path) as world:
        return [
            {
                "name": one.fault.name,
                "target": _name(world.view(), one.target),
                "injected": found.injected,
                "healed": found.healed,
                "made_worse": found.worse,
            }
            for one in injections(world)
            for found in (verdict(world, one),)
        ]


def _told(fault: Fault, target: str, view: View, number: int, url: str) -> dict[str, Any]:
    ticket = {
        "ticket_id": f"INC-{fault.name}-{number}",
        "title": fault.title,
        "description": fault.told(view, target),
        "category": fault.category,
        "enable_auto_remediation": True,
    }
    command = [
        "dcdocs",
        "ticket",
        "submit",
        str(ticket["ticket_id"]),
        str(ticket["description"]),
        "--title",
        fault.title,
        "--category",
        fault.category,
        "--auto-remediation",
    ]
    curl = [
        "curl",
        "-X",
        "POST",
        f"{url}/api/v1/tickets",
        "-H",
        "Content-Type: application/json",
        "-d",
        json.dumps(ticket),
    ]
    return {
        "name": fault.name,
        "summary": fault.summary,
        "target": _name(view, target),
        "ticket": ticket,
        "command": shlex.join(command),
        "curl": shlex.join(curl),
    }


def _name(view: View, key: str) -> str:
    thing = view.thing(key) or view.remembered(key)
    return thing.name if thing else key


@contextlib.contextmanager
def _world(path: Path) -> Iterator[World]:
    """The world, with its errors as ours."""
    try:
        world = World.open(path)
        try:
            yield world
        finally:
            world.close()
    except RoomError as error:
        raise _ours(error) from error


def _ours(error: RoomError) -> DatacenterDocsError:
    if isinstance(error, NotFoundInWorld):
        return NotFound(str(error))
    return Refused(str(error)) if isinstance(error, Conflict) else Invalid(str(error))
