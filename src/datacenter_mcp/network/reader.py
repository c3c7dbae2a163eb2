"""Reads devices, many at a time; one sick device is a failure in the answer and never stops the others."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from datacenter_mcp.contract.errors import InvalidRequest, NotFound, RoomError
from datacenter_mcp.contract.reading import (
    Failure,
    Health,
    HealthStatus,
    MetricsReport,
    Resource,
)
from datacenter_mcp.ids import Naming, ResourceName
from datacenter_mcp.network import mapping
from datacenter_mcp.network.nouns import Interface
from datacenter_mcp.network.paths import carrying
from datacenter_mcp.network.session import Device, Devices
from datacenter_mcp.readings import Reading, metrics
from datacenter_mcp.room import Listing

T = TypeVar("T")


class NetworkReader:
    """Everything that can be read of a connection's devices."""

    def __init__(self, naming: Naming, devices: Devices) -> None:
        self._naming = naming
        self._devices = devices

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        """All resources of a kind, of one device where a parent is given."""
        if kind is not None and kind not in mapping.KINDS:
            raise InvalidRequest(f"No kind {kind!r}; there are: {', '.join(mapping.KINDS)}.")
        kinds: Sequence[str] = mapping.KINDS if kind is None else (kind,)
        chosen = list(self._devices.by_name.values())
        if parent is not None:
            name = self._naming.parse(parent)
            if name.kind != mapping.DEVICE:
                return Listing([])
            chosen = [self._devices.named(name.native)]
            kinds = [kind for kind in kinds if kind != mapping.DEVICE]
        slots = asyncio.Semaphore(self._devices.concurrency)

        async def read(device: Device) -> Listing:
            async with slots:
                return await self._read_device(device, kinds)

        parts = await asyncio.gather(*(read(device) for device in chosen))
        return Listing(
            [resource for part in parts for resource in part.resources],
            [failure for part in parts for failure in part.failures],
        )

    async def describe(self, resource_id: str) -> Resource:
        """One resource, read now. Raises `NotFound`."""
        name = self._naming.parse(resource_id)
        device = self._device_of(name)
        found = await self._read_kind(device, name.kind)
        return _one(found, lambda resource: resource.id == resource_id, resource_id)

    async def metrics(self, resource_id: str) -> MetricsReport:
        """The numbers among the facts of one resource."""
        found = await self.describe(resource_id)
        return MetricsReport(id=found.id, metrics=metrics(found.facts), source=found.source)

    async def health(self, resource_id: str | None) -> Health:
        """Of one resource; of the connection: whether its devices answer."""
        if resource_id is None:
            return await self._all_health()
        name = self._naming.parse(resource_id)
        device = self._device_of(name)
        if name.kind == mapping.INTERFACE:
            return mapping.interface_health((await self.interface(name)).value)
        if name.kind == mapping.NEIGHBOUR:
            readings = await device.driver.neighbours()
            every = [item for reading in readings for item in reading.value]
            return mapping.neighbour_health(_keyed(every, device, name))
        if name.kind == mapping.ROUTE:
            _keyed((await device.driver.routes()).value, device, name)
            return mapping.OK
        if name.kind == mapping.VLAN:
            await self.describe(resource_id)
            return mapping.OK
        await device.driver.device()
        return mapping.OK

    async def interface(self, name: ResourceName) -> Reading[Interface]:
        """One interface with its reading. Raises `NotFound`."""
        reading = await self._device_of(name).driver.interfaces()
        port = name.native.partition("/")[2]
        item = _one(reading.value, lambda interface: interface.name == port, str(name))
        return reading.holding(item)

    def device_of_interface(self, name: ResourceName) -> Device:
        """The device of an interface's id. Raises `InvalidRequest` when it names something else."""
        if name.kind != mapping.INTERFACE:
            raise InvalidRequest(
                f"The target is a {name.kind}; an interface is needed.", sent=False
            )
        return self._device_of(name)

    async def carrying(
        self, device: Device, interfaces: Sequence[Interface]
    ) -> frozenset[str] | None:
        """The interfaces of the management path; None: it could not be found out."""
        named = device.settings.management_interface
        if named is not None:
            known = any(interface.name == named for interface in interfaces)
            return carrying(interfaces, frozenset({named})) if known else None
        try:
            entrances = await device.driver.entrances(interfaces)
        except RoomError:
            return None
        return None if entrances is None else carrying(interfaces, entrances)

    def _device_of(self, name: ResourceName) -> Device:
        if name.kind not in mapping.KINDS:
            raise NotFound(f"There is no kind {name.kind!r} here.")
        return self._devices.named(name.native.partition("/")[0])

    async def _all_health(self) -> Health:
        failures = (await self.list_resources(mapping.DEVICE, None)).failures
        if not failures:
            return mapping.OK
        status = (
            HealthStatus.FAILED
            if len(failures) == len(self._devices.by_name)
            else HealthStatus.DEGRADED
        )
        return Health(status=status, reasons=[f"{f.part}: {f.message}" for f in failures])

    async def _read_device(self, device: Device, kinds: Sequence[str]) -> Listing:
        try:
            found = [await self._read_kind(device, kind) for kind in kinds]
        except RoomError as error:
            failure = Failure(
                part=device.name, kind=error.report.kind, message=error.report.message
            )
            return Listing([], [failure])
        return Listing([resource for part in found for resource in part])

    async def _read_kind(self, device: Device, kind: str) -> list[Resource]:
        reads: dict[str, Callable[[Device], Any]] = {
            mapping.DEVICE: self._read_info,
            mapping.INTERFACE: self._read_interfaces,
            mapping.ROUTE: self._read_routes,
            mapping.NEIGHBOUR: self._read_neighbours,
            mapping.VLAN: self._read_vlans,
        }
        found: list[Resource] = await reads[kind](device)
        return found

    async def _read_info(self, device: Device) -> list[Resource]:
        reading = await device.driver.device()
        source = reading.source(self._naming.connection)
        driver = device.settings.driver
        return [mapping.device(self._naming, device.name, driver, reading.value, source)]

    async def _read_interfaces(self, device: Device) -> list[Resource]:
        reading = await device.driver.interfaces()
        source = reading.source(self._naming.connection)
        carried = await self.carrying(device, reading.value)
        return [
            mapping.interface(self._naming, device.name, item, carried, source)
            for item in reading.value
        ]

    async def _read_routes(self, device: Device) -> list[Resource]:
        reading = await device.driver.routes()
        source = reading.source(self._naming.connection)
        return [mapping.route(self._naming, device.name, item, source) for item in reading.value]

    async def _read_neighbours(self, device: Device) -> list[Resource]:
        return [
            mapping.neighbour(
                self._naming, device.name, item, reading.source(self._naming.connection)
            )
            for reading in await device.driver.neighbours()
            for item in reading.value
        ]

    async def _read_vlans(self, device: Device) -> list[Resource]:
        return [
            mapping.vlan(self._naming, device.name, item, reading.source(self._naming.connection))
            for reading in await device.driver.vlans()
            for item in reading.value
        ]


def _keyed(items: Sequence[T], device: Device, name: ResourceName) -> T:
    def is_it(item: Any) -> bool:
        return bool(f"{device.name}/{item.key}" == name.native)

    return _one(items, is_it, str(name))


def _one(items: Sequence[T], is_it: Callable[[T], bool], what: str) -> T:
    for item in items:
        if is_it(item):
            return item
    raise NotFound(f"There is no {what}.")
