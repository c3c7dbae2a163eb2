"""Reads hosts, many at a time; one sick host is a failure in the answer and never stops the others."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from datacenter_mcp.contract.errors import InvalidRequest, NotFound, RoomError, Unavailable
from datacenter_mcp.contract.reading import (
    Failure,
    Health,
    HealthStatus,
    MetricsReport,
    Resource,
)
from datacenter_mcp.ids import Naming
from datacenter_mcp.readings import Reading, metrics
from datacenter_mcp.room import Listing
from datacenter_mcp.storage.linux import mapping
from datacenter_mcp.storage.linux.host import Host
from datacenter_mcp.storage.linux.nouns import Volume
from datacenter_mcp.storage.session import Hosts


class StorageReader:
    """Everything that can be read of a connection's hosts."""

    def __init__(self, naming: Naming, hosts: Hosts) -> None:
        self._naming = naming
        self._hosts = hosts

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        """All resources of a kind; below a host or a volume where a parent is given."""
        if kind is not None and kind not in mapping.KINDS:
            raise InvalidRequest(f"No kind {kind!r}; there are: {', '.join(mapping.KINDS)}.")
        kinds = mapping.KINDS if kind is None else (kind,)
        chosen = list(self._hosts.by_name.values())
        if parent is not None:
            chosen = [self._hosts.of(self._naming.parse(parent))]
        slots = asyncio.Semaphore(self._hosts.concurrency)

        async def read(host: Host) -> Listing:
            async with slots:
                return await self._read_host(host, kinds)

        found = _joined(await asyncio.gather(*(read(host) for host in chosen)))
        wanted = [one for one in found.resources if parent is None or one.parent == parent]
        return Listing(wanted, found.failures)

    async def describe(self, resource_id: str) -> Resource:
        """One resource, read now. Raises `NotFound`."""
        name = self._naming.parse(resource_id)
        if name.kind not in mapping.KINDS:
            raise NotFound(f"There is no kind {name.kind!r} here.")
        found = await self._read_kind(self._hosts.of(name), name.kind)
        for resource in found.resources:
            if resource.id == resource_id:
                return resource
        if found.failures:  # it may be on what could not be read
            raise Unavailable("; ".join(failure.message for failure in found.failures))
        raise NotFound(f"There is no {resource_id}.")

    async def metrics(self, resource_id: str) -> MetricsReport:
        """The numbers among the facts of one resource."""
        found = await self.describe(resource_id)
        return MetricsReport(id=found.id, metrics=metrics(found.facts), source=found.source)

    async def health(self, resource_id: str | None) -> Health:
        """Of one resource; of the connection: whether its hosts answer. A snapshot that is there is well."""
        if resource_id is None:
            return await self._all_health()
        name = self._naming.parse(resource_id)
        if name.kind == mapping.VOLUME:
            host, reading = await self._hosts.volume(name)
            return mapping.volume_health(reading.value, await host.details(reading.value))
        await self.describe(resource_id)
        return mapping.OK

    async def _all_health(self) -> Health:
        failures = (await self.list_resources(mapping.HOST, None)).failures
        if not failures:
            return mapping.OK
        status = (
            HealthStatus.FAILED
            if len(failures) == len(self._hosts.by_name)
            else HealthStatus.DEGRADED
        )
        return Health(status=status, reasons=[f"{f.part}: {f.message}" for f in failures])

    async def _read_host(self, host: Host, kinds: Sequence[str]) -> Listing:
        try:
            return _joined([await self._read_kind(host, kind) for kind in kinds])
        except RoomError as error:
            return Listing([], [_failure(host.name, error)])

    async def _read_kind(self, host: Host, kind: str) -> Listing:
        if kind == mapping.HOST:
            reading = await host.answers()
            source = reading.source(self._naming.connection)
            return Listing([mapping.host(self._naming, host.name, reading.value, source)])
        volumes = await host.volumes()
        read = self._volume if kind == mapping.VOLUME else self._snapshots
        return _joined([await self._apart(host, volumes.holding(v), read) for v in volumes.value])

    async def _apart(
        self,
        host: Host,
        reading: Reading[Volume],
        read: Callable[[Host, Reading[Volume]], Awaitable[list[Resource]]],
    ) -> Listing:
        """What is read of one volume; when it is sick, the host's other volumes are read all the same."""
        try:
            return Listing(await read(host, reading))
        except RoomError as error:
            return Listing([], [_failure(f"{host.name} {reading.value.mountpoint}", error)])

    async def _volume(self, host: Host, reading: Reading[Volume]) -> list[Resource]:
        volume = await host.measured(reading.value)
        details = await host.details(volume)
        snapshots = await host.snapshots(volume)
        source = reading.source(self._naming.connection)
        return [mapping.volume(self._naming, host.name, volume, details, snapshots, source)]

    async def _snapshots(self, host: Host, of: Reading[Volume]) -> list[Resource]:
        reading = await host.snapshots(of.value)
        source = reading.source(self._naming.connection)
        now = reading.observed_at
        return [
            mapping.snapshot(self._naming, host.name, of.value, item, now, source)
            for item in reading.value
        ]


def _failure(part: str, error: RoomError) -> Failure:
    return Failure(part=part, kind=error.report.kind, message=error.report.message)


def _joined(parts: Sequence[Listing]) -> Listing:
    return Listing(
        [resource for part in parts for resource in part.resources],
        [failure for part in parts for failure in part.failures],
    )
