"""Starts the platform's tasks and waits for their end, by the PropertyCollector alone: pyVmomi's own `task.info` fails on
tasks about snapshots.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from pyVmomi.VmomiSupport import GetWsdlType

from datacenter_mcp.contract.errors import RoomError, Unavailable
from datacenter_mcp.vmware import asking, faults
from datacenter_mcp.vmware.answers import Node, Ref, Seen
from datacenter_mcp.vmware.session import Api, VCenter

LONGEST_SECONDS = 600.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 2.0
PATHS = {"Task": ("info.state", "info.error")}


async def done(vcenter: VCenter, doing: str, start: Callable[[Api], Any]) -> None:
    """Start a task and return when it has succeeded. Raises what it failed with: then nothing was changed.

    `doing`: what is tried, as the begin of a sentence. A task whose end is not seen raises with `sent`.
    """
    ref = Ref("Task", await vcenter.write(doing, lambda api: str(start(api)._GetMoId())))
    end, pause = time.monotonic() + LONGEST_SECONDS, FIRST_PAUSE_SECONDS
    while time.monotonic() < end:
        task = await _seen(vcenter, doing, ref)
        state = task.get("info.state").text
        if state == "success":
            return
        if state == "error":
            raise faults.of_fault(_fault(task.get("info.error")), doing)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
    raise Unavailable(f"{doing}: its task has not come to an end.", sent=True)


async def _seen(vcenter: VCenter, doing: str, ref: Ref) -> Seen:
    try:
        [reading] = await vcenter.read(doing, lambda api: asking.some(api, [ref], PATHS, page=1))
    except RoomError as error:
        message = f"It was started, and its end not seen. {error.report.message}"
        raise Unavailable(message, sent=True) from error
    return reading.value[0]


def _fault(error: Node) -> Any:
    """The fault that a task ended with, as the SDK's class, so that one table knows them all."""
    name = error.part("fault").type or "MethodFault"
    try:
        fault = GetWsdlType("urn:vim25", name)()
    except KeyError:  # newer than the SDK
        fault = faults.FAULT()
    fault.msg = error.part("localizedMessage").text
    return fault
