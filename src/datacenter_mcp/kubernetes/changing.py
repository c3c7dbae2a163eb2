"""What all changes of a deployment share: the hazards of its namespace, a change that nobody else came before."""

from collections.abc import Mapping, Sequence
from typing import Any

from datacenter_mcp.contract.errors import Conflict, InvalidRequest, NotFound
from datacenter_mcp.contract.reading import Health, HealthStatus, Look
from datacenter_mcp.ids import Naming
from datacenter_mcp.kubernetes import api, naming
from datacenter_mcp.kubernetes.api import Api
from datacenter_mcp.kubernetes.controllers import Workload

SYSTEM_NAMESPACE = "system_namespace"
"""The hazard of the catalogue that makes every change critical."""


def hazards(namespace: str) -> list[str]:
    """The hazards of whatever is in a namespace."""
    return [SYSTEM_NAMESPACE] if naming.is_system(namespace) else []


async def change_unless_changed(
    cluster: Api, item: Workload, steps: Sequence[Mapping[str, Any]]
) -> None:
    """Patch a deployment if what is wanted of it is still as it was read. Its `generation` tells: unlike the
    `resourceVersion` it stays when only the status changes, as it does all the time while pods come and go.
    """
    meta = item.metadata
    namespace, name = meta.namespace or "", meta.name
    held: list[Mapping[str, Any]] = [
        {"op": "test", "path": "/metadata/uid", "value": meta.uid},
        {"op": "test", "path": "/metadata/generation", "value": meta.generation},
    ]
    try:
        await cluster.patch(api.DEPLOYMENTS, namespace, name, [*held, *steps])
    except InvalidRequest as error:  # a test that fails is a 422, as is a value that is refused
        now = (await cluster.one(api.DEPLOYMENTS, namespace, name)).value.metadata
        if (now.uid, now.generation) != (meta.uid, meta.generation):
            told = f"{name} was changed by somebody else meanwhile."
            raise Conflict(told, retry_after_seconds=1) from error
        raise


async def nobody(cluster: Api, ids: Naming, namespace: str, error: NotFound) -> Look:
    """The look at a deployment that is not there."""
    pages = await cluster.some(api.DEPLOYMENTS, namespace)
    unknown = Health(status=HealthStatus.UNKNOWN, reasons=[error.report.message])
    return Look(exists=False, health=unknown, source=pages[0].source(ids.connection))
