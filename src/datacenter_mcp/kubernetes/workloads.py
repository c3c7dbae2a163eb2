"""Deployments, statefulsets, daemonsets, replicasets and jobs as resources of the contract. Pure."""

from collections.abc import Mapping, Sequence

from datacenter_mcp.contract.reading import Resource, Scalar, Source
from datacenter_mcp.ids import Naming
from datacenter_mcp.kubernetes import naming
from datacenter_mcp.kubernetes.answers import Selector, Template
from datacenter_mcp.kubernetes.controllers import Autoscaler, DaemonSet, Job, Workload
from datacenter_mcp.kubernetes.mapping import Values, labels, resource

STUCK = "ProgressDeadlineExceeded"


def settled(item: Workload) -> bool:
    """Whether a deployment or statefulset has as many pods as it wants, all made from its template, and all ready."""
    status, wanted = item.status, item.spec.replicas
    seen = (status.observed_generation or 0) >= (item.metadata.generation or 0)
    available = status.ready_replicas if status.available_replicas is None else status.available_replicas  # fmt: skip
    counts = {status.replicas, status.updated_replicas, status.ready_replicas, available}
    return seen and counts == {wanted}


def autoscaler_of(item: Workload, scalers: Sequence[Autoscaler]) -> str | None:
    """The autoscaler that owns a deployment's number of pods; None: none."""
    meta = item.metadata
    for scaler in scalers:
        target = scaler.spec.scale_target_ref
        if (scaler.metadata.namespace, target.kind, target.name) == (meta.namespace, "Deployment", meta.name):  # fmt: skip
            return scaler.metadata.name
    return None


def revisions_of(item: Workload, replicasets: Mapping[str, Sequence[Workload]]) -> list[int]:
    """The kept revisions of a deployment, as the platform counts them, oldest first. `replicasets`: by owner's uid."""
    own = replicasets.get(item.metadata.uid, ())
    return sorted(one.metadata.revision for one in own if one.metadata.revision is not None)


def by_owner(items: Sequence[Workload]) -> Mapping[str, Sequence[Workload]]:
    """Replicasets by the uid of their deployment."""
    found: dict[str, list[Workload]] = {}
    for item in items:
        if item.metadata.controller:
            found.setdefault(item.metadata.controller.uid, []).append(item)
    return found


def deployment(
    ids: Naming,
    item: Workload,
    replicasets: Mapping[str, Sequence[Workload]],
    scalers: Sequence[Autoscaler],
    source: Source,
) -> Resource:
    """A deployment."""
    kept = revisions_of(item, replicasets)
    current = item.metadata.revision
    progress = item.condition("Progressing")
    values: Values = {
        **_template(item.spec.selector, item.spec.template),
        **_counts(item),
        "revision": current,
        "previous_revision": max((one for one in kept if one != current), default=None),
        "kept_revisions": list(kept),
        "paused": item.spec.paused,
        "progress_reason": progress.reason if progress else None,
        "rollout_stuck": progress is not None and progress.reason == STUCK,
        "strategy": item.spec.strategy.type,
        "autoscaler": autoscaler_of(item, scalers),
    }
    return resource(ids, "deployment", item, values, source)


def statefulset(ids: Naming, item: Workload, source: Source) -> Resource:
    """A statefulset."""
    values = {**_template(item.spec.selector, item.spec.template), **_counts(item)}
    return resource(ids, "statefulset", item, values, source)


def daemonset(ids: Naming, item: DaemonSet, source: Source) -> Resource:
    """A daemonset; it shall have as many pods as nodes fit it."""
    status, generation = item.status, item.metadata.generation
    wanted = status.desired_number_scheduled
    complete = status.updated_number_scheduled == status.number_available == wanted
    values: Values = {
        **_template(item.spec.selector, item.spec.template),
        "replicas": wanted,
        "ready_replicas": status.number_ready,
        "updated_replicas": status.updated_number_scheduled,
        "available_replicas": status.number_available,
        "generation": generation,
        "observed_generation": status.observed_generation,
        "rollout_complete": complete and status.observed_generation == generation,
    }
    return resource(ids, "daemonset", item, values, source)


def replicaset(ids: Naming, item: Workload, source: Source) -> Resource:
    """A replicaset."""
    owner = item.metadata.controller
    mine = owner is not None and owner.kind == "Deployment"
    values: Values = {
        **_template(item.spec.selector, item.spec.template),
        "replicas": item.spec.replicas,
        "ready_replicas": item.status.ready_replicas,
        "revision": item.metadata.revision,
        "owner_id": naming.resource_id(ids, "deployment", item.metadata.namespace, owner.name)
        if mine and owner
        else None,
    }
    return resource(ids, "replicaset", item, values, source)


def job(ids: Naming, item: Job, source: Source) -> Resource:
    """A job."""
    status, owner = item.status, item.metadata.controller
    state, why = job_state(item)
    values: Values = {
        **_template(item.spec.selector, item.spec.template),
        "completions": item.spec.completions,
        "active": status.active,
        "succeeded": status.succeeded,
        "failed": status.failed,
        "state": state,
        "reason": why,
        "owner": f"{owner.kind}/{owner.name}" if owner else None,
        "started_at": status.start_time,
        "completed_at": status.completion_time,
    }
    return resource(ids, "job", item, values, source)


def job_state(item: Job) -> tuple[str, str | None]:
    """How a job is, and why it failed."""
    holding = {one.type: one for one in item.status.conditions if one.status == "True"}
    if "Failed" in holding:
        return "failed", holding["Failed"].reason
    if "Complete" in holding:
        return "complete", None
    return ("suspended" if item.spec.suspend else "running"), None


def _template(chosen: Selector, template: Template) -> dict[str, Scalar | list[Scalar]]:
    return {"images": [one.image for one in template.spec.containers], "selector": labels(chosen)}


def _counts(item: Workload) -> dict[str, Scalar | list[Scalar]]:
    status = item.status
    return {
        "replicas": item.spec.replicas,
        "ready_replicas": status.ready_replicas,
        "updated_replicas": status.updated_replicas,
        "available_replicas": status.available_replicas or 0,
        "generation": item.metadata.generation,
        "observed_generation": status.observed_generation,
        "rollout_complete": settled(item),
    }
