"""A room whose one device lives in files, so that it survives the server, and every effect is on disk before it counts.

`python -m tests.fakes.room FOLDER` serves it over stdio. `effects` in the folder holds one line per effect. With a file
`hold` there, a deed stops after its effect and before its answer, and says so with a file `held`.
"""

import asyncio
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from datacenter_mcp.contract.errors import NotFound
from datacenter_mcp.contract.reading import Health, HealthStatus, Look, MetricsReport, Resource
from datacenter_mcp.grades import ENDURES, PORTS, READS, Proof
from datacenter_mcp.ids import Naming
from datacenter_mcp.readings import Reading, facts, metrics
from datacenter_mcp.room import Effect, Listing, OperationSpec, State
from datacenter_mcp.serving import build_server

NAMING = Naming("network", "lab")
DEVICE = NAMING.name("device", "r1")
PORT = NAMING.name("interface", "r1/eth1")
PROOF = Proof("files", frozenset({READS, ENDURES}) | PORTS)
OK = Health(status=HealthStatus.OK)
ENABLE, DISABLE, RESTART = (
    OperationSpec(name, name) for name in ("enable_port", "disable_port", "restart_interface")
)


@dataclass
class Port:
    """The state of the device. `wired` False: the link stays down whatever is enabled. `counts_restarts` False: no marker."""

    admin: str = "down"
    wired: bool = True
    restarts: int = 0
    counts_restarts: bool = True


class Folder:
    """Where the device lives; also what tests look at, past everything that is under test."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Port:
        return Port(**json.loads((self.path / "port.json").read_text()))

    def write(self, port: Port) -> None:
        """Whole or not at all, and durable."""
        fresh = self.path / "port.new"
        fresh.write_text(json.dumps(asdict(port)))
        _sync(fresh)
        fresh.rename(self.path / "port.json")
        _sync(self.path)

    def count(self, operation: str) -> None:
        with (self.path / "effects").open("a") as file:
            file.write(f"{operation}\n")
            file.flush()
            os.fsync(file.fileno())

    @property
    def effects(self) -> list[str]:
        """Every effect that there ever was, in order."""
        file = self.path / "effects"
        return file.read_text().split() if file.exists() else []


class FileRoom:
    """One router with one port."""

    platform, connection = NAMING
    operations = (ENABLE, RESTART, DISABLE)

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def drivers(self, target: str | None) -> tuple[Proof, ...]:
        return (PROOF,)

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        every = [self._device(), self._port()]
        return Listing([r for r in every if kind in (None, r.kind) and parent in (None, r.parent)])

    async def describe(self, resource_id: str) -> Resource:
        for resource in (self._device(), self._port()):
            if resource.id == resource_id:
                return resource
        raise NotFound(f"There is no {resource_id}.")

    async def health(self, resource_id: str | None) -> Health:
        return OK

    async def metrics(self, resource_id: str) -> MetricsReport:
        port = self._port()
        return MetricsReport(id=PORT, metrics=metrics(port.facts), source=port.source)

    async def look(self, operation: OperationSpec, target: str, parameters: Any) -> Look:
        port = self._folder.read()
        wanted = {ENABLE: "up", DISABLE: "down"}.get(operation)
        marker = str(port.restarts) if operation is RESTART and port.counts_restarts else None
        return Look(
            exists=target == PORT,
            satisfied=None if wanted is None else port.admin == wanted,
            state=_state(port),
            marker=marker,
            hazards=[],
            health=OK,
            source=self._reading(port).source(self.connection),
        )

    async def act(
        self, operation: OperationSpec, target: str, parameters: Any, *, dry_run: bool
    ) -> Effect:
        port = self._folder.read()
        before = _state(port)
        if dry_run:
            return Effect(before, before, would=[f"Do {operation.name}."])
        if operation is RESTART:
            port.restarts += 1
        else:
            port.admin = "up" if operation is ENABLE else "down"
        self._folder.count(operation.name)
        self._folder.write(port)
        if (self._folder.path / "hold").exists():
            (self._folder.path / "held").touch()
            await asyncio.Event().wait()
        return Effect(before, _state(port), changed=True, detail=f"{operation.name} was done")

    async def close(self) -> None:
        return None

    def _device(self) -> Resource:
        source = self._reading(self._folder.read()).source(self.connection)
        return Resource(id=DEVICE, kind="device", name="r1", source=source)

    def _port(self) -> Resource:
        port = self._folder.read()
        up = port.admin == "up" and port.wired
        shown: State = {"admin_state": port.admin, "oper_state": "up" if up else "down"}
        source = self._reading(port).source(self.connection)
        return Resource(
            id=PORT,
            kind="interface",
            name="r1 eth1",
            parent=DEVICE,
            facts=facts(shown),
            source=source,
        )

    def _reading(self, port: Port) -> Reading[Port]:
        return Reading(port, "file", json.dumps(asdict(port)))


def _state(port: Port) -> State:
    return {"admin_state": port.admin}


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    asyncio.run(
        build_server(FileRoom(Folder(Path(sys.argv[1]))), allow_writes=True).run_stdio_async()
    )
