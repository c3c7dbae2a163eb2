"""What `serving` needs of a room: one platform behind one connection. Each room implements it; none knows another.

A room raises the errors of `contract.errors` and nothing else that it expects. It holds no memory of what was asked;
paging, idempotency and mutual exclusion are the server's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from datacenter_mcp.contract.reading import (
    Failure,
    Health,
    Look,
    MetricsReport,
    Resource,
    Scalar,
    Wire,
)
from datacenter_mcp.grades import Proof

State = dict[str, Scalar | list[Scalar]]


class NoParameters(Wire):
    """For operations that need only a target."""


@dataclass(frozen=True, slots=True)
class OperationSpec:
    """One operation of a room. `parameters` is closed: unknown ones are an error. `destructive` as in MCP's hint: it takes
    something away that the operation itself does not bring back.
    """

    name: str
    summary: str
    parameters: type[Wire] = NoParameters
    destructive: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Resources in any order, and the parts that could not be read."""

    resources: Sequence[Resource]
    failures: Sequence[Failure] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What an operation did; the fields of `OperationResult` that a room knows. As it is: nothing changed."""

    before: State
    after: State
    changed: bool = False
    would: Sequence[str] = ()
    detail: str = ""


class Room(Protocol):
    """One platform, read and acted upon."""

    @property
    def platform(self) -> str: ...

    @property
    def connection(self) -> str: ...

    @property
    def operations(self) -> Sequence[OperationSpec]:
        """All operations of the platform, in catalogue order; also those that cannot be done here."""
        ...

    def drivers(self, target: str | None) -> Sequence[Proof]:
        """What acts on a target, or (None) on anything of the connection; the server offers what was shown of it. Asks
        nobody. Raises `InvalidRequest` or `NotFound`, with `sent` False.
        """
        ...

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        """All of a kind, or below a parent. Raises `InvalidRequest` for a kind that the room does not have."""
        ...

    async def describe(self, resource_id: str) -> Resource:
        """One resource, read now. Raises `NotFound`."""
        ...

    async def health(self, resource_id: str | None) -> Health:
        """Of one resource, or (None) of the connection as a whole; then it never raises for a sick platform."""
        ...

    async def metrics(self, resource_id: str) -> MetricsReport:
        """The numbers of one resource, read now. Raises `NotFound`."""
        ...

    async def look(self, operation: OperationSpec, target: str, parameters: Any) -> Look:
        """The target as it is; changes nothing. `parameters` is an instance of the operation's model."""
        ...

    async def act(
        self, operation: OperationSpec, target: str, parameters: Any, *, dry_run: bool
    ) -> Effect:
        """Do it, unless it is so already or `dry_run`."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...
