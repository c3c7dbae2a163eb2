"""Reads a cluster: each kind in as few requests as its pages need, several kinds at the same time; a kind that cannot be
read is a failure in the answer and never stops the others.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from datacenter_mcp.contract.errors import InvalidRequest, NotFound, RoomError
from datacenter_mcp.contract.reading import (
    Failure,
    Health,
    HealthStatus,
    MetricsReport,
    Resource,
    Source,
)
from datacenter_mcp.ids import Naming
from datacenter_mcp.kubernetes import api, mapping, naming, pods, volumes, wellness, workloads
from datacenter_mcp.kubernetes.answers import Object, Pod
from datacenter_mcp.kubernetes.api import Api, Collection
from datacenter_mcp.readings import Reading, facts, metrics
from datacenter_mcp.room import Listing

T = TypeVar("T", bound=Object)
Pages = Sequence[Reading[Sequence[T]]]
LOG_LINES = 20
LOG_SECONDS = 3.0
LOG_BYTES = 16_384


class KubernetesReader:
    """Everything that can be read of a cluster."""

    def __init__(self, ids: Naming, cluster: Api) -> None:
        self._ids = ids
        self._api = cluster
        self._kinds: Mapping[
            str, Callable[[str | None, str | None], Awaitable[list[Resource]]]
        ] = {
            "daemonset": self._daemonsets,
            "deployment": self._deployments,
            "event": self._events,
            "ingress": self._ingresses,
            "job": self._jobs,
            "namespace": self._namespaces,
            "node": self._nodes,
            "persistentvolume": self._volumes,
            "persistentvolumeclaim": self._claims,
            "pod": self._pods,
            "replicaset": self._replicasets,
            "service": self._services,
            "statefulset": self._statefulsets,
        }

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        """All resources of a kind; in a namespace where that is given as the parent."""
        if kind is not None and kind not in self._kinds:
            raise InvalidRequest(f"No kind {kind!r}; there are: {', '.join(self._kinds)}.")
        kinds = list(self._kinds) if kind is None else [kind]
        inside = None
        if parent is not None:
            name = self._ids.parse(parent)
            if name.kind != "namespace":
                return Listing([])
            inside = naming.place(name)[1]
            kinds = [one for one in kinds if one not in naming.CLUSTER_WIDE]
        parts = await asyncio.gather(*(self._apart(one, inside) for one in kinds))
        return Listing(
            [resource for part in parts for resource in part.resources],
            [failure for part in parts for failure in part.failures],
        )

    async def describe(self, resource_id: str) -> Resource:
        """One resource, read now. Raises `NotFound`."""
        name = self._ids.parse(resource_id)
        if name.kind not in self._kinds:
            raise NotFound(f"There is no kind {name.kind!r} here.")
        inside, own = naming.place(name)
        found = await self._kinds[name.kind](inside, own)
        if name.kind == "pod":
            return await self._with_log(inside or "", found[0])
        return found[0]

    async def metrics(self, resource_id: str) -> MetricsReport:
        """The numbers among the facts of one resource."""
        found = await self.describe(resource_id)
        return MetricsReport(id=found.id, metrics=metrics(found.facts), source=found.source)

    async def health(self, resource_id: str | None) -> Health:
        """Of one resource; of the cluster: whether it answers, and how its nodes are."""
        if resource_id is None:
            return await self._cluster_health()
        name = self._ids.parse(resource_id)
        if name.kind not in JUDGED:  # of a kind that is well when it is there
            await self.describe(resource_id)
            return wellness.OK
        where, judge = JUDGED[name.kind]
        inside, own = naming.place(name)
        return judge((await self._api.one(where, inside, own)).value)

    async def _cluster_health(self) -> Health:
        try:
            nodes = await self._api.every(api.NODES)
        except RoomError as error:
            return wellness.failed(error.report.message)
        sick = [(one, wellness.node(one)) for one in nodes]
        reasons = [told for _, health in sick for told in health.reasons]
        if not nodes or all(health.status is HealthStatus.FAILED for _, health in sick):
            return Health(status=HealthStatus.FAILED, reasons=["No node is ready.", *reasons])
        return Health(status=HealthStatus.DEGRADED, reasons=reasons) if reasons else wellness.OK

    async def _apart(self, kind: str, inside: str | None) -> Listing:
        try:
            return Listing(await self._kinds[kind](inside, None))
        except RoomError as error:
            report = error.report
            return Listing([], [Failure(part=kind, kind=report.kind, message=report.message)])

    async def _read(self, where: Collection[T], inside: str | None, own: str | None) -> Pages[T]:
        """All objects, those in a namespace, or one."""
        if own is None:
            return await self._api.some(where, inside)
        reading = await self._api.one(where, inside, own)
        return [reading.holding([reading.value])]

    async def _simple(
        self,
        where: Collection[T],
        inside: str | None,
        own: str | None,
        shown: Callable[..., Resource],
    ) -> list[Resource]:
        """Kinds that stand for themselves."""
        pages = await self._read(where, inside, own)
        return self._mapped(pages, lambda item, source: shown(self._ids, item, source))

    def _mapped(self, pages: Pages[T], shown: Callable[..., Resource]) -> list[Resource]:
        found: list[Resource] = []
        for page in pages:
            source = page.source(self._ids.connection)
            found.extend(shown(item, source) for item in page.value)
        return found

    async def _namespaces(self, inside: str | None, own: str | None) -> list[Resource]:
        return await self._simple(api.NAMESPACES, inside, own, mapping.namespace)

    async def _statefulsets(self, inside: str | None, own: str | None) -> list[Resource]:
        return await self._simple(api.STATEFULSETS, inside, own, workloads.statefulset)

    async def _daemonsets(self, inside: str | None, own: str | None) -> list[Resource]:
        return await self._simple(api.DAEMONSETS, inside, own, workloads.daemonset)

    async def _replicasets(self, inside: str | None, own: str | None) -> list[Resource]:
        return await self._simple(api.REPLICASETS, inside, own, workloads.replicaset)

    async def _jobs(self, inside: str | None, own: str | None) -> list[Resource]:
        return await self._simple(api.JOBS, inside, own, workloads.job)

    async def _services(self, inside: str | None, own: str | None) -> list[Resource]:
        return await self._simple(api.SERVICES, inside, own, mapping.service)

    async def _ingresses(self, inside: str | None, own: str | None) -> list[Resource]:
        return await self._simple(api.INGRESSES, inside, own, mapping.ingress)

    async def _volumes(self, inside: str | None, own: str | None) -> list[Resource]:
        return await self._simple(api.VOLUMES, inside, own, volumes.volume)

    async def _claims(self, inside: str | None, own: str | None) -> list[Resource]:
        return await self._simple(api.CLAIMS, inside, own, volumes.claim)

    async def _events(self, inside: str | None, own: str | None) -> list[Resource]:
        return await self._simple(api.EVENTS, inside, own, mapping.event)

    async def _nodes(self, inside: str | None, own: str | None) -> list[Resource]:
        pages, used = await asyncio.gather(
            self._read(api.NODES, inside, own), self._api.offered(api.NODE_USAGE, None)
        )
        return self._mapped(
            pages,
            lambda item, source: mapping.node(
                self._ids, item, used.get((None, item.metadata.name)), source
            ),
        )

    async def _pods(self, inside: str | None, own: str | None) -> list[Resource]:
        pages, used = await asyncio.gather(
            self._read(api.PODS, inside, own), self._api.offered(api.POD_USAGE, inside)
        )

        def shown(item: Pod, source: Source) -> Resource:
            key = (item.metadata.namespace, item.metadata.name)
            return pods.pod(self._ids, item, used.get(key), source)

        return self._mapped(pages, shown)

    async def _deployments(self, inside: str | None, own: str | None) -> list[Resource]:
        pages, sets, scalers = await asyncio.gather(
            self._read(api.DEPLOYMENTS, inside, own),
            self._api.every(api.REPLICASETS, inside),
            self._api.every(api.AUTOSCALERS, inside),
        )
        owned = workloads.by_owner(sets)
        return self._mapped(
            pages,
            lambda item, source: workloads.deployment(self._ids, item, owned, scalers, source),
        )

    async def _with_log(self, inside: str, found: Resource) -> Resource:
        """The pod with the last lines of a container that is not well; without, when they may not be read or its node
        does not answer.
        """
        pod = (
            await self._api.one(api.PODS, inside, naming.place(self._ids.parse(found.id))[1])
        ).value
        sick = pods.unwell_container(pod)
        if sick is None or pod.terminating:
            return found
        query = {
            "container": sick.name,
            "tailLines": LOG_LINES,
            "limitBytes": LOG_BYTES,
            "previous": str(sick.state.waiting is not None and sick.restart_count > 0).lower(),
        }
        path = f"{api.PODS.path(inside, pod.metadata.name)}/log"
        try:
            lines = (await self._api.text(path, query, LOG_SECONDS)).splitlines()
        except RoomError:
            return found
        return found.model_copy(
            update={"facts": [*found.facts, *facts({"log_tail": list(lines)})]}
        )


JUDGED: Mapping[str, tuple[Collection[Any], Callable[[Any], Health]]] = {
    "deployment": (api.DEPLOYMENTS, wellness.workload),
    "job": (api.JOBS, wellness.job),
    "namespace": (api.NAMESPACES, wellness.namespace),
    "node": (api.NODES, wellness.node),
    "persistentvolumeclaim": (api.CLAIMS, wellness.claim),
    "pod": (api.PODS, wellness.pod),
    "replicaset": (api.REPLICASETS, wellness.replicaset),
    "statefulset": (api.STATEFULSETS, wellness.workload),
}
"""Kinds with a health of their own."""
