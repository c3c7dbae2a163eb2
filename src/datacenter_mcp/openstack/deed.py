"""What an operation consists of, so that the room treats all alike: look, plan, do, look again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from datacenter_mcp.openstack.api import Api
from datacenter_mcp.openstack.settings import OpenstackSettings
from datacenter_mcp.openstack.target import Target
from datacenter_mcp.room import OperationSpec, State


@dataclass(frozen=True, slots=True)
class Deed:
    """One operation on an instance. The `Any` of its functions is an instance of the operation's parameters.

    `state`: what it changes. `satisfied`: whether it is so already; None: a state cannot tell. `plan`: what would be done,
    in sentences; raises what forbids it. `do`: does it, without asking again, and tells what was done.
    `restarts`: only a marker shows it. `needs_backup`: a look says whether there is one.
    """

    spec: OperationSpec
    state: Callable[[Target], State]
    satisfied: Callable[[Target, Any], bool | None]
    plan: Callable[[Api, Target, Any], Awaitable[Sequence[str]]]
    do: Callable[[Api, Target, Any, OpenstackSettings], Awaitable[str]]
    restarts: bool = False
    needs_backup: bool = False
