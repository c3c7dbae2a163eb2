"""Reads all systems of a connection, many at a time; a sick one is a failure in the answer and never stops the others."""

import asyncio

from datacenter_mcp.contract.errors import InvalidRequest, NotFound, RoomError
from datacenter_mcp.contract.reading import Health, HealthStatus, MetricsReport, Resource
from datacenter_mcp.contract.vocabulary.storage import STORAGE
from datacenter_mcp.ids import Naming, ResourceName
from datacenter_mcp.room import Listing
from datacenter_mcp.storage.session import Systems
from datacenter_mcp.storage.system import System, failure, joined

KINDS = tuple(sorted(STORAGE))


class StorageReader:
    """Everything that can be read of a connection."""

    def __init__(self, naming: Naming, systems: Systems) -> None:
        self._naming = naming
        self._systems = systems
        self._slots = asyncio.Semaphore(systems.concurrency)

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        """All resources of a kind; below a resource where a parent is given."""
        if kind is not None and kind not in KINDS:
            raise InvalidRequest(f"No kind {kind!r}; there are: {', '.join(KINDS)}.")
        kinds = KINDS if kind is None else (kind,)
        within = None if parent is None else self._naming.parse(parent)
        chosen = list(self._systems.by_name.values())
        if within is not None:
            chosen = [self._systems.of(within)]

        async def read(system: System) -> Listing:
            async with self._slots:
                try:
                    return await system.read(kinds, within)
                except RoomError as error:
                    return Listing([], [failure(system.name, error)])

        found = joined(*await asyncio.gather(*(read(system) for system in chosen)))
        wanted = [one for one in found.resources if parent is None or one.parent == parent]
        return Listing(wanted, found.failures)

    async def describe(self, resource_id: str) -> Resource:
        """One resource, read now. Raises `NotFound`."""
        name = self._named(resource_id)
        return await self._systems.of(name).describe(name)

    async def metrics(self, resource_id: str) -> MetricsReport:
        """The numbers of one resource, read now."""
        name = self._named(resource_id)
        return await self._systems.of(name).metrics(name)

    async def health(self, resource_id: str | None) -> Health:
        """Of one resource; of the connection: of its systems. A snapshot that is there is well."""
        if resource_id is None:
            return await self._all_health()
        name = self._named(resource_id)
        return await self._systems.of(name).health(name)

    def _named(self, resource_id: str) -> ResourceName:
        name = self._naming.parse(resource_id)
        if name.kind not in KINDS:
            raise NotFound(f"There is no kind {name.kind!r} here.")
        return name

    async def _all_health(self) -> Health:
        """Failed when every system has failed, degraded when any is not well."""

        async def one(system: System) -> Health:
            async with self._slots:
                try:
                    return await system.health(None)
                except RoomError as error:
                    return Health(status=HealthStatus.FAILED, reasons=[error.report.message])

        found = {
            system.name: health
            for system, health in zip(
                self._systems.by_name.values(),
                await asyncio.gather(*map(one, self._systems.by_name.values())),
                strict=True,
            )
        }
        statuses = {health.status for health in found.values()}
        if statuses == {HealthStatus.OK}:
            return Health(status=HealthStatus.OK)
        failed = statuses == {HealthStatus.FAILED}
        return Health(
            status=HealthStatus.FAILED if failed else HealthStatus.DEGRADED,
            reasons=[
                f"{name}: {reason}" for name, health in found.items() for reason in health.reasons
            ],
        )
