"""Reads a cloud: each kind in as few requests as its pages need, several kinds at the same time; a kind that cannot be read
is a failure in the answer and never stops the others.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from datacenter_mcp.contract.errors import InvalidRequest, NotFound, RoomError
from datacenter_mcp.contract.reading import Failure, Health, HealthStatus, MetricsReport, Resource
from datacenter_mcp.ids import Naming
from datacenter_mcp.openstack import api, instances, mapping, quotas, wellness
from datacenter_mcp.openstack.actions import rebooted_at
from datacenter_mcp.openstack.answers import Project
from datacenter_mcp.openstack.api import Api, Collection
from datacenter_mcp.readings import Answer, Reading, metrics
from datacenter_mcp.room import Listing

T = TypeVar("T", bound=Answer)
NATIVE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@-]{0,254}(/[a-z0-9_]{1,64})?")
TENANTS = {"all_tenants": "1"}
OF_PROJECTS = frozenset({"instance", "volume", "network", "quota"})
"""The kinds that belong to a project."""
QUOTA_PATHS = {
    "compute": ("/os-quota-sets/{}/detail", {}, "quota_set"),
    "network": ("/quotas/{}/details.json", {}, "quota"),
    "volume": ("/os-quota-sets/{}", {"usage": "True"}, "quota_set"),
}
"""Where a service tells a project's quota, with what query, under which key."""


