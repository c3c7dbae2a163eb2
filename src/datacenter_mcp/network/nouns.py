"""What drivers return, the same for every kind of device; and what a driver has to do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, Self

from datacenter_mcp.contract.errors import Unsupported
from datacenter_mcp.contract.reading import Scalar
from datacenter_mcp.readings import Reading


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """A device as a whole. None: it does not tell."""

    hostname: str | None
    software: str | None
    uptime_seconds: float | None
    model: str | None = None
    serial_number: str | None = None


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface. `counters`: name with unit -> value since some start of the device's own; empty: it has none.

    `bounces` counts how often the link went down; None: the device does not count. `lower`: interfaces that this one
    stands on (the parent of a VLAN). `master`: the bridge or bond that it belongs to.
    """

    name: str
    admin_up: bool
    oper_state: str
    mtu: int | None = None
    mac: str | None = None
    addresses: tuple[str, ...] = ()
    description: str | None = None
    speed_mbps: int | None = None
    kind: str | None = None
    master: str | None = None
    lower: tuple[str, ...] = ()
    bounces: int | None = None
    counters: Mapping[str, int] = field(default_factory=dict)

    @property
    def admin_state(self) -> str:
        """`up` or `down`, as the operator set it."""
        return "up" if self.admin_up else "down"

    @property
    def errors(self) -> tuple[int, ...]:
        """The values of its error counters."""
        return tuple(count for name, count in self.counters.items() if name.endswith("_errors"))

    @property
    def error_free(self) -> bool | None:
        """Whether all error counters are zero; None: it has none."""
        return not any(self.errors) if self.errors else None


@dataclass(frozen=True, slots=True)
class Route:
    """A route in use. `key` is unique on its device and stable."""

    key: str
    prefix: str
    protocol: str
    next_hops: tuple[str, ...]
    metric: int | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Whom the device talks to. `key` is unique on its device; `protocol` as in the vocabulary.

    `established`: whether it is as it should be; None: it cannot be told (a stale cache entry is nothing bad).
    """

    key: str
    protocol: str
    address: str
    state: str
    interface: str | None
    established: bool | None
    facts: Mapping[str, Scalar] = field(default_factory=dict)

    @classmethod
    def announced(cls, protocol: str, here: str, system: str | None, port: str) -> Self:
        """Who announces itself at our interface `here` (LLDP, CDP): what it calls itself, None where it does not say, and
        its port. That is all it takes to draw the cable between the two.
        """
        return cls(
            key=f"{protocol}/{here}/{system or port}",
            protocol=protocol,
            address=port,
            state="seen",
            interface=here,
            established=None,
            facts={"system_name": system, "port_name": port},
        )


@dataclass(frozen=True, slots=True)
class Vlan:
    """A VLAN of a switch, with the names of the interfaces that carry it untagged."""

    number: int
    name: str | None
    interfaces: tuple[str, ...]


NO_CLEARING = {
    "clear_interface_errors": "Neither Linux nor FRR can clear the counters of an interface."
}


class Driver(Protocol):
    """One device. Every method raises the errors of the contract. What has a body is for devices that lack the thing."""

    interface_names: ClassVar[re.Pattern[str]] = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}")
    """The names that may go into a command, whatever a device or a caller said."""

    cannot: ClassVar[Mapping[str, str]] = NO_CLEARING
    """Operation -> why no device of this kind can do it; all others it can."""

    needs_backup: ClassVar[bool] = False
    """Whether `configuration` is to be kept before a change."""

    async def device(self) -> Reading[DeviceInfo]:
        """Who it is; cheap, so it also tells whether it answers."""
        ...

    async def interfaces(self) -> Reading[Sequence[Interface]]:
        """All interfaces, loopbacks too."""
        ...

    async def routes(self) -> Reading[Sequence[Route]]:
        """The routes in use."""
        ...

    async def neighbours(self) -> Sequence[Reading[Sequence[Neighbour]]]:
        """Neighbours by protocol; what the device does not speak is left out."""
        ...

    async def vlans(self) -> Sequence[Reading[Sequence[Vlan]]]:
        """Its VLANs, in one reading; none: it has no such thing."""
        return ()

    async def configuration(self) -> str:
        """What it runs with, as text that it would take back."""
        raise Unsupported("This device has no configuration of its own.", sent=False)

    async def entrances(self, interfaces: Sequence[Interface]) -> frozenset[str] | None:
        """The interfaces that our session comes in and goes out by; None: could not be found out."""
        ...

    @property
    def bounces_detached(self) -> bool:
        """Whether a restart goes on when our session is lost. False: `bounce` answers when it is over."""
        ...

    async def set_admin(self, name: str, *, up: bool) -> str:
        """Set the wanted state of an interface; a sentence of what was done. `name` is validated already."""
        ...

    async def bounce(self, name: str, down_seconds: int) -> str:
        """Restart an interface; a sentence of what was started or done."""
        ...

    async def clear_errors(self, name: str) -> str:
        """Set the counters of an interface to zero; a sentence of what was done."""
        raise Unsupported(self.cannot["clear_interface_errors"], sent=False)

    async def close(self) -> None:
        """Let go of the connection."""
        ...
