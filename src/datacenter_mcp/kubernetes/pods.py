"""Pods as resources of the contract. Pure."""

from collections.abc import Sequence

from datacenter_mcp.contract.reading import Resource, Source
from datacenter_mcp.ids import Naming
from datacenter_mcp.kubernetes import naming
from datacenter_mcp.kubernetes.answers import ContainerStatus, Ended, Pod, PodUsage, Quantities
from datacenter_mcp.kubernetes.mapping import Values, resource, usage


def pod(ids: Naming, item: Pod, used: PodUsage | None, source: Source) -> Resource:
    """A pod."""
    spec, status, meta = item.spec, item.status, item.metadata
    ended = last_end(item)
    owner, workload = meta.controller, naming.workload_of(meta)
    kind = naming.KIND_OF.get(workload.kind) if workload else None
    requests = [one.resources.requests for one in spec.containers]
    limits = [one.resources.limits for one in spec.containers]
    claims = [one.persistent_volume_claim for one in spec.volumes]
    node = spec.node_name or None
    values: Values = {
        "phase": status.phase,
        "ready": item.ready,
        "terminating": item.terminating,
        "reason": reason(item),
        "waiting_reason": waiting_reason(item),
        "last_termination_reason": ended.reason if ended else None,
        "last_exit_code": ended.exit_code if ended else None,
        "restart_count": sum(one.restart_count for one in status.container_statuses),
        "container_count": len(spec.containers),
        "ready_containers": sum(one.ready for one in status.container_statuses),
        "images": [one.image for one in spec.containers],
        "node_name": node,
        "node_id": naming.resource_id(ids, "node", None, node) if node else None,
        "owner": f"{owner.kind}/{owner.name}" if owner else None,
        "owner_id": naming.resource_id(ids, kind, meta.namespace, workload.name)
        if kind and workload
        else None,
        "claim_ids": [
            naming.resource_id(ids, "persistentvolumeclaim", meta.namespace, one.claim_name)
            for one in claims
            if one
        ],
        "addresses": [one.ip for one in status.pod_ips if one.ip],
        "started_at": status.start_time,
        "cpu_requested_cores": _sum(requests, "cpu"),
        "memory_requested_bytes": int(_sum(requests, "memory")),
        "memory_limit_bytes": int(_sum(limits, "memory"))
        if limits and all("memory" in one for one in limits)
        else None,
        **usage(_total(used)),
    }
    return resource(ids, "pod", item, values, source)


def statuses(item: Pod) -> Sequence[ContainerStatus]:
    """What is known of its containers, in the order in which they have to run."""
    return [*item.status.init_container_statuses, *item.status.container_statuses]


def waiting_reason(item: Pod) -> str | None:
    """Why the first container that does not run waits; None: none waits."""
    waiting = [one.state.waiting for one in statuses(item) if one.state.waiting]
    return next((one.reason for one in waiting if one.reason), None)


def last_end(item: Pod) -> Ended | None:
    """How a container ended last; one that failed before one that did not. None: none ended."""
    ends = [one.state.terminated or one.last_state.terminated for one in statuses(item)]
    known = [end for end in ends if end]
    return next((end for end in known if end.exit_code), known[0] if known else None)


def reason(item: Pod) -> str | None:
    """Why the pod as a whole is not as it should be; None: nobody says."""
    if item.status.reason:
        return item.status.reason
    refused = [one for one in item.status.conditions if one.type == "PodScheduled" and one.status == "False"]  # fmt: skip
    return refused[0].reason if refused else None


def unwell_container(item: Pod) -> ContainerStatus | None:
    """The first container that is not ready; None: all are, or nothing is known of any."""
    return next((one for one in item.status.container_statuses if not one.ready), None)


def _sum(given: Sequence[Quantities], what: str) -> float:
    return round(sum(one.get(what, 0.0) for one in given), 6)


def _total(used: PodUsage | None) -> Quantities | None:
    if used is None:
        return None
    parts = [one.usage for one in used.containers]
    return {what: _sum(parts, what) for what in ("cpu", "memory")}
