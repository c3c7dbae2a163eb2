"""What the room needs of a thing that holds volumes, whatever kind it is: a Linux host, a Ceph cluster."""

from collections.abc import Collection
from typing import Any, Protocol

from datacenter_mcp.contract.errors import RoomError
from datacenter_mcp.contract.reading import Failure, Health, Look, MetricsReport, Resource
from datacenter_mcp.grades import Proof
from datacenter_mcp.ids import ResourceName
from datacenter_mcp.room import Effect, Listing, OperationSpec


class System(Protocol):
    """One host or cluster. Native ids begin with its name. All raise the errors of the contract."""

    @property
    def name(self) -> str: ...

    @property
    def proof(self) -> Proof:
        """What was shown of its kind."""
        ...

    async def read(self, kinds: Collection[str], within: ResourceName | None) -> Listing:
        """All resources of these kinds; kinds that are not its own are nothing to it. `within`: what lies below it is
        enough, more does no harm; None: everything. One sick part of it is a failure of the listing.
        """
        ...

    async def describe(self, name: ResourceName) -> Resource:
        """One resource, read now. Raises `NotFound`."""
        ...

    async def health(self, name: ResourceName | None) -> Health:
        """Of one resource; None: of the system as a whole."""
        ...

    async def metrics(self, name: ResourceName) -> MetricsReport:
        """The numbers of one resource, read now."""
        ...

    async def look(self, operation: OperationSpec, name: ResourceName, parameters: Any) -> Look:
        """The target of an operation as it is."""
        ...

    async def act(
        self, operation: OperationSpec, name: ResourceName, parameters: Any, *, dry_run: bool
    ) -> Effect:
        """Do the operation, unless it is so already or `dry_run`."""
        ...

    async def close(self) -> None:
        """Let go of its connection."""
        ...


def failure(part: str, error: RoomError) -> Failure:
    """A part that could not be read."""
    return Failure(part=part, kind=error.report.kind, message=error.report.message)


def joined(*parts: Listing) -> Listing:
    """Several listings as one."""
    return Listing(
        [resource for part in parts for resource in part.resources],
        [failure for part in parts for failure in part.failures],
    )
