"""The login to a management server: made when it is first needed, made anew when it has expired, never more calls at a
time than allowed, each in a thread, since the SDK blocks.
"""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import anyio.to_thread
from pyVmomi import vim

from datacenter_mcp.contract.errors import InvalidRequest, RoomError, Unavailable
from datacenter_mcp.secrets import resolve
from datacenter_mcp.vmware import faults
from datacenter_mcp.vmware.settings import VmwareSettings
from datacenter_mcp.vmware.wire import Wire

T = TypeVar("T")
PATIENCE = 4
"""A call may last so many times the silence that is allowed: long answers come in portions, each in time."""


@dataclass(frozen=True, slots=True)
class Api:
    """What calls are made on: the wire, and the platform's own table of its parts."""

    wire: Wire
    content: Any


class VCenter:
    """One login, shared by all calls of a connection."""

    def __init__(self, settings: VmwareSettings) -> None:
        self.settings = settings
        self._api: Api | None = None
        self._lock = threading.Lock()
        self._slots = anyio.CapacityLimiter(settings.concurrency)

    async def read(self, doing: str, call: Callable[[Api], T]) -> T:
        """The value of a call that changes nothing; a lost connection is tried once more. Raises the contract's errors.
        `doing`: what is tried, as the begin of a sentence.
        """
        try:
            return await self._within(doing, call, sent=None)
        except RoomError as error:
            if not isinstance(error.__cause__, ConnectionError):
                raise
        return await self._within(doing, call, sent=None)

    async def write(self, doing: str, call: Callable[[Api], T]) -> T:
        """The same for a call that changes something: never made twice, unless the platform said that it refused it."""
        return await self._within(doing, call, sent=True)

    async def close(self) -> None:
        """Log out, as well as that goes, and let go of all connections."""
        api, self._api = self._api, None
        if api is None:
            return

        def leave() -> None:
            try:
                api.content.sessionManager.Logout()
            except (faults.FAULT, *faults.LOST):
                pass  # it ends by itself
            finally:
                api.wire.DropConnections()

        await anyio.to_thread.run_sync(leave, abandon_on_cancel=True)

    async def _within(self, doing: str, call: Callable[[Api], T], *, sent: bool | None) -> T:
        try:
            async with asyncio.timeout(PATIENCE * self.settings.timeout_seconds):
                return await anyio.to_thread.run_sync(
                    partial(self._call, doing, call, sent=sent),
                    abandon_on_cancel=True,
                    limiter=self._slots,
                )
        except TimeoutError as error:
            raise Unavailable(f"{doing}: no answer in time.", sent=sent) from error

    def _call(self, doing: str, call: Callable[[Api], T], *, sent: bool | None) -> T:
        api = self._entered(None)
        try:
            try:
                return call(api)
            except vim.fault.NotAuthenticated:
                return call(self._entered(api))  # refused for the login alone, so nothing was done
        except faults.FAULT as error:
            raise faults.of_fault(error, doing) from error
        except faults.LOST as error:
            raise faults.of_loss(error, doing, sent=sent) from error

    def _entered(self, expired: Api | None) -> Api:
        """The login. `expired`: the one that is of no use any more; only the first who says so logs in anew."""
        with self._lock:
            if self._api is not None and self._api is expired:
                self._api.wire.DropConnections()
                self._api = None
            if self._api is None:
                wire = self._wire()
                try:
                    self._api = self._login(wire)
                except RoomError:
                    wire.DropConnections()
                    raise
            return self._api

    def _wire(self) -> Wire:
        try:
            return Wire(self.settings)
        except OSError as error:  # also when it holds no certificate
            raise InvalidRequest(
                f"ca_file {self.settings.ca_file} cannot be used: {error}", sent=False
            ) from error

    def _login(self, wire: Wire) -> Api:
        settings = self.settings
        doing = f"Logging in to {settings.host} as {settings.username}"
        try:
            content: Any = vim.ServiceInstance("ServiceInstance", wire).RetrieveContent()
            content.sessionManager.Login(settings.username, resolve(settings.password))
        except faults.FAULT as error:
            raise faults.of_fault(error, doing) from error
        except faults.LOST as error:
            raise faults.of_loss(error, doing, sent=False) from error
        return Api(wire, content)
