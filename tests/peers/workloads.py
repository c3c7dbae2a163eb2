"""What tests put into a cluster: a namespace of their own, and workloads in it, made and seen by the oracle."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.peers.cluster import Cluster

APPS, CORE, BATCH = "/apis/apps/v1", "/api/v1", "/apis/batch/v1"
NUMBERS = itertools.count(1)
Found = dict[str, Any]


@dataclass(frozen=True)
class Space:
    """A namespace."""

    cluster: Cluster
    name: str

    def path(self, plural: str, name: str = "", *, group: str = CORE) -> str:
        return f"{group}/namespaces/{self.name}/{plural}{f'/{name}' if name else ''}"

    def make(self, plural: str, body: Found, *, group: str = CORE) -> Found:
        made: Found = self.cluster.ask("POST", self.path(plural, group=group), body)
        return made

    def deployment(
        self, name: str, replicas: int = 2, *, ready: int | None = None, **template: Any
    ) -> None:
        """A deployment, once `ready` of its pods are (None: all)."""
        self.make("deployments", workload(name, replicas, **template), group=APPS)
        self.until_ready(name, replicas if ready is None else ready)

    def statefulset(self, name: str, replicas: int = 1, **template: Any) -> None:
        body = workload(name, replicas, **template)
        body["spec"]["serviceName"] = name
        self.make("statefulsets", body, group=APPS)
        self.until_ready(name, replicas, plural="statefulsets")

    def until_ready(self, name: str, count: int, plural: str = "deployments") -> Found:
        """The workload once exactly so many pods are ready and all pods are there."""

        def there(found: Found) -> bool:
            status = found["status"]
            seen = status.get("observedGeneration") == found["metadata"]["generation"]
            return seen and status.get("readyReplicas", 0) == count and status.get("replicas", 0) == found["spec"]["replicas"]  # fmt: skip

        answer: Found = self.cluster.until(self.path(plural, name, group=APPS), there)
        return answer

    def release(
        self, name: str, image: str, *, ready: int | None = None, **annotations: str
    ) -> None:
        """Roll out another image, once `ready` pods are (None: all)."""
        template = {"metadata": {"annotations": annotations},
                    "spec": {"containers": [{"name": "main", "image": image}]}}  # fmt: skip
        path = self.path("deployments", name, group=APPS)
        self.cluster.ask("PATCH", path, {"spec": {"template": template}},
                         kind="application/strategic-merge-patch+json")  # fmt: skip
        if ready is not None:
            return
        self.rolled_out(name)

    def rolled_out(self, name: str) -> Found:
        """The deployment once all its pods are of its template and ready."""

        def complete(found: Found) -> bool:
            status, wanted = found["status"], found["spec"]["replicas"]
            seen = status.get("observedGeneration") == found["metadata"]["generation"]
            keys = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
            return seen and all(status.get(key, 0) == wanted for key in keys)

        answer: Found = self.cluster.until(self.path("deployments", name, group=APPS), complete)
        return answer

    def until_stuck(self, name: str) -> None:
        """Wait until the cluster itself says that a rollout makes no progress."""

        def stuck(found: Found) -> bool:
            return any(
                one.get("reason") == "ProgressDeadlineExceeded"
                for one in found["status"]["conditions"]
            )

        self.cluster.until(self.path("deployments", name, group=APPS), stuck)

    def pods(self, name: str) -> list[Found]:
        """The pods of a workload that stay, oldest first."""
        found = self.cluster.get(f"{self.path('pods')}?labelSelector=app%3D{name}")["items"]
        staying = [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]
        return sorted(
            staying,
            key=lambda pod: (pod["metadata"]["creationTimestamp"], pod["metadata"]["name"]),
        )

    def annotate(self, pod: str, **annotations: str | None) -> None:
        """Set a fault on one pod only; `_` stands for `-`."""
        marks = {f"peers/{key.replace('_', '-')}": text for key, text in annotations.items()}
        self.cluster.patch(self.path("pods", pod), {"metadata": {"annotations": marks}})

    def until_pod(self, pod: str, wanted: Callable[[Found], Any]) -> Found:
        answer: Found = self.cluster.until(self.path("pods", pod), wanted)
        return answer

    def crash(self, name: str) -> Found:
        """Let the oldest pod of a workload crash in a loop; its successor will not."""
        pod = self.pods(name)[0]["metadata"]["name"]
        self.annotate(pod, fault="crashloop")
        return self.until_pod(pod, is_crashing)

    def image(self, deployment: str) -> str:
        """What its pods are made from."""
        found = self.cluster.get(self.path("deployments", deployment, group=APPS))
        image: str = found["spec"]["template"]["spec"]["containers"][0]["image"]
        return image

    def replicas(self, deployment: str) -> int:
        count: int = self.cluster.get(self.path("deployments", deployment, group=APPS))["spec"][
            "replicas"
        ]
        return count


def is_crashing(pod: Found) -> bool:
    """Whether a pod's first container waits."""
    statuses = pod["status"].get("containerStatuses") or [{}]
    return "waiting" in statuses[0].get("state", {})


def workload(name: str, replicas: int, *, image: str = "shop:1", fault: str | None = None,
             ready_after: str | None = None, requests: dict[str, str] | None = None,
             patience_seconds: int | None = None) -> Found:  # fmt: skip
    """The body of a deployment or statefulset. `patience_seconds`: how long a rollout of a deployment may make no progress."""
    labels = {"app": name}
    return {
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            **({"progressDeadlineSeconds": patience_seconds} if patience_seconds else {}),
            "template": template(labels, image, fault, ready_after, requests),
        },
    }


def template(labels: dict[str, str], image: str, fault: str | None, ready_after: str | None,
             requests: dict[str, str] | None) -> Found:  # fmt: skip
    """What pods are made from; they go at once when they are deleted."""
    marks = {"peers/fault": fault, "peers/ready-after": ready_after}
    container = {"name": "main", "image": image, "resources": {"requests": requests or {}}}
    return {
        "metadata": {"labels": labels, "annotations": {k: v for k, v in marks.items() if v}},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 1},
    }


@contextmanager
def space(cluster: Cluster, name: str | None = None) -> Iterator[Space]:
    """A namespace that is removed afterwards."""
    own = name or f"shop-{os.getpid()}-{next(NUMBERS)}"
    cluster.ask("POST", "/api/v1/namespaces", {"metadata": {"name": own}})
    try:
        # No pod is admitted before its account has a token, which a controller makes.
        account = f"/api/v1/namespaces/{own}/serviceaccounts/default"
        cluster.until(account, lambda found: found.get("secrets"))
        yield Space(cluster, own)
    finally:
        cluster.ask("DELETE", f"/api/v1/namespaces/{own}")
