"""The health of nodes, namespaces, workloads, pods and claims. Pure."""

from datacenter_mcp.contract.reading import Health, HealthStatus
from datacenter_mcp.kubernetes import mapping, pods
from datacenter_mcp.kubernetes.answers import Pod
from datacenter_mcp.kubernetes.controllers import Job, Workload
from datacenter_mcp.kubernetes.objects import Namespace, Node, VolumeClaim
from datacenter_mcp.kubernetes.workloads import job_state, settled

OK = Health(status=HealthStatus.OK)


def failed(reason: str) -> Health:
    """It does not do what it is there for."""
    return Health(status=HealthStatus.FAILED, reasons=[reason])


def degraded(reason: str) -> Health:
    """It does, and something is wrong."""
    return Health(status=HealthStatus.DEGRADED, reasons=[reason])


def node(item: Node) -> Health:
    """Not ready has failed; short of something, or closed for new pods, is degraded."""
    name = item.metadata.name
    ready = item.ready
    if ready is None or ready.status != "True":
        return failed(f"{name} is not ready ({ready.reason if ready else 'nobody says why'}).")
    if short := mapping.pressures(item):
        return degraded(f"{name} complains of {', '.join(short)}.")
    return degraded(f"{name} takes no new pods.") if item.spec.unschedulable else OK


def namespace(item: Namespace) -> Health:
    """One that is going away is not to be touched."""
    if item.status.phase == "Active":
        return OK
    return failed(f"{item.metadata.name} is {item.status.phase}.")


def replicaset(item: Workload) -> Health:
    """None of the pods ready has failed, some is degraded."""
    name, wanted, ready = item.metadata.name, item.spec.replicas, item.status.ready_replicas
    if ready == wanted:
        return OK
    refused = item.condition("ReplicaFailure")
    why = f" ({refused.message})" if refused and refused.status == "True" else ""
    told = f"{ready} of the {wanted} pods of {name} are ready{why}."
    return degraded(told) if ready else failed(told)


def workload(item: Workload) -> Health:
    """A deployment or statefulset: the same, and degraded while not all pods are made from the template."""
    pods_ready = replicaset(item)
    if pods_ready is not OK or settled(item):
        return pods_ready
    name, wanted, updated = item.metadata.name, item.spec.replicas, item.status.updated_replicas
    return degraded(f"{updated} of the {wanted} pods of {name} are made from its template.")


def pod(item: Pod) -> Health:
    """Ready, or done, is well; anything else serves nobody."""
    name = item.metadata.name
    if item.terminating:
        return failed(f"{name} is being deleted.")
    if item.ready or item.done:
        return OK
    why = pods.waiting_reason(item) or pods.reason(item) or item.status.phase
    return failed(f"{name} is not ready ({why}).")


def job(item: Job) -> Health:
    """A job that failed."""
    state, why = job_state(item)
    return failed(f"{item.metadata.name} failed ({why or 'nobody says why'}).") if state == "failed" else OK  # fmt: skip


def claim(item: VolumeClaim) -> Health:
    """Lost has failed; without a volume yet is degraded: some are only given one when a pod needs it."""
    name, phase = item.metadata.name, item.status.phase
    if phase == "Bound":
        return OK
    return failed(f"{name} has lost its volume.") if phase == "Lost" else degraded(f"{name} is {phase}.")  # fmt: skip
