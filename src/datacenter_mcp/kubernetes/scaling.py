"""Sets the number of pods of a deployment."""

from typing import Annotated

from pydantic import Field

from datacenter_mcp.contract.errors import NotFound, Refused, RoomError
from datacenter_mcp.contract.reading import Look, Wire
from datacenter_mcp.ids import Naming
from datacenter_mcp.kubernetes import api, naming, wellness
from datacenter_mcp.kubernetes.api import Api, unsent
from datacenter_mcp.kubernetes.changing import change_unless_changed, hazards, nobody
from datacenter_mcp.kubernetes.controllers import Workload
from datacenter_mcp.kubernetes.quotas import lacking, needs
from datacenter_mcp.kubernetes.workloads import autoscaler_of
from datacenter_mcp.room import Effect, OperationSpec, State


class ScaleParameters(Wire):
    """`replicas`: the pods that the deployment shall have."""

    replicas: Annotated[int, Field(ge=0, le=10_000)]


SCALE = OperationSpec(
    "scale_deployment",
    "Set the number of pods of a deployment.",
    ScaleParameters,
    destructive=True,
)


async def look(cluster: Api, ids: Naming, target: str, wanted: ScaleParameters) -> Look:
    """`satisfied`: it wants that many, and that many are ready; not merely that somebody said so."""
    namespace, name = naming.target(ids, target, "deployment")
    try:
        reading = await cluster.one(api.DEPLOYMENTS, namespace, name)
    except NotFound as error:
        return await nobody(cluster, ids, namespace, error)
    item = reading.value
    return Look(
        exists=True,
        satisfied=item.spec.replicas == wanted.replicas and _reached(item),
        state=_state(item),
        hazards=hazards(namespace),
        health=wellness.workload(item),
        source=reading.source(ids.connection),
    )


async def act(
    cluster: Api, ids: Naming, target: str, wanted: ScaleParameters, *, dry_run: bool
) -> Effect:
    """Change the number, unless it is so already. Raises `Refused` when an autoscaler owns it or a quota has no room,
    `Conflict` when somebody changed the deployment meanwhile.
    """
    namespace, name = naming.target(ids, target, "deployment")
    try:
        item = (await cluster.one(api.DEPLOYMENTS, namespace, name)).value
        before = _state(item)
        if item.spec.replicas == wanted.replicas:
            return Effect(before, before, detail=f"{name} wants {wanted.replicas} pods already")
        await _check(cluster, item, wanted.replicas)
    except RoomError as error:
        raise unsent(error) from error
    if dry_run:
        would = [f"Set the pods of {name} from {item.spec.replicas} to {wanted.replicas}."]
        return Effect(before, before, would=would)
    change = {"op": "replace", "path": "/spec/replicas", "value": wanted.replicas}
    await change_unless_changed(cluster, item, [change])
    return Effect(
        before,
        {"replicas": wanted.replicas},
        changed=True,
        detail=f"{name} shall have {wanted.replicas} pods now",
    )


async def _check(cluster: Api, item: Workload, replicas: int) -> None:
    """Raises `Refused` for a reason why the number would not last, or never be reached."""
    namespace = item.metadata.namespace
    scaler = autoscaler_of(item, await cluster.every(api.AUTOSCALERS, namespace))
    if scaler:
        told = f"The autoscaler {scaler} owns the number of pods of {item.metadata.name}; change its limits instead."
        raise Refused(told, sent=False)
    more = replicas - item.spec.replicas
    if more > 0:
        need = needs(item.spec.template.spec.containers)
        for quota in await cluster.every(api.QUOTAS, namespace):
            if lack := lacking(quota, need, more):
                raise Refused(lack, sent=False)


def _reached(item: Workload) -> bool:
    status, wanted = item.status, item.spec.replicas
    seen = (status.observed_generation or 0) >= (item.metadata.generation or 0)
    return seen and status.replicas == status.ready_replicas == wanted


def _state(item: Workload) -> State:
    return {"replicas": item.spec.replicas}
