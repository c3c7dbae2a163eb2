"""The estate, read and acted upon; behind it are MCP servers. Reads and writes are two ports, so that a reader cannot act."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from datacenter_docs.domain.errors import Refused, Unsupported
from datacenter_docs.domain.estate import Health, Look, Resource
from datacenter_docs.domain.surveys import MissingPart
from datacenter_docs.ports.estate import KeptPayload


@dataclass(frozen=True, slots=True)
class ConnectionInfo:
    """One configured connection, without secrets. `allow_writes` False: it can only be read."""

    name: str
    platform: str
    transport: str
    allow_writes: bool
    server: str


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """The result of testing a connection; `error` None: it answered. `milliseconds` of the health call."""

    name: str
    ok: bool
    health: Health | None
    tools: tuple[str, ...]
    operations: Mapping[str, bool]
    milliseconds: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A part that could not be read: connection, part (a device; empty: all of it) and why."""

    connection: str
    part: str
    reason: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """Resources in a stable order, and what is missing."""

    resources: tuple[Resource, ...]
    gaps: tuple[Gap, ...] = ()


class PlatformReader(Protocol):
    """Reads. Raises `Unavailable` when the server does not answer in time, `Broken` for an answer that makes no sense."""

    def connections(self) -> Sequence[ConnectionInfo]:
        """All configured connections, by name."""
        ...

    async def test(self, connection: str) -> ConnectionReport:
        """Connect, list tools, ask for health; never raises for a sick server. Raises `NotFound` for an unknown name."""
        ...

    async def inventory(
        self, platform: str, *, kind: str | None = None, parent: str | None = None
    ) -> Inventory:
        """All resources of a kind over all connections of a platform; a sick connection becomes a gap."""
        ...

    async def describe(self, resource_id: str) -> Resource:
        """One resource, read now. Raises `NotFound`."""
        ...

    async def health(self, resource_id: str) -> Health:
        """The health of one resource, read now."""
        ...

    async def system_health(self, resource_id: str) -> Health:
        """The health of the system that the resource belongs to: its topmost parent (the device, the host), read now."""
        ...

    async def look(self, operation: str, target: str, parameters: Mapping[str, Any]) -> Look:
        """The target of an operation as it is now; changes nothing."""
        ...

    async def can(self, operation: str, target: str) -> Refused | Unsupported | None:
        """None: the operation is offered for this target, and its connection may write. `Unsupported`: what stands behind
        the target does not do it; `Refused`: the owner of the connection does not let us.
        """
        ...


@dataclass(frozen=True, slots=True)
class ListedPage:
    """Some resources of a connection, and what is missing of them. `measured`: by kind, the attributes that move by themselves.

    `passing`: kinds that come and go by themselves; `happening`: kinds that are no things at all, and nothing to remember.
    """

    resources: Sequence[Resource]
    gaps: Sequence[MissingPart] = ()
    measured: Mapping[str, frozenset[str]] = field(default_factory=dict)
    passing: frozenset[str] = frozenset()
    happening: frozenset[str] = frozenset()


class PlatformLister(Protocol):
    """Reads all that a connection has, page by page, so that nobody holds it whole. Called by surveys."""

    def pages(self, connection: str) -> AsyncIterator[ListedPage]:
        """Everything, in the order of ids; the same gap may be told with every page. Raises `NotFound` for an unknown
        connection, and what `PlatformReader` raises, also after some pages.
        """
        ...

    async def payloads(self, connection: str, hashes: Sequence[str]) -> Sequence[KeptPayload]:
        """Raw answers that were read a moment ago, without secrets; those that the server does not have are not among them."""
        ...


@dataclass(frozen=True, slots=True)
class Acted:
    """What the platform said. Not proof: look again."""

    changed: bool
    detail: str


class PlatformActuator(Protocol):
    """Writes: one journaled action at a time, called by `services.executing` only."""

    async def act(
        self,
        operation: str,
        target: str,
        parameters: Mapping[str, Any],
        *,
        baseline: Look,
        idempotency_key: str,
        dry_run: bool,
    ) -> Acted:
        """Do it, unless it is so by now or the marker is no longer that of `baseline`, which whoever asks has seen: the hands
        look once more, so that a call which slept on its way does nothing when another one came before it. Raises `Refused`, `Unsupported`, `NotFound` or `Invalid` when it certainly was not done, `Unavailable` or
        `Broken` when it may have been: then look.
        """
        ...


@dataclass(frozen=True, slots=True)
class Platforms:
    """The three ports, over the same connections."""

    reader: PlatformReader
    actuator: PlatformActuator
    lister: PlatformLister
