"""FRR routers, by vtysh. Changes go through FRR's configuration, so that FRR and the kernel agree; nothing is saved to disk.

On a shell account the kernel is asked for links (FRR 8.4 reports no counters) and a restart goes on without us. Where
the login is vtysh itself, everything comes from FRR, and a restart is one input that the device has as a whole.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from datacenter_mcp.contract.errors import Broken, Refused
from datacenter_mcp.network.drivers import frr_answers
from datacenter_mcp.network.drivers.linux import DETACHED, LinuxDriver
from datacenter_mcp.network.nouns import DeviceInfo, Driver, Interface, Neighbour, Route
from datacenter_mcp.network.paths import owner_of
from datacenter_mcp.network.settings import DeviceSettings
from datacenter_mcp.readings import Reading
from datacenter_mcp.shell.command import Shell

# $1 interface, $2 seconds down, then vtysh and its options.
BOUNCE = """
dev=$1; pause=$2; shift 2
"$@" -c "configure terminal" -c "interface $dev" -c "shutdown"
sleep "$pause"
for try in 1 2 3 4 5; do
  "$@" -c "configure terminal" -c "interface $dev" -c "no shutdown" && break; sleep 1
done
"""


class FrrDriver(Driver):
    """A router that runs FRR."""

    def __init__(self, settings: DeviceSettings, shell: Shell) -> None:
        self._settings = settings
        self._shell = shell
        self._linux = LinuxDriver(settings, shell) if settings.frr_access == "shell" else None
        namespace = ["-N", settings.frr_namespace] if settings.frr_namespace else []
        self._vtysh = [*(["sudo", "-n"] if settings.sudo else []), "vtysh", *namespace]

    @property
    def bounces_detached(self) -> bool:
        return self._linux is not None

    async def device(self) -> Reading[DeviceInfo]:
        reading, uptime = await asyncio.gather(self._show("show version"), self._uptime())
        version = next(
            (ln for ln in reading.value.splitlines() if ln.startswith("FRRouting")), None
        )
        if version is None:
            raise Broken(f"{self._settings.name} does not answer like an FRR router.")
        _, _, hostname = version.partition("(")
        known = hostname.partition(")")[0] or None
        return reading.holding(DeviceInfo(known, version.partition(" (")[0], uptime))

    async def interfaces(self) -> Reading[Sequence[Interface]]:
        if self._linux is None:
            reading = await self._show_json("show interface json")
            return reading.holding(frr_answers.interfaces(reading.value))
        links, reading = await asyncio.gather(
            self._linux.interfaces(), self._show_json("show interface json")
        )
        known = frr_answers.interfaces(reading.value)
        described = {interface.name: interface.description for interface in known}
        return links.holding(
            [replace(link, description=described.get(link.name)) for link in links.value]
        )

    async def routes(self) -> Reading[Sequence[Route]]:
        commands = ("show ip route json", "show ipv6 route json")
        first, second = await self._show_each(*commands)
        found = [
            *frr_answers.routes("ipv4", frr_answers.document(first.value, commands[0])),
            *frr_answers.routes("ipv6", frr_answers.document(second.value, commands[1])),
        ]
        return Reading(found, first.tool, first.payload + second.payload, first.arguments)

    async def neighbours(self) -> Sequence[Reading[Sequence[Neighbour]]]:
        commands = {"show bgp summary json": frr_answers.bgp,
                    "show ip ospf neighbor json": frr_answers.ospf}  # fmt: skip
        near, answers = await asyncio.gather(self._near(), self._show_each(*commands))
        return [
            *near,
            *(
                reading.holding(read(frr_answers.document(reading.value, reading.tool)))
                for reading, read in zip(answers, commands.values(), strict=True)
                if "{" in reading.value  # else a sentence: the protocol is not configured here
            ),
        ]

    async def entrances(self, interfaces: Sequence[Interface]) -> frozenset[str] | None:
        if self._linux:
            return await self._linux.entrances(interfaces)
        ends = await self._shell.ends()
        inward = owner_of(interfaces, ends.device) if ends else None
        if ends is None or inward is None:
            return None
        command = f"show {'ipv6' if ':' in ends.ours else 'ip'} route {ends.ours} json"
        outward = frr_answers.route_interfaces((await self._show_json(command)).value)
        return frozenset({inward, *outward}) if outward else None

    async def set_admin(self, name: str, *, up: bool) -> str:
        before = await self._configuration(name)
        word = "no shutdown" if up else "shutdown"
        await self._configure(f"interface {name}", word)
        return f"{word} on interface {name}; its configuration before: {before or 'none'}"

    async def bounce(self, name: str, down_seconds: int) -> str:
        before = await self._configuration(name)
        if self._linux:
            argv = ["sh", "-c", DETACHED, BOUNCE, name, str(down_seconds), *self._vtysh]
            (await self._shell.run(argv)).wanted(f"the restart of {name} on {self._settings.name}")
        else:
            await self._configure(f"interface {name}", "shutdown", "no shutdown")
        return f"started: shutdown, no shutdown on {name}; its configuration: {before or 'none'}"

    async def close(self) -> None:
        await self._shell.close()

    async def _configuration(self, name: str) -> str:
        """The running configuration of one interface, its lines joined by semicolons; empty: it has none."""
        lines = (await self._show("show running-config")).value.splitlines()
        start = next(
            (i for i, line in enumerate(lines) if line.strip() == f"interface {name}"), None
        )
        if start is None:
            return ""
        inner = []
        for line in lines[start + 1 :]:
            if not line.startswith(" "):
                break
            inner.append(line.strip())
        return "; ".join(inner)

    async def _configure(self, *lines: str) -> None:
        said = await self._run("configure terminal", *lines, "end")
        complaint = next((ln for ln in said.splitlines() if ln.lstrip().startswith("%")), None)
        if complaint:
            raise Refused(f"{self._settings.name} refused the change: {complaint.strip()[:200]}")

    async def _uptime(self) -> float | None:
        return (await self._linux.device()).value.uptime_seconds if self._linux else None

    async def _near(self) -> Sequence[Reading[Sequence[Neighbour]]]:
        return await self._linux.neighbours() if self._linux else ()

    async def _show_each(self, *commands: str) -> Sequence[Reading[str]]:
        """Several answers of one vtysh where we start it: that takes longer than to answer."""
        if self._linux is None:
            return [await self._show(command) for command in commands]
        words = [word for command in commands for word in ("-c", command)]
        result = await self._shell.run([*self._vtysh, "-E", *words])
        told = frr_answers.echoed(result.stdout, commands)
        if not told:
            what = f"vtysh ({commands[0]}) on {self._settings.name}"
            raise Broken(f"{what} answered something else: {result.wanted(what)[:200]!r}")
        where = {"device": self._settings.name}
        found = [
            Reading(text, command, text, where)
            for command, text in zip(commands, told, strict=False)
        ]
        left = commands[len(told) :]  # vtysh gives up where a daemon does not run; the others do
        return [*found, *(await self._show_each(*left) if left else ())]

    async def _show_json(self, command: str) -> Reading[str]:
        reading = await self._show(command)
        return reading.holding(frr_answers.document(reading.value, command))

    async def _show(self, command: str) -> Reading[str]:
        text = await self._run(command)
        return Reading(text, command, text, {"device": self._settings.name})

    async def _run(self, *lines: str) -> str:
        if self._linux is None:
            result = await self._shell.run([], stdin="\n".join(lines) + "\n")
        else:
            words = [word for line in lines for word in ("-c", line)]
            result = await self._shell.run([*self._vtysh, *words])
        return result.wanted(f"vtysh ({lines[0]}) on {self._settings.name}")
