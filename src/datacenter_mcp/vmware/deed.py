"""What an operation consists of, so that the room treats all alike: look, plan, do, look again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from datacenter_mcp.room import OperationSpec, State
from datacenter_mcp.vmware.machine import Machine
from datacenter_mcp.vmware.session import VCenter


@dataclass(frozen=True, slots=True)
class Deed:
    """One operation on a VM. The second argument of its functions is an instance of the operation's parameters.

    `state`: what it changes. `satisfied`: whether it is so already; None: a state cannot tell. `hazards`: what makes it
    riskier on this VM. `plan`: what would be done, in sentences; raises what forbids it, with nothing sent.
    `do`: does it, without asking again, and tells what was done. `restarts`: only a marker shows it.
    """

    spec: OperationSpec
    state: Callable[[Machine], State]
    satisfied: Callable[[Machine, Any], bool | None]
    hazards: Callable[[Machine, Any], Sequence[str]]
    plan: Callable[[Machine, Any], Sequence[str]]
    do: Callable[[VCenter, Machine, Any], Awaitable[str]]
    restarts: bool = False
