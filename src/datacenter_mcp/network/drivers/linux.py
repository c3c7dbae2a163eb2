"""Linux machines: iproute2's JSON and sysfs. A change is one `ip link set`, a restart one command that outlives us."""

import asyncio
from collections.abc import Sequence

from pydantic import TypeAdapter

from datacenter_mcp.contract.errors import Broken
from datacenter_mcp.network.drivers import linux_answers, lldp_answers
from datacenter_mcp.network.nouns import DeviceInfo, Driver, Interface, Neighbour, Route
from datacenter_mcp.network.paths import owner_of
from datacenter_mcp.network.settings import DeviceSettings
from datacenter_mcp.readings import Reading, parsed
from datacenter_mcp.shell.command import Shell

READ_LINKS = "ip -j -s -d address show && { grep -sH . /sys/class/net/*/speed /sys/class/net/*/carrier_down_count; :; }"
READ_DEVICE = "uname -n; uname -sr; cat /proc/uptime"
READ_SESSION = 'echo "$SSH_CONNECTION"; ip -j route get "${SSH_CONNECTION%% *}"'
# lldpd may be missing, ended, or for others only (Debian: the group adm); then nobody announces itself to us.
READ_LLDP = 'PATH=$PATH:/usr/sbin; command -v lldpcli >/dev/null && "$@" 2>/dev/null; :'
HOPS = TypeAdapter(list[linux_answers.Hop])

# $1 interface, $2 seconds down, then the prefix (sudo -n, or nothing). Setting a link down drops its routes and its
# IPv6 addresses, so both are noted and put back; what a routing daemon or the kernel adds comes back by itself.
# `up` is tried several times: nobody may be there to try it again.
BOUNCE = """
dev=$1; pause=$2; shift 2; set -f
kept() { ip $1 route show dev "$dev" | grep -vE 'proto (kernel|zebra|bgp|ospf|isis|rip|babel|bird|ra|dhcp)' | sed 's/ linkdown//;s/ dead//'; }
r4=$(kept -4); r6=$(kept -6)
a6=$(ip -6 -o address show dev "$dev" scope global permanent | sed 's/.*inet6 //;s/ .*//')
"$@" ip link set dev "$dev" down
sleep "$pause"
for try in 1 2 3 4 5; do "$@" ip link set dev "$dev" up && break; sleep 1; done
for a in $a6; do "$@" ip -6 address replace "$a" dev "$dev"; done
echo "$r4" | while read -r r; do [ -n "$r" ] && "$@" ip -4 route replace $r dev "$dev"; done
echo "$r6" | while read -r r; do [ -n "$r" ] && "$@" ip -6 route replace $r dev "$dev"; done
"""
# A session of its own, with no stream to ours: it neither keeps the channel open nor dies with it.
DETACHED = 'setsid sh -c "$0" sh "$@" </dev/null >/dev/null 2>&1 &'


class LinuxDriver(Driver):
    """A device with iproute2 that we reach by a shell account, or this machine."""

    bounces_detached = True

    def __init__(self, settings: DeviceSettings, shell: Shell) -> None:
        self._settings = settings
        self._shell = shell
        self._prefix = ["sudo", "-n"] if settings.sudo else []
        socket = ["-u", settings.lldp_socket] if settings.lldp_socket else []
        self._lldp = [*self._prefix, "lldpcli", *socket, "-f", "json0", "show", "neighbors"]

    async def device(self) -> Reading[DeviceInfo]:
        reading = await self._read("uname", ["sh", "-c", READ_DEVICE])
        lines = reading.value.splitlines()
        try:
            hostname, software, uptime = lines[0], lines[1], float(lines[2].split()[0])
        except (IndexError, ValueError) as error:
            raise Broken(f"{self._settings.name} does not answer like a Linux machine.") from error
        return reading.holding(DeviceInfo(hostname, software, uptime))

    async def interfaces(self) -> Reading[Sequence[Interface]]:
        reading = await self._read("ip address show", ["sh", "-c", READ_LINKS])
        return reading.holding(linux_answers.interfaces(reading.value))

    async def routes(self) -> Reading[Sequence[Route]]:
        first, second = await asyncio.gather(
            self._read("ip route show", ["ip", "-j", "-4", "route", "show"]),
            self._read("ip route show", ["ip", "-j", "-6", "route", "show"]),
        )
        found = [
            *linux_answers.routes("ipv4", first.value),
            *linux_answers.routes("ipv6", second.value),
        ]
        return Reading(found, first.tool, first.payload + second.payload, first.arguments)

    async def neighbours(self) -> Sequence[Reading[Sequence[Neighbour]]]:
        near, announced = await asyncio.gather(
            self._read("ip neigh show", ["ip", "-j", "neigh", "show"]),
            self._read("lldpcli show neighbors", ["sh", "-c", READ_LLDP, "sh", *self._lldp]),
        )
        return [
            near.holding(linux_answers.neighbours(near.value)),
            announced.holding(lldp_answers.neighbours(announced.value)),
        ]

    async def entrances(self, interfaces: Sequence[Interface]) -> frozenset[str] | None:
        """Over SSH: who has the session's address, and where answers go out. On this machine: the way of the default
        route, since that is how the machine is reached from elsewhere.
        """
        if self._shell.local:
            return await self._default_ways() or None
        said = (await self._shell.run(["sh", "-c", READ_SESSION])).stdout
        session, _, route = said.partition("\n")
        words = session.split()
        if len(words) != 4:
            return None
        inward, outward = owner_of(interfaces, words[2]), _ways(route)
        return frozenset({inward, *outward}) if inward and outward else None

    async def set_admin(self, name: str, *, up: bool) -> str:
        state = "up" if up else "down"
        argv = [*self._prefix, "ip", "link", "set", "dev", name, state]
        (await self._shell.run(argv)).wanted(
            f"ip link set {name} {state} on {self._settings.name}"
        )
        return f"ip link set dev {name} {state}"

    async def bounce(self, name: str, down_seconds: int) -> str:
        await self.set_admin(name, up=True)  # it is up: this only shows whether we may
        argv = ["sh", "-c", DETACHED, BOUNCE, name, str(down_seconds), *self._prefix]
        (await self._shell.run(argv)).wanted(f"the restart of {name} on {self._settings.name}")
        return f"started on the device: {name} down, {down_seconds} s later up again"

    async def close(self) -> None:
        await self._shell.close()

    async def _default_ways(self) -> frozenset[str]:
        """The interfaces of the default routes, of both families."""
        answers = [
            await self._shell.run(["ip", "-j", family, "route", "show", "default"])
            for family in ("-4", "-6")
        ]
        return frozenset().union(*(_ways(answer.stdout) for answer in answers))

    async def _read(self, tool: str, argv: list[str]) -> Reading[str]:
        text = (await self._shell.run(argv)).wanted(f"{tool} on {self._settings.name}")
        return Reading(text, tool, text, {"device": self._settings.name, "argv": argv})


def _ways(text: str) -> frozenset[str]:
    """The interfaces that an answer of `ip -j route` names; no answer: none."""
    hops = parsed(HOPS, text, "ip route") if text.strip() else []
    return frozenset(hop.dev for hop in hops if hop.dev)