class OpenstackReader:
    """Everything that can be read of a cloud. `all_projects`: of every project, not only of the one that we log in to."""

    def __init__(self, ids: Naming, cloud: Api, *, all_projects: bool) -> None:
        self._ids = ids
        self._api = cloud
        self._all = all_projects
        self._kinds: Mapping[str, Callable[[str | None], Awaitable[list[Resource]]]] = {
            "flavor": self._flavors,
            "hypervisor": self._hypervisors,
            "image": self._images,
            "instance": self._instances,
            "network": self._networks,
            "project": self._projects,
            "volume": self._volumes,
        }
        self._parts: Mapping[str, tuple[str, Callable[[], Awaitable[list[Resource]]]]] = {
            **{kind: (kind, partial(read, None)) for kind, read in self._kinds.items()},
            **{f"quota of {one}": ("quota", partial(self._quotas, one)) for one in QUOTA_PATHS},
            "service of compute": ("service", self._nova_services),
            "service of network": ("service", self._agents),
            "service of volume": ("service", self._cinder_services),
        }

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        """All resources of a kind; those of a project where that is given as the parent."""
        known = {kind for kind, _ in self._parts.values()}
        if kind is not None and kind not in known:
            raise InvalidRequest(f"No kind {kind!r}; there are: {', '.join(sorted(known))}.")
        asked = {name: read for name, (of, read) in self._parts.items() if kind in (None, of)}
        if parent is not None:
            self._ids.parse(parent)
            asked = {name: read for name, read in asked.items() if self._parts[name][0] in OF_PROJECTS}  # fmt: skip
        parts = await asyncio.gather(*(_apart(name, read) for name, read in asked.items()))
        return Listing(
            [one for part in parts for one in part.resources if parent in (None, one.parent)],
            [failure for part in parts for failure in part.failures],
        )

    async def describe(self, resource_id: str) -> Resource:
        """One resource, read now. Raises `NotFound`."""
        name = self._ids.parse(resource_id)
        missing = NotFound(f"There is no {name.kind} {name.native}.", sent=False)
        if not NATIVE.fullmatch(name.native):
            raise missing
        if name.kind in self._kinds:
            return (await self._kinds[name.kind](name.native))[0]
        found = await self.list_resources(name.kind, None)
        there = next((one for one in found.resources if one.id == resource_id), None)
        if there is None:
            raise missing
        return there

    async def metrics(self, resource_id: str) -> MetricsReport:
        """The numbers among the facts of one resource."""
        found = await self.describe(resource_id)
        return MetricsReport(id=found.id, metrics=metrics(found.facts), source=found.source)

    async def health(self, resource_id: str | None) -> Health:
        """Of one resource; of a project: that it may be used, and how the cloud is that it is in."""
        if resource_id is None:
            return await self._cloud_health()
        found = await self.describe(resource_id)
        judged = wellness.of(found)
        if found.kind == "project" and judged.status is HealthStatus.OK:
            return await self._cloud_health()
        return judged

    async def _cloud_health(self) -> Health:
        """Whether it answers, and as far as we may see them, how its services are."""
        try:
            await self._api.some(api.FLAVORS)
            services = await self._api.offered(api.NOVA_SERVICES)
        except RoomError as error:
            return wellness.failed(error.report.message)
        now = Reading(None, "GET compute /os-services", "").source(self._ids.connection)
        return wellness.of_cloud([mapping.service(self._ids, one, now) for one in services or []])

    async def _read(
        self, where: Collection[T], own: str | None, query: Mapping[str, Any] | None = None
    ) -> Sequence[Reading[Sequence[T]]]:
        """All of a kind, or one."""
        if own is None:
            return await self._api.some(where, query)
        reading = await self._api.one(where, own)
        return [reading.holding([reading.value])]

    def _mapped(
        self, pages: Sequence[Reading[Sequence[T]]], shown: Callable[..., Resource]
    ) -> list[Resource]:
        found: list[Resource] = []
        for page in pages:
            source = page.source(self._ids.connection)
            found.extend(shown(item, source) for item in page.value)
        return found

    @property
    def _tenants(self) -> Mapping[str, str]:
        return TENANTS if self._all else {}

    async def _flavors(self, own: str | None) -> list[Resource]:
        pages = await self._read(api.FLAVORS, own)
        return self._mapped(pages, lambda item, source: mapping.flavor(self._ids, item, source))

    async def _hypervisors(self, own: str | None) -> list[Resource]:
        pages = await self._read(api.HYPERVISORS, own)
        return self._mapped(
            pages, lambda item, source: mapping.hypervisor(self._ids, item, source)
        )

    async def _images(self, own: str | None) -> list[Resource]:
        pages = await self._read(api.IMAGES, own)
        return self._mapped(pages, lambda item, source: mapping.image(self._ids, item, source))

    async def _instances(self, own: str | None) -> list[Resource]:
        of_one = {"device_id": own} if own else {}
        pages, flavors, hypervisors, ports = await asyncio.gather(
            self._read(api.SERVERS, own, self._tenants),
            self._api.every(api.FLAVORS),
            self._api.offered(api.HYPERVISORS),
            self._api.offered(api.PORTS, of_one),
        )
        known = instances.around(flavors, hypervisors, ports)
        log = await self._api.every(api.actions_of(own)) if own else []
        reboots = {"rebooted_at": mapping.iso(rebooted_at(log))} if own else None
        return self._mapped(
            pages,
            lambda item, source: instances.instance(
                self._ids, item, known, source, reboots=reboots
            ),
        )

    async def _networks(self, own: str | None) -> list[Resource]:
        of_one = {"network_id": own} if own else {}
        pages, subnets = await asyncio.gather(
            self._read(api.NETWORKS, own), self._api.every(api.SUBNETS, of_one)
        )
        return self._mapped(
            pages, lambda item, source: mapping.network(self._ids, item, subnets, source)
        )

    async def _projects(self, own: str | None) -> list[Resource]:
        if not self._all:
            here = await self._api.project_id()
            if own not in (None, here):
                raise NotFound(f"We are not logged in to a project {own}.", sent=False)
            own = here
        pages, domains = await asyncio.gather(
            self._read(api.PROJECTS, own), self._api.offered(api.DOMAINS)
        )
        names = {one.id: one.name or one.id for one in domains or []}
        return self._mapped(
            pages, lambda item, source: mapping.project(self._ids, item, names, source)
        )

    async def _volumes(self, own: str | None) -> list[Resource]:
        pages = await self._read(api.VOLUMES, own, self._tenants)
        here = await self._api.project_id()
        return self._mapped(
            pages, lambda item, source: mapping.volume(self._ids, item, here, source)
        )

    async def _quotas(self, service: str) -> list[Resource]:
        path, query, key = QUOTA_PATHS[service]
        mine = Project(id=await self._api.project_id())
        projects = await self._api.every(api.PROJECTS) if self._all else [mine]
        read = [self._api.raw(service, path.format(one.id), query) for one in projects]
        found: list[Resource] = []
        for project, reading in zip(projects, await asyncio.gather(*read), strict=True):
            source = reading.source(self._ids.connection)
            found += quotas.quotas(self._ids, project.id, reading.value.get(key, {}), source)
        return found

    async def _nova_services(self) -> list[Resource]:
        pages = await self._api.some(api.NOVA_SERVICES)
        return self._mapped(pages, lambda item, source: mapping.service(self._ids, item, source))

    async def _cinder_services(self) -> list[Resource]:
        pages = await self._api.some(api.CINDER_SERVICES)
        return self._mapped(pages, lambda item, source: mapping.service(self._ids, item, source))

    async def _agents(self) -> list[Resource]:
        pages = await self._api.some(api.AGENTS)
        return self._mapped(pages, lambda item, source: mapping.agent(self._ids, item, source))


async def _apart(name: str, read: Callable[[], Awaitable[list[Resource]]]) -> Listing:
    """One part of a listing, or why it is missing."""
    try:
        return Listing(await read())
    except RoomError as error:
        report = error.report
        return Listing([], [Failure(part=name, kind=report.kind, message=report.message)])
