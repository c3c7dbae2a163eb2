"""Reads a cluster: its state, pools, images and snapshots. A sick pool or image is a failure beside the others."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from datacenter_mcp.contract.errors import NotFound, RoomError
from datacenter_mcp.contract.reading import Failure, Health, Metric, MetricsReport, Resource
from datacenter_mcp.ids import Naming, ResourceName
from datacenter_mcp.readings import Reading, metrics
from datacenter_mcp.room import Listing
from datacenter_mcp.storage.ceph import mapping
from datacenter_mcp.storage.ceph.cluster import Cluster
from datacenter_mcp.storage.ceph.mapping import CLUSTER, POOL, SNAPSHOT, VOLUME
from datacenter_mcp.storage.ceph.nouns import Image, Pool
from datacenter_mcp.storage.system import failure, joined

DEPTH = {CLUSTER: 1, POOL: 2, VOLUME: 3, SNAPSHOT: 4}
"""Kind -> parts of its native id."""


@dataclass(frozen=True, slots=True)
class CephReader:
    """Everything that can be read of one cluster."""

    naming: Naming
    cluster: Cluster

    async def read(self, kinds: Collection[str], within: ResourceName | None) -> Listing:
        """All resources of these kinds, or below one."""
        parts = []
        if CLUSTER in kinds and within is None:
            parts.append(Listing([await self._cluster()]))
        if POOL in kinds or VOLUME in kinds or SNAPSHOT in kinds:
            pools = await self.cluster.pools()
            wanted = [one for one in pools.value if _may_hold(one, within)]
            parts += await asyncio.gather(
                *(self._apart(kinds, pools.holding(one)) for one in wanted)
            )
        return joined(*parts)

    async def describe(self, name: ResourceName) -> Resource:
        """One resource, read now. Raises `NotFound`."""
        parts = place(name)
        if name.kind == CLUSTER:
            return await self._cluster()
        if name.kind == POOL:
            return await self._pool(await self.cluster.pool(parts[0]))
        found, pool = await asyncio.gather(
            self.cluster.image(parts[0], parts[1]), self.cluster.pool(parts[0])
        )
        if name.kind == SNAPSHOT:
            return await self._snapshot(found, str(name))
        whole, consumers = await asyncio.gather(
            self.cluster.measured(found.value), self.cluster.consumers(found.value)
        )
        source = found.source(self.naming.connection)
        owner = self.cluster.name
        return mapping.volume(
            self.naming, owner, pool.value, found.holding(whole), consumers, source
        )

    async def metrics(self, name: ResourceName) -> MetricsReport:
        """The numbers among the facts of a resource, and what clients do to a cluster or a pool right now."""
        found = await self.describe(name)
        rates: Mapping[str, float] = {}
        if name.kind == CLUSTER:
            rates = (await self.cluster.state()).value.rates
        elif name.kind == POOL:
            rates = await self.cluster.rates(place(name)[0])
        numbers = metrics(found.facts)
        numbers += [Metric(name=rate, value=value) for rate, value in rates.items()]
        return MetricsReport(id=found.id, metrics=numbers, source=found.source)

    async def health(self, name: ResourceName | None) -> Health:
        """Of the cluster as Ceph says; of a pool or an image by how full it is. A snapshot that is there is well."""
        if name is None or name.kind == CLUSTER:
            return mapping.cluster_health((await self.cluster.state()).value)
        parts = place(name)
        if name.kind == POOL:
            return mapping.pool_health((await self.cluster.pool(parts[0])).value)
        if name.kind == VOLUME:
            return await self.volume_health((await self.cluster.image(parts[0], parts[1])).value)
        await self.describe(name)
        return mapping.OK

    async def volume_health(self, image: Image) -> Health:
        """Of an image that was just found."""
        whole, pool = await asyncio.gather(
            self.cluster.measured(image), self.cluster.pool(image.pool)
        )
        return mapping.volume_health(whole, pool.value)

    async def _cluster(self) -> Resource:
        state, software = await asyncio.gather(self.cluster.state(), self.cluster.software())
        source = state.source(self.naming.connection)
        return mapping.cluster(self.naming, self.cluster.name, state.value, software, source)

    async def _pool(self, of: Reading[Pool], count: int | None = None) -> Resource:
        if count is None and of.value.for_images:
            count = await self.cluster.image_count(of.value.name)
        source = of.source(self.naming.connection)
        return mapping.pool(self.naming, self.cluster.name, of.value, count, source)

    async def _apart(self, kinds: Collection[str], of: Reading[Pool]) -> Listing:
        """What is read of one pool; when it is sick, the others are read all the same."""
        pool = of.value
        try:
            if not pool.for_images or {VOLUME, SNAPSHOT}.isdisjoint(kinds):
                return Listing([await self._pool(of)] if POOL in kinds else [])
            reading = await self.cluster.images(pool.name)
        except RoomError as error:
            return Listing([], [failure(f"{self.cluster.name} {pool.name}", error)])
        found: list[Resource] = []
        source = reading.source(self.naming.connection)
        if POOL in kinds:
            count = len(reading.value.found) + len(reading.value.sick)
            found.append(await self._pool(of, count))
        for image in (reading.holding(one) for one in reading.value.found):
            if VOLUME in kinds:
                found.append(
                    mapping.volume(self.naming, self.cluster.name, pool, image, None, source)
                )
            if SNAPSHOT in kinds:
                found += [
                    mapping.snapshot(self.naming, self.cluster.name, image, one, source)
                    for one in image.value.snapshots
                ]
        return Listing(found, self._sick(reading.value.sick))

    def _sick(self, images: Mapping[str, RoomError]) -> Sequence[Failure]:
        return [failure(f"{self.cluster.name} {spec}", error) for spec, error in images.items()]

    async def _snapshot(self, of: Reading[Image], wanted: str) -> Resource:
        reading = await self.cluster.snapshots(of.value)
        source = reading.source(self.naming.connection)
        image = reading.holding(of.value)
        for one in reading.value:
            found = mapping.snapshot(self.naming, self.cluster.name, image, one, source)
            if found.id == wanted:
                return found
        raise NotFound(f"There is no {wanted}.")


def place(name: ResourceName) -> Sequence[str]:
    """Pool, image id and snapshot id of a name, as far as its kind has them. Raises `NotFound` for a kind or a form that a
    cluster does not have.
    """
    parts = name.native.split("/")
    if len(parts) != DEPTH.get(name.kind):
        raise NotFound(f"There is no {name}.")
    return parts[1:]


def _may_hold(pool: Pool, within: ResourceName | None) -> bool:
    """Whether something below `within` may be in a pool."""
    if within is None or within.kind == CLUSTER:
        return True
    return within.native.split("/")[1:2] == [pool.name]
