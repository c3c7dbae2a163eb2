"""Switches and routers with a Cisco-like command line (IOS and what resembles it), over SSH with netmiko.

Changes go to the running configuration only; nothing is saved. The device cannot finish a restart without us, so what
may carry our session is not restarted, and a session that is lost on the way is made anew to set the port up again.
"""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, TypeVar

from datacenter_mcp.contract.errors import Broken, Unavailable
from datacenter_mcp.network.drivers import ios_answers
from datacenter_mcp.network.drivers.ios_terminal import IosTerminal
from datacenter_mcp.network.nouns import DeviceInfo, Driver, Interface, Neighbour, Route, Vlan
from datacenter_mcp.network.settings import DeviceSettings
from datacenter_mcp.readings import Reading

T = TypeVar("T")
BACK_TRIES = 5
"""How often a lost device is tried again for setting a port up; one second apart, beside what a login takes."""

NEIGHBOURS = {
    "show ip arp": ios_answers.arp,
    "show lldp neighbors detail": ios_answers.lldp,
    "show cdp neighbors detail": ios_answers.cdp,
}


def open_ios(settings: DeviceSettings) -> "IosDriver":
    """The driver of one device; nothing is connected yet."""
    return IosDriver(settings, IosTerminal(settings))


class IosDriver(Driver):
    """One device, with a thread of its own: calls wait for each other, and a device that hangs holds up no other."""

    interface_names = re.compile(r"[A-Za-z][A-Za-z-]{1,30}[0-9]+(/[0-9]+){0,3}([.:][0-9]+)?")
    cannot: ClassVar = {}
    needs_backup = True
    bounces_detached = False

    def __init__(self, settings: DeviceSettings, terminal: IosTerminal) -> None:
        self._settings = settings
        self._terminal = terminal
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"ios-{settings.name}")

    async def device(self) -> Reading[DeviceInfo]:
        reading = await self._show("show version")
        return reading.holding(ios_answers.device(None, reading.value))

    async def interfaces(self) -> Reading[Sequence[Interface]]:
        reading = await self._show("show interfaces")
        if reading.value is None:
            raise Broken(f"{self._settings.name} does not know `show interfaces`.")
        return reading.holding(ios_answers.interfaces(reading.value))

    async def routes(self) -> Reading[Sequence[Route]]:
        reading = await self._show("show ip route")
        return reading.holding(ios_answers.routes(reading.value or ""))

    async def neighbours(self) -> Sequence[Reading[Sequence[Neighbour]]]:
        found: list[Reading[Sequence[Neighbour]]] = []
        for command, read in NEIGHBOURS.items():
            reading = await self._show(command)
            if reading.value is not None:
                found.append(reading.holding(read(reading.value)))
        return found

    async def vlans(self) -> Sequence[Reading[Sequence[Vlan]]]:
        reading = await self._show("show vlan")
        if reading.value is None:
            return ()
        return (reading.holding(ios_answers.vlans(reading.value)),)

    async def configuration(self) -> str:
        return await self._in_thread(self._terminal.configuration)

    async def entrances(self, interfaces: Sequence[Interface]) -> frozenset[str] | None:
        """Not known: a session comes in by a VLAN that many ports may carry. The owner names the port."""
        return None

    async def set_admin(self, name: str, *, up: bool) -> str:
        word = "no shutdown" if up else "shutdown"
        await self._in_thread(lambda: self._terminal.configure(f"interface {name}", word))
        return f"{word} on interface {name}"

    async def bounce(self, name: str, down_seconds: int) -> str:
        """In the thread as a whole: a caller that goes away does not leave the port shut."""
        await self._in_thread(lambda: self._bounce(name, down_seconds))
        return f"shutdown, {down_seconds} s later no shutdown on interface {name}"

    async def clear_errors(self, name: str) -> str:
        await self._in_thread(lambda: self._terminal.confirmed(f"clear counters {name}"))
        return f"clear counters {name}"

    async def close(self) -> None:
        await self._in_thread(self._terminal.close)
        self._thread.shutdown(wait=False)

    def _bounce(self, name: str, down_seconds: int) -> None:
        try:
            self._terminal.configure(f"interface {name}", "shutdown")
        except Unavailable as error:
            if error.report.sent is not False:
                self._bring_back(name)
            raise
        time.sleep(down_seconds)
        self._bring_back(name)

    def _bring_back(self, name: str) -> None:
        for left in reversed(range(BACK_TRIES)):
            try:
                return self._terminal.configure(f"interface {name}", "no shutdown")
            except Unavailable as error:
                if not left:
                    raise Unavailable(
                        f"{name} was shut, and {self._settings.name} does not answer: it may still be shut.",
                        sent=True,
                    ) from error
            time.sleep(1)
        return None

    async def _show(self, command: str) -> Reading[str | None]:
        [text] = await self._in_thread(lambda: self._terminal.show(command))
        return Reading(text, command, text or "", {"device": self._settings.name})

    async def _in_thread(self, do: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, do)
