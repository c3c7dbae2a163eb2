"""An MCP server of plain values for the tests of the API: one switch with many ports.

`port01` to `port40` are shut by configuration and come up when they are enabled. `mgmt01` to `mgmt20` are up and carry
the management path, so that restarting one is critical. What it does is remembered as long as the process lives.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any

from datacenter_mcp.contract.errors import NotFound
from datacenter_mcp.contract.reading import (
    Health,
    HealthStatus,
    Look,
    MetricsReport,
    Resource,
    Source,
)
from datacenter_mcp.grades import ENDURES, PORTS, READS, Proof
from datacenter_mcp.readings import facts
from datacenter_mcp.room import Effect, Listing, OperationSpec
from datacenter_mcp.serving import build_server
from datacenter_mcp.transport import serve_stdio

DEVICE = "network:lab:device:sw1"
PROOF = Proof("switch", frozenset({READS, ENDURES}) | PORTS)
HEALTHY = Health(status=HealthStatus.OK)


class Switch:
    """A room over a mapping: port -> administrative state."""

    platform = "network"
    connection = "lab"
    operations = (
        OperationSpec("enable_port", "Enable a port."),
        OperationSpec("restart_interface", "Bounce a port."),
    )

    def __init__(self) -> None:
        shut = {f"port{number:02}": "down" for number in range(1, 41)}
        carrying = {f"mgmt{number:02}": "up" for number in range(1, 21)}
        self._ports = {**shut, **carrying}
        self._restarts = 0

    def drivers(self, target: str | None) -> tuple[Proof, ...]:
        return (PROOF,)

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        found = [self._device(), *map(self._port, self._ports)]
        return Listing([r for r in found if kind in (None, r.kind) and parent in (None, r.parent)])

    async def describe(self, resource_id: str) -> Resource:
        return self._device() if resource_id == DEVICE else self._port(self._name(resource_id))

    async def health(self, resource_id: str | None) -> Health:
        return HEALTHY

    async def metrics(self, resource_id: str) -> MetricsReport:
        return MetricsReport(id=resource_id, metrics=[], source=_source())

    async def look(self, operation: OperationSpec, target: str, parameters: Any) -> Look:
        name = self._name(target)
        restarts = operation.name == "restart_interface"
        return Look(
            exists=True,
            satisfied=None if restarts else self._ports[name] == "up",
            state={"admin_state": self._ports[name]},
            marker=str(self._restarts) if restarts else None,
            hazards=["management_path"] if name.startswith("mgmt") else [],
            health=HEALTHY,
            source=_source(),
        )

    async def act(
        self, operation: OperationSpec, target: str, parameters: Any, *, dry_run: bool
    ) -> Effect:
        name = self._name(target)
        before = {"admin_state": self._ports[name]}
        if dry_run:
            return Effect(before, before, would=[f"{operation.summary}"])
        self._ports[name] = "up"
        self._restarts += 1
        return Effect(before, {"admin_state": "up"}, changed=True)

    async def close(self) -> None:
        return None

    def _name(self, resource_id: str) -> str:
        name = resource_id.rpartition("/")[2]
        if name not in self._ports:
            raise NotFound(f"there is no {resource_id}")
        return name

    def _device(self) -> Resource:
        return Resource(id=DEVICE, kind="device", name="sw1", source=_source())

    def _port(self, name: str) -> Resource:
        state = self._ports[name]
        return Resource(
            id=f"network:lab:interface:sw1/{name}",
            kind="interface",
            name=f"sw1 {name}",
            parent=DEVICE,
            facts=facts({"admin_state": state, "oper_state": state}),
            source=_source(),
        )


def _source() -> Source:
    return Source(
        connection="lab",
        tool="switch",
        arguments={},
        observed_at=datetime.now(UTC),
        payload_sha256="0" * 64,
    )


if __name__ == "__main__":
    asyncio.run(serve_stdio(build_server(Switch(), allow_writes=True)))
