"""Restarts a pod: deletes it, so that its controller makes a new one.

The pod of a statefulset comes back under its name, every other under a new one. What an id of a pod that is gone meant
can still be told, since pods are called like their controller with something random behind: so a look after the
deletion, also one from another process, says that the pod is gone, who stands in for it, and whether that one works.
"""

import asyncio
import re
from collections.abc import Sequence
from typing import NamedTuple

from datacenter_mcp.contract.errors import Conflict, NotFound, Refused, RoomError
from datacenter_mcp.contract.reading import Health, HealthStatus, Look
from datacenter_mcp.ids import Naming
from datacenter_mcp.kubernetes import api, naming, wellness
from datacenter_mcp.kubernetes.answers import Meta, Pod
from datacenter_mcp.kubernetes.api import Api, unsent
from datacenter_mcp.kubernetes.changing import hazards
from datacenter_mcp.readings import Reading
from datacenter_mcp.room import Effect, OperationSpec

RESTART = OperationSpec(
    "restart_pod", "Delete a pod, so that its controller makes a new one.", destructive=True
)
BARE_POD = "bare_pod"
"""The hazard of the catalogue with which a pod is never restarted."""
GONE = "gone"
MIRRORED = "Node"
"""The controller of a pod that its node runs from a file: deleting it restarts nothing."""
STATEFUL = "StatefulSet"
RANDOM_LENGTH = 5
BASE_LENGTH = 58
"""How names are generated: https://kubernetes.io/docs/reference/using-api/api-concepts/#generated-values"""


class Keeper(NamedTuple):
    """What keeps pods. `wanted`: how many; None: a job, which decides by itself."""

    kind: str
    meta: Meta
    wanted: int | None


async def look(cluster: Api, ids: Naming, target: str) -> Look:
    """The pod as it is, or what became of it."""
    namespace, name = naming.target(ids, target, "pod")
    try:
        reading = await cluster.one(api.PODS, namespace, name)
    except NotFound:
        return await _look_for_successor(cluster, ids, namespace, name)
    pod = reading.value
    return Look(
        exists=True,
        marker=f"uid:{pod.metadata.uid}",
        hazards=[*hazards(namespace), *([] if kept(pod) else [BARE_POD])],
        health=wellness.pod(pod),
        source=reading.source(ids.connection),
    )


async def act(cluster: Api, ids: Naming, target: str, *, dry_run: bool) -> Effect:
    """Delete exactly the pod that is there now."""
    namespace, name = naming.target(ids, target, "pod")
    try:
        pod = (await cluster.one(api.PODS, namespace, name)).value
    except RoomError as error:
        raise unsent(error) from error
    if not kept(pod):
        raise Refused(f"{name} has no controller that would make it again.", sent=False)
    if pod.terminating:
        raise Conflict(f"{name} is being deleted already.", sent=False)
    if dry_run:
        return Effect({}, {}, would=[f"Delete the pod {name} in {namespace}."])
    await cluster.delete(api.PODS, namespace, name, pod.metadata.uid)
    return Effect({}, {}, changed=True, detail=f"deleted {name} ({pod.metadata.uid})")


def kept(pod: Pod) -> bool:
    """Whether somebody makes the pod again when it is gone."""
    owner = pod.metadata.controller
    return owner is not None and owner.kind != MIRRORED


async def _look_for_successor(cluster: Api, ids: Naming, namespace: str, name: str) -> Look:
    reading = await cluster.some(api.PODS, namespace)
    source = reading[0].source(ids.connection)
    keeper = await _keeper(cluster, namespace, name)
    if keeper is None:
        unknown = Health(status=HealthStatus.UNKNOWN, reasons=["There is no such pod."])
        return Look(exists=False, health=unknown, source=source)
    theirs = _pods_of(keeper, reading)
    youngest = max(theirs, key=lambda pod: pod.metadata.creation_timestamp or "", default=None)
    return Look(
        exists=True,
        marker=GONE,
        hazards=hazards(namespace),
        health=_health(keeper, theirs),
        successor=naming.id_of(ids, "pod", youngest.metadata) if youngest else None,
        source=source,
    )


async def _keeper(cluster: Api, namespace: str, name: str) -> Keeper | None:
    """Who kept a pod of that name; None: nobody who is still there."""
    sets, daemons, jobs, stateful = await asyncio.gather(
        cluster.every(api.REPLICASETS, namespace),
        cluster.every(api.DAEMONSETS, namespace),
        cluster.every(api.JOBS, namespace),
        cluster.every(api.STATEFULSETS, namespace),
    )
    keepers = [
        *(Keeper("ReplicaSet", one.metadata, one.spec.replicas) for one in sets),
        *(
            Keeper("DaemonSet", one.metadata, one.status.desired_number_scheduled)
            for one in daemons
        ),
        *(Keeper("Job", one.metadata, None) for one in jobs),
        *(Keeper(STATEFUL, one.metadata, one.spec.replicas) for one in stateful),
    ]
    return next((one for one in keepers if named_after(name, one.kind, one.meta.name)), None)


def named_after(pod: str, kind: str, keeper: str) -> bool:
    """Whether a pod of that name can be of that controller: its own name, cut where it is long, and random letters; with
    a statefulset a number.
    """
    if kind == STATEFUL:
        return re.fullmatch(rf"{re.escape(keeper)}-[0-9]+", pod) is not None
    return f"{keeper}-"[:BASE_LENGTH] == pod[:-RANDOM_LENGTH]


def _pods_of(keeper: Keeper, pages: Sequence[Reading[Sequence[Pod]]]) -> list[Pod]:
    """The pods that it keeps and that stay."""
    return [
        pod
        for page in pages
        for pod in page.value
        if not pod.terminating
        and pod.metadata.controller
        and pod.metadata.controller.uid == keeper.meta.uid
    ]


def _health(keeper: Keeper, theirs: Sequence[Pod]) -> Health:
    """Counted from the pods themselves: what the controller says of itself may be from before the deletion."""
    ready = sum(pod.ready or pod.done for pod in theirs)
    wanted = 1 if keeper.wanted is None else keeper.wanted
    if ready >= wanted:
        return wellness.OK
    return wellness.failed(
        f"The pod is gone, and {keeper.kind} {keeper.meta.name} has {ready} of {wanted} pods ready."
    )
