"""How fast a large vCenter is read: `python -m benchmarks.speed.vmware [VMS]`, against the simulator that the tests use.

Side by side in one run: the full inventory through the room and as the brain reads it over stdio, beside a bare
PropertyCollector read of the same paths with the SDK; and one `describe_resource` beside the SDK call that it makes.
"""

import asyncio
import json
import os
import ssl
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from pyVmomi import SoapStubAdapter, vim, vmodl
from pyVmomi.VmomiSupport import GetWsdlType
from tests.peers import slots, vcenter

from datacenter_docs.adapters.platforms.estate_file import Connection, Estate
from datacenter_docs.adapters.platforms.pool import Pool
from datacenter_docs.adapters.platforms.reader import McpPlatformReader
from datacenter_docs.bootstrap import settle_memory
from datacenter_docs.domain.ids import Platform
from datacenter_mcp.vmware import mapping, vms
from datacenter_mcp.vmware.room import open_vmware
from datacenter_mcp.vmware.tree import ANCESTORS
from datacenter_mcp.vmware.wire import API_VERSION

Collector = vmodl.query.PropertyCollector
VMS = 10_000
PAGE = 500
CALLS = 200
INVENTORY_GOAL_SECONDS, INVENTORY_GOAL_RATIO, CALL_GOAL_MS = 15.0, 3.0, 5.0
PATHS = {**ANCESTORS, **{name: kind.paths for name, kind in mapping.KINDS.items()},
         "VirtualMachine": vms.VM.paths}  # fmt: skip


class Sdk:
    """The SDK by itself, as anybody would use it."""

    def __init__(self, lab: vcenter.VCenter) -> None:
        trusting = ssl.create_default_context(cafile=str(lab.certificate))
        stub = SoapStubAdapter(
            host="127.0.0.1", port=lab.port, version=API_VERSION, sslContext=trusting
        )
        self.stub = stub
        self.content = vim.ServiceInstance("ServiceInstance", stub).RetrieveContent()
        self.content.sessionManager.Login(vcenter.ADMIN, vcenter.PASSWORD)

    def everything(self) -> int:
        """Read all objects; how many there were."""
        types = [_type(name) for name in PATHS]
        view = self.content.viewManager.CreateContainerView(self.content.rootFolder, types, True)
        there = Collector.TraversalSpec(type=vim.view.ContainerView, path="view", skip=False)
        start = Collector.ObjectSpec(obj=view, skip=True, selectSet=[there])
        answer = self._retrieve(start)
        count = len(answer.objects)
        while answer.token:
            answer = self.content.propertyCollector.ContinueRetrievePropertiesEx(answer.token)
            count += len(answer.objects)
        view.DestroyView()
        return count

    def one(self, vm: str) -> None:
        """Read one VM with all that contains it."""
        again = Collector.SelectionSpec(name="up")
        up = Collector.TraversalSpec(
            name="up", type=vim.ManagedEntity, path="parent", skip=False, selectSet=[again]
        )
        target = vim.VirtualMachine(vm, self.stub)
        self._retrieve(Collector.ObjectSpec(obj=target, skip=False, selectSet=[up]))

    def _retrieve(self, start: Any) -> Any:
        wanted = [
            Collector.PropertySpec(type=_type(name), pathSet=list(paths), all=False)
            for name, paths in PATHS.items()
        ]
        return self.content.propertyCollector.RetrievePropertiesEx(
            [Collector.FilterSpec(objectSet=[start], propSet=wanted)],
            Collector.RetrieveOptions(maxObjects=PAGE),
        )


def _type(name: str) -> Any:
    return GetWsdlType("urn:vim25", name)


def timed(do: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    begun = time.perf_counter()
    came = do()
    return time.perf_counter() - begun, came


async def through_the_room(lab: vcenter.VCenter) -> tuple[float, int]:
    """All resources of the room, in this process."""
    room = open_vmware("bench", lab.settings())
    begun = time.perf_counter()
    listing = await room.list_resources(None, None)
    seconds = time.perf_counter() - begun
    await room.close()
    return seconds, len(listing.resources)


async def through_the_brain(lab: vcenter.VCenter) -> tuple[float, int]:
    """All resources as the product reads them: over stdio, checked against the contract."""
    connection = Connection(name="bench", platform=Platform.VMWARE, settings=lab.settings())
    pool = Pool(Estate(connections=(connection,)), timeout_seconds=120)
    await pool.warm()
    settle_memory()  # as the product does once it has started
    begun = time.perf_counter()
    found = await McpPlatformReader(pool).inventory("vmware")
    seconds = time.perf_counter() - begun
    await pool.close()
    assert not found.gaps, found.gaps
    return seconds, len(found.resources)


async def one_call(lab: vcenter.VCenter, sdk: Sdk) -> tuple[float, float]:
    """Medians of one SDK call and of one read call over stdio, taken in turns, in milliseconds."""
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "datacenter_mcp", "serve", "vmware", "--connection", "bench"],
        env={**os.environ, "DATACENTER_MCP_SETTINGS": json.dumps(lab.settings())},
    )
    async with Client(stdio_client(server)) as client:
        await client.call_tool("get_health", {})
        page = await client.call_tool("list_resources", {"kind": "vm", "limit": 1})
        assert isinstance(page.structured_content, dict), page.content
        vm = page.structured_content["resources"][0]["id"]
        bare, ours = [], []
        native = vm.rpartition(":")[2]
        for _ in range(CALLS):
            taken, _ = await asyncio.to_thread(timed, lambda: sdk.one(native))
            bare.append(taken)
            begun = time.perf_counter()
            result = await client.call_tool("describe_resource", {"id": vm})
            ours.append(time.perf_counter() - begun)
            assert not result.is_error, result.content
    return statistics.median(bare) * 1000, statistics.median(ours) * 1000


def main() -> None:
    os.environ["LAB_PASSWORD"] = vcenter.PASSWORD
    machines = int(sys.argv[1]) if len(sys.argv) > 1 else VMS
    size = vcenter.Size(
        datacenters=1, clusters=10, hosts=10, standalone=0, machines=machines // 10
    )
    try:
        started, lab = timed(lambda: vcenter.start(slots.me(), size))
    except slots.PeerMissingError as error:
        print(f"not measured: {error}")
        return
    try:
        sdk = Sdk(lab)
        print(f"simulator with {machines} VMs: {started:.0f} s to start")
        room, count = asyncio.run(through_the_room(lab))
        bare, objects = timed(sdk.everything)
        print(f"bare PropertyCollector read, pyVmomi: {bare:.1f} s for {objects} objects")
        print(f"full inventory, room: {room:.1f} s for {count} resources (goal < {INVENTORY_GOAL_SECONDS} s); "
              f"{room / bare:.2f} x the bare read (goal <= {INVENTORY_GOAL_RATIO})")  # fmt: skip
        seconds, count = asyncio.run(through_the_brain(lab))
        print(f"full inventory, the brain over MCP and stdio: {seconds:.1f} s for {count} resources "
              f"(goal < {INVENTORY_GOAL_SECONDS} s); {seconds / bare:.2f} x the bare read")  # fmt: skip
        sdk_ms, ours_ms = asyncio.run(one_call(lab, sdk))
        print(f"one read call: SDK {sdk_ms:.1f} ms, warm MCP session over stdio {ours_ms:.1f} ms: "
              f"{ours_ms - sdk_ms:+.1f} ms (goal <= {CALL_GOAL_MS} ms)")  # fmt: skip
    finally:
        vcenter.stop(lab)


if __name__ == "__main__":
    main()
