"""Native ids: `node-1` (node, namespace, persistent volume), `shop/web` (what is in a namespace). Pure."""

import re

from datacenter_mcp.contract.errors import InvalidRequest, NotFound
from datacenter_mcp.ids import Naming, ResourceName
from datacenter_mcp.kubernetes.answers import Meta, Owner

OBJECT_NAME = re.compile(r"[a-z0-9A-Z]([-a-z0-9A-Z.:_]{0,251}[a-z0-9A-Z])?")
KIND_OF = {
    "Node": "node",
    "Namespace": "namespace",
    "Deployment": "deployment",
    "StatefulSet": "statefulset",
    "DaemonSet": "daemonset",
    "ReplicaSet": "replicaset",
    "Job": "job",
    "Pod": "pod",
    "Service": "service",
    "Ingress": "ingress",
    "PersistentVolume": "persistentvolume",
    "PersistentVolumeClaim": "persistentvolumeclaim",
}
"""Kubernetes' name of a kind -> ours."""
CLUSTER_WIDE = frozenset({"node", "namespace", "persistentvolume"})
SYSTEM_NAMESPACES = ("kube-", "openshift-")
"""How the names of namespaces begin that belong to the cluster itself."""


def is_system(namespace: str) -> bool:
    """Whether a namespace belongs to the cluster itself."""
    return namespace.startswith(SYSTEM_NAMESPACES)


def place(name: ResourceName) -> tuple[str | None, str]:
    """Namespace (None: cluster-wide) and name of what an id names. Raises `NotFound` for an id that nothing can have:
    what goes into a URL is never more than a name.
    """
    namespace, slash, rest = name.native.partition("/")
    own = rest if slash else namespace
    if bool(slash) is (name.kind in CLUSTER_WIDE) or not (
        OBJECT_NAME.fullmatch(own) and OBJECT_NAME.fullmatch(namespace)
    ):
        raise NotFound(f"There is no {name}.", sent=False)
    return (namespace if slash else None), own


def target(naming: Naming, text: str, kind: str) -> tuple[str, str]:
    """Namespace and name of an operation's target. Raises `InvalidRequest` when the id is of another kind."""
    name = naming.parse(text)
    if name.kind != kind:
        raise InvalidRequest(f"The target is a {name.kind}; a {kind} is needed.", sent=False)
    namespace, own = place(name)
    return namespace or "", own


def resource_id(naming: Naming, kind: str, namespace: str | None, name: str) -> str:
    """The id of a thing of this cluster."""
    return naming.name(kind, name if kind in CLUSTER_WIDE else f"{namespace}/{name}")


def id_of(naming: Naming, kind: str, meta: Meta) -> str:
    """The id of an object."""
    return resource_id(naming, kind, meta.namespace, meta.name)


def workload_of(pod: Meta) -> Owner | None:
    """The workload that a pod belongs to: its controller, or the deployment behind it. None: nobody keeps it.

    The replicaset of a deployment is called like it, with the hash of the template that its pods carry as a label.
    """
    owner = pod.controller
    suffix = f"-{pod.labels.get('pod-template-hash')}"
    if owner is None or owner.kind != "ReplicaSet" or not owner.name.endswith(suffix):
        return owner
    name = owner.name.removesuffix(suffix)
    return owner.model_copy(update={"kind": "Deployment", "name": name})
