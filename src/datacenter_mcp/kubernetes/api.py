"""Asks the API server for one object, or for all of a kind: which path, which shape, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from datacenter_mcp.contract.errors import Conflict, NotFound, Refused, RoomError, Unavailable
from datacenter_mcp.kubernetes import controllers, objects
from datacenter_mcp.kubernetes.answers import Items, NodeUsage, Object, Pod, PodUsage
from datacenter_mcp.kubernetes.session import Session
from datacenter_mcp.readings import Reading, parsed

T = TypeVar("T", bound=Object)
CORE, APPS, METRICS = "/api/v1", "/apis/apps/v1", "/apis/metrics.k8s.io/v1beta1"
JSON_PATCH = "application/json-patch+json"


@dataclass(frozen=True)
class Collection(Generic[T]):
    """Where the objects of a kind are, and what they look like."""

    group: str
    plural: str
    shape: type[T]

    def path(self, namespace: str | None, name: str | None = None) -> str:
        """Of all, of those in a namespace, or of one."""
        inside = f"/namespaces/{namespace}" if namespace else ""
        return f"{self.group}{inside}/{self.plural}{f'/{name}' if name else ''}"


NODES = Collection(CORE, "nodes", objects.Node)
NAMESPACES = Collection(CORE, "namespaces", objects.Namespace)
PODS = Collection(CORE, "pods", Pod)
SERVICES = Collection(CORE, "services", objects.Service)
VOLUMES = Collection(CORE, "persistentvolumes", objects.Volume)
CLAIMS = Collection(CORE, "persistentvolumeclaims", objects.VolumeClaim)
EVENTS = Collection(CORE, "events", objects.Event)
QUOTAS = Collection(CORE, "resourcequotas", controllers.Quota)
DEPLOYMENTS = Collection(APPS, "deployments", controllers.Workload)
STATEFULSETS = Collection(APPS, "statefulsets", controllers.Workload)
REPLICASETS = Collection(APPS, "replicasets", controllers.Workload)
DAEMONSETS = Collection(APPS, "daemonsets", controllers.DaemonSet)
JOBS = Collection("/apis/batch/v1", "jobs", controllers.Job)
INGRESSES = Collection("/apis/networking.k8s.io/v1", "ingresses", objects.Ingress)
AUTOSCALERS = Collection(
    "/apis/autoscaling/v1", "horizontalpodautoscalers", controllers.Autoscaler
)
NODE_USAGE = Collection(METRICS, "nodes", NodeUsage)
POD_USAGE = Collection(METRICS, "pods", PodUsage)


class Api:
    """One cluster's objects."""

    def __init__(self, session: Session, page_size: int) -> None:
        self._session = session
        self._page_size = page_size

    async def one(self, collection: Collection[T], namespace: str | None, name: str) -> Reading[T]:
        """One object, read now. Raises `NotFound`."""
        path = collection.path(namespace, name)
        text = (await self._session.get(path)).decode("utf-8", "replace")
        value = parsed(TypeAdapter(collection.shape), text, path)
        return Reading(value, f"GET {path}", text)

    async def some(
        self, collection: Collection[T], namespace: str | None = None
    ) -> Sequence[Reading[Sequence[T]]]:
        """All objects, page by page, as they were when the first page was read. A listing that took so long that the
        cluster forgot it is read once more.
        """
        try:
            return await self._pages(collection, namespace)
        except Conflict:
            return await self._pages(collection, namespace)

    async def every(self, collection: Collection[T], namespace: str | None = None) -> list[T]:
        """All objects, without where they were read."""
        pages = await self.some(collection, namespace)
        return [item for page in pages for item in page.value]

    async def offered(
        self, collection: Collection[T], namespace: str | None
    ) -> Mapping[tuple[str | None, str], T]:
        """Objects of an API that not every cluster has, by namespace and name; none where it is not there, does not
        answer, or is not for us: nothing else may fail for want of it.
        """
        try:
            found = await self.every(collection, namespace)
        except (NotFound, Refused, Unavailable):
            return {}
        return {(one.metadata.namespace, one.metadata.name): one for one in found}

    async def text(self, path: str, query: Mapping[str, Any], seconds: float) -> str:
        """An answer that is no object."""
        return (await self._session.get(path, query, seconds=seconds)).decode("utf-8", "replace")

    async def patch(
        self,
        collection: Collection[T],
        namespace: str,
        name: str,
        steps: Sequence[Mapping[str, Any]],
    ) -> None:
        """Change an object by a JSON patch (RFC 6902)."""
        path = collection.path(namespace, name)
        await self._session.write("PATCH", path, list(steps), JSON_PATCH)

    async def delete(self, collection: Collection[T], namespace: str, name: str, uid: str) -> None:
        """Delete exactly the object with that uid, never a later one of the same name."""
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid}}
        await self._session.write("DELETE", collection.path(namespace, name), options)

    async def _pages(
        self, collection: Collection[T], namespace: str | None
    ) -> list[Reading[Sequence[T]]]:
        path = collection.path(namespace)
        shape: TypeAdapter[Items[T]] = TypeAdapter(Items[collection.shape])  # type: ignore[name-defined]
        found: list[Reading[Sequence[T]]] = []
        query: dict[str, Any] = {"limit": self._page_size}
        while True:
            text = (await self._session.get(path, query)).decode("utf-8", "replace")
            page = parsed(shape, text, path)
            found.append(Reading(page.items or [], f"GET {path}", text, dict(query)))
            if not page.metadata.following:
                return found
            query["continue"] = page.metadata.following


def unsent(error: RoomError) -> RoomError:
    """An error of a read that came before a change: nothing was changed."""
    return type(error)(
        error.report.message, retry_after_seconds=error.report.retry_after_seconds, sent=False
    )
