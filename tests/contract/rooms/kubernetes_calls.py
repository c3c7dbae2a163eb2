"""Calls of the Kubernetes room that the suites share."""

from typing import Any

from tests.peers.cluster import Cluster
from tests.peers.gateway import Gateway
from tests.peers.workloads import Space

from datacenter_mcp.kubernetes.room import KubernetesRoom, open_kubernetes


def room(cluster: Cluster, account: str = "operator", **more: Any) -> KubernetesRoom:
    """The room, with the rights of one of the two shipped roles."""
    return open_kubernetes("lab", {**cluster.settings(account), **more})


def behind(gateway: Gateway, cluster: Cluster, **more: Any) -> KubernetesRoom:
    """The room, through something that may fail."""
    settings = {"kubeconfig": str(cluster.kubeconfig("operator", url=gateway.url))}
    return open_kubernetes("lab", {**settings, **more})


def target(kind: str, space: Space, name: str) -> str:
    """The id of something in a namespace."""
    return f"kubernetes:lab:{kind}:{space.name}/{name}"


def restarting(space: Space, pod: str) -> dict[str, Any]:
    return {"operation": "restart_pod", "target": target("pod", space, pod), "parameters": {}}


def scaling(space: Space, name: str, replicas: int) -> dict[str, Any]:
    return {"operation": "scale_deployment", "target": target("deployment", space, name),
            "parameters": {"replicas": replicas}}  # fmt: skip


def going_back(space: Space, name: str, revision: int) -> dict[str, Any]:
    return {"operation": "rollback_deployment", "target": target("deployment", space, name),
            "parameters": {"revision": revision}}  # fmt: skip


def act(asked: dict[str, Any], key: str = "k1", **more: Any) -> tuple[str, dict[str, Any]]:
    """The write tool and its arguments."""
    rest = {name: value for name, value in asked.items() if name != "operation"}
    return asked["operation"], {**rest, "idempotency_key": key, **more}
