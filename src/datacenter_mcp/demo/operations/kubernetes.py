"""Pods deleted for their controller to make anew; deployments scaled and rolled back."""

from typing import Annotated, Any

from pydantic import Field

from datacenter_mcp.contract.errors import Conflict, InvalidRequest, NotFound, Refused
from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.demo.building.kubernetes import pod as new_pod
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.operations.operation import RESTART_SECONDS, Deed, Operation, Sight
from datacenter_mcp.demo.physics.kubernetes import POD, REPLICASET, pods_of
from datacenter_mcp.demo.things import Dice, Thing
from datacenter_mcp.demo.view import View
from datacenter_mcp.room import OperationSpec

BARE_POD, SYSTEM_NAMESPACE = "bare_pod", "system_namespace"
NODE = "kubernetes:node"


class Replicas(Wire):
    """The pods that the deployment shall have."""

    replicas: Annotated[int, Field(ge=0, le=10_000)]


class Revision(Wire):
    """The revision to go to."""

    revision: Annotated[int, Field(ge=1)]


def _hazards(view: View, key: str) -> list[str]:
    thing = view.thing(key)
    system = thing is not None and view.get(thing.parent or "", "is_system")
    return [SYSTEM_NAMESPACE] if system else []


def _look_restart(view: View, key: str, _: Any) -> Sight:
    """A pod that is gone has another marker than one that is there."""
    thing = view.thing(key)
    if thing is None:
        return _replaced(view, key)
    bare = [BARE_POD] if view.get(key, "owner") is None else []
    return Sight({}, marker=f"uid:{view.get(key, 'uid')}", hazards=[*bare, *_hazards(view, key)])


def _replaced(view: View, key: str) -> Sight:
    """The youngest pod of the same controller stands in for one that is gone."""
    past = view.remembered(key)
    owner = past.attributes.get("_owner") if past else None
    theirs = view.where(POD, "_owner", str(owner))
    youngest = max(theirs, key=lambda one: (view.number(one, "_ready_at"), one), default=None)
    return Sight({}, marker="gone", successor=youngest)


def _restart(view: View, key: str, _: Any) -> Deed:
    thing = view.thing(key)
    if thing is None:
        raise NotFound(f"There is no {key} (any more).", sent=False)
    owner = view.thing(view.text(key, "_owner"))
    if owner is None:
        raise Refused(f"{key} has no controller that would make it anew.", sent=False)
    deployment = view.text(key, "_deployment") or None
    fresh = _made(view, owner, deployment, 0, key)
    claims = view.get(key, "claim_ids")
    fresh = Thing(fresh.key, fresh.name, fresh.parent, {**fresh.attributes, "claim_ids": claims})
    steps = [Step(key, gone=True), Step(fresh.key, made=fresh)]
    return Deed(
        f"Delete {key}; its controller makes a new one.", steps, f"the new one is {fresh.name}"
    )


def _made(view: View, owner: Thing, deployment: str | None, rank: int, label: str) -> Thing:
    """A new pod, on the `rank`-th emptiest of the nodes that are ready. `label` tells those of one moment apart."""
    load = {
        node: len(view.where("kubernetes:pod", "node_id", node))
        for node in view.keys(NODE)
        if view.get(node, "ready") and view.get(node, "schedulable")
    }
    if not load:
        raise Conflict("No node is ready to take a new pod.", sent=False)
    ranked = sorted(load, key=lambda node: (load[node], node))
    node, ready_at = ranked[rank % len(ranked)], view.now + RESTART_SECONDS
    return new_pod(Dice(0), owner, deployment, node, label, view.now, ready_at)


def _set_of(view: View, deployment: str, revision: int) -> Thing:
    """The replicaset of a revision. Raises `InvalidRequest` for one that is not kept."""
    for key in view.where(REPLICASET, "owner_id", deployment):
        thing = view.thing(key)
        if thing is not None and view.own(key, "revision") == revision:
            return thing
    raise InvalidRequest(f"{deployment} keeps no revision {revision}.", sent=False)


def _look_scale(view: View, key: str, wanted: Replicas) -> Sight:
    replicas = int(view.number(key, "replicas"))
    satisfied = replicas == wanted.replicas == view.get(key, "ready_replicas")
    return Sight({"replicas": replicas}, satisfied, hazards=_hazards(view, key))


def _scale(view: View, key: str, wanted: Replicas) -> Deed:
    replicas = int(view.number(key, "replicas"))
    if replicas == wanted.replicas:
        return Deed("", detail=f"It wants {replicas} already.")
    if view.get(key, "autoscaler") is not None:
        raise Refused(
            f"The autoscaler {view.get(key, 'autoscaler')} owns the count of {key}.", sent=False
        )
    pods = pods_of(view, key)
    steps = [Step(key, {"replicas": wanted.replicas})]
    steps += [Step(one, gone=True) for one in pods[wanted.replicas :]]
    owner = _set_of(view, key, int(view.number(key, "revision")))
    for ordinal in range(len(pods), wanted.replicas):
        fresh = _made(view, owner, key, ordinal, str(ordinal))
        steps.append(Step(fresh.key, made=fresh))
    return Deed(f"Scale {key} from {replicas} to {wanted.replicas}.", steps)


def _look_rollback(view: View, key: str, wanted: Revision) -> Sight:
    revision = int(view.number(key, "revision"))
    satisfied = revision == wanted.revision and view.get(key, "rollout_complete") is True
    return Sight({"revision": revision}, satisfied, hazards=_hazards(view, key))


def _rollback(view: View, key: str, wanted: Revision) -> Deed:
    """The revisions keep their numbers here, where a real cluster would count on."""
    revision = int(view.number(key, "revision"))
    if revision == wanted.revision:
        return Deed("", detail=f"It is at revision {revision} already.")
    if view.get(key, "paused"):
        raise Refused(f"{key} is paused; nothing would be rolled out.", sent=False)
    owner = _set_of(view, key, wanted.revision)
    steps = [
        Step(
            key,
            {
                "revision": wanted.revision,
                "generation": int(view.number(key, "generation")) + 1,
                "observed_generation": int(view.number(key, "generation")) + 1,
            },
        )
    ]
    steps += [Step(one, gone=True) for one in pods_of(view, key)]
    for ordinal in range(int(view.number(key, "replicas"))):
        fresh = _made(view, owner, key, ordinal, str(ordinal))
        steps.append(Step(fresh.key, made=fresh))
    return Deed(f"Bring {key} from revision {revision} back to {wanted.revision}.", steps)


OPERATIONS = (
    Operation(
        OperationSpec(
            "restart_pod",
            "Delete a pod, so that its controller makes a new one.",
            destructive=True,
        ),
        "pod",
        _look_restart,
        _restart,
        RESTART_SECONDS,
    ),
    Operation(
        OperationSpec("scale_deployment", "Set the number of pods of a deployment.", Replicas),
        "deployment",
        _look_scale,
        _scale,
        RESTART_SECONDS,
    ),
    Operation(
        OperationSpec(
            "rollback_deployment", "Go back to an earlier revision of a deployment.", Revision
        ),
        "deployment",
        _look_rollback,
        _rollback,
        RESTART_SECONDS,
    ),
)
