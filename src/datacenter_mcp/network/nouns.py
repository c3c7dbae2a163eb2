"""What drivers return, the same for every kind of device; and what a driver has to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from datacenter_mcp.contract.reading import Scalar
from datacenter_mcp.readings import Reading


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """A device as a whole. None: it does not tell."""

    hostname: str | None
    software: str | None
    uptime_seconds: float | None


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
    """Whom the device talks to. `key` is unique on its device; `protocol` is `arp`, `nd`, `bgp` or `ospf`.

    `established`: whether it is as it should be; None: it cannot be told (a stale cache entry is nothing bad).
    """

    key: str
    protocol: str
    address: str
    state: str
    interface: str | None
    established: bool | None
    facts: Mapping[str, Scalar] = field(default_factory=dict)


class Driver(Protocol):
    """One device. Every method raises the errors of the contract."""

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

    async def entrances(self, interfaces: Sequence[Interface]) -> frozenset[str] | None:
        """The interfaces that our session comes in and goes out by; None: could not be found out."""
        ...

    @property
    def bounces_detached(self) -> bool:
        """Whether a restart goes on when our session is lost."""
        ...

    async def set_admin(self, name: str, *, up: bool) -> str:
        """Set the wanted state of an interface; a sentence of what was done. `name` is validated already."""
        ...

    async def bounce(self, name: str, down_seconds: int) -> str:
        """Start a restart of an interface that goes on without us; a sentence of what was started."""
        ...
