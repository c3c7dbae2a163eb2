"""The Kubernetes room as the server sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from datacenter_mcp.contract.reading import Health, Look, MetricsReport, Resource
from datacenter_mcp.grades import Proof, proof
from datacenter_mcp.ids import Naming
from datacenter_mcp.kubernetes import restarting, rolling_back, scaling
from datacenter_mcp.kubernetes.api import Api
from datacenter_mcp.kubernetes.reader import KubernetesReader
from datacenter_mcp.kubernetes.restarting import RESTART
from datacenter_mcp.kubernetes.rolling_back import ROLL_BACK
from datacenter_mcp.kubernetes.scaling import SCALE
from datacenter_mcp.kubernetes.session import Session
from datacenter_mcp.kubernetes.settings import KubernetesSettings
from datacenter_mcp.room import Effect, Listing, OperationSpec
from datacenter_mcp.validating import validated


class KubernetesRoom:
    """One cluster behind one connection."""

    platform = "kubernetes"
    operations: Sequence[OperationSpec] = (RESTART, SCALE, ROLL_BACK)

    def __init__(self, connection: str, settings: KubernetesSettings) -> None:
        self.connection = connection
        self._ids = Naming(self.platform, connection)
        self._session = Session(settings)
        self._api = Api(self._session, settings.page_size)
        self._reader = KubernetesReader(self._ids, self._api)

    def drivers(self, target: str | None) -> Sequence[Proof]:
        return [proof("kubernetes")]

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        return await self._reader.list_resources(kind, parent)

    async def describe(self, resource_id: str) -> Resource:
        return await self._reader.describe(resource_id)

    async def health(self, resource_id: str | None) -> Health:
        return await self._reader.health(resource_id)

    async def metrics(self, resource_id: str) -> MetricsReport:
        return await self._reader.metrics(resource_id)

    async def look(self, operation: OperationSpec, target: str, parameters: Any) -> Look:
        if operation is RESTART:
            return await restarting.look(self._api, self._ids, target)
        see = scaling.look if operation is SCALE else rolling_back.look
        return await see(self._api, self._ids, target, parameters)

    async def act(
        self, operation: OperationSpec, target: str, parameters: Any, *, dry_run: bool
    ) -> Effect:
        if operation is RESTART:
            return await restarting.act(self._api, self._ids, target, dry_run=dry_run)
        do = scaling.act if operation is SCALE else rolling_back.act
        return await do(self._api, self._ids, target, parameters, dry_run=dry_run)

    async def close(self) -> None:
        await self._session.close()


def open_kubernetes(connection: str, settings: Mapping[str, Any]) -> KubernetesRoom:
    """The room. Raises `InvalidRequest` for wrong settings; nothing is connected yet."""
    return KubernetesRoom(
        connection, validated(KubernetesSettings, settings, "kubernetes settings")
    )
