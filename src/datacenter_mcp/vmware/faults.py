"""The vendor's faults, and those of the connection, as the contract's errors.

A fault says that the platform did not do it: `sent` is False then. Where it may have done something before, whoever
calls says so. Nobody above this room sees an error of pyVmomi.
"""

from http.client import HTTPException
from typing import Any
from xml.parsers.expat import ExpatError

from pyVmomi import vim, vmodl

from datacenter_mcp.contract.errors import (
    Broken,
    Conflict,
    NotFound,
    Refused,
    RoomError,
    Unavailable,
    Unsupported,
)
from datacenter_mcp.vmware.wire import NotConnectedError, UnreadableError

BUSY_SECONDS = 10.0
FAULTS: tuple[tuple[Any, type[RoomError], str], ...] = (
    (vim.fault.InvalidLogin, Unavailable, "it does not take our name and password"),
    (vim.fault.NotAuthenticated, Unavailable, "it does not know our login any more"),
    (vim.fault.NoPermission, Refused, "our account may not do that"),
    (vim.fault.RestrictedVersion, Refused, "its licence does not allow that"),
    (vim.fault.TaskInProgress, Conflict, "another task is at work there"),
    (vim.fault.ConcurrentAccess, Conflict, "somebody else changed it just now"),
    (vim.fault.ToolsUnavailable, Conflict, "the guest's tools do not run"),
    (vim.fault.InvalidState, Conflict, "its state does not allow that now"),
    (vim.fault.InsufficientResourcesFault, Refused, "there are not enough resources"),
    (vim.fault.HostConnectFault, Unavailable, "the host cannot be reached"),
    (vim.fault.Timedout, Unavailable, "it took too long"),
    (vim.fault.NotFound, NotFound, "there is no such thing"),
    (vmodl.fault.ManagedObjectNotFound, NotFound, "there is no such thing (any more)"),
    (vmodl.fault.HostCommunication, Unavailable, "the host cannot be reached"),
    (vmodl.fault.NotSupported, Unsupported, "it does not support that"),
    (vmodl.fault.MethodNotFound, Unsupported, "it does not know that method"),
    (vmodl.fault.NotImplemented, Unsupported, "it does not support that"),
    (vmodl.fault.InvalidArgument, Refused, "it takes one of the values for wrong"),
    (vmodl.fault.RequestCanceled, Conflict, "somebody cancelled it"),
)
"""Fault -> our error, and why in a few words; the first that fits."""

FAULT = vmodl.MethodFault
LOST = (OSError, HTTPException, ExpatError, UnreadableError)
"""What calls raise when there is no answer, or half of one."""


def of_fault(error: Any, doing: str, *, sent: bool | None = False) -> RoomError:
    """A fault of the platform. `doing`: what was tried, as the begin of a sentence."""
    said = _said(error)
    for fault, kind, why in FAULTS:
        if isinstance(error, fault):
            wait = BUSY_SECONDS if isinstance(error, vim.fault.TaskInProgress) else None
            return kind(f"{doing}: {why}{said}.", retry_after_seconds=wait, sent=sent)
    return Broken(f"{doing}: {type(error).__name__.rpartition('.')[2]}{said}.", sent=True)


def of_loss(error: Exception, doing: str, *, sent: bool | None) -> RoomError:
    """A connection that was not made, was lost, or whose answer cannot be read. `sent`: what a lost one may have done."""
    if isinstance(error, NotConnectedError):
        return Unavailable(f"{doing}: no connection ({error}).", sent=False)
    if isinstance(error, ExpatError | UnreadableError):
        return Broken(f"{doing}: the answer cannot be read.", sent=sent)
    if isinstance(error, TimeoutError):
        return Unavailable(f"{doing}: no answer in time.", sent=sent)
    return Unavailable(f"{doing}: the connection was lost ({type(error).__name__}).", sent=sent)


def _said(error: Any) -> str:
    privilege = getattr(error, "privilegeId", None)
    message = str(getattr(error, "msg", "") or "").strip().rstrip(".")
    words = [
        word for word in (message[:300], f"it needs {privilege}" if privilege else "") if word
    ]
    return f" ({'; '.join(words)})" if words else ""
