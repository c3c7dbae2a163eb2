"""Where the one contract is played: an operation, set up on the demo world or on a real peer, through a real MCP client.

A stage knows how its peer is made ready and nothing of what the contract asks; `test_the_contract.py` asks, and knows
nothing of peers. A new room adds its stages here.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.contract.rooms import ceph_cases, kubernetes_calls, openstack_cases, vmware_cases
from tests.contract.rooms.calling import Caller, calling
from tests.contract.rooms.test_demo_acting import CASES, Case, Scene
from tests.peers.netlab import PASSWORD as LAB_PASSWORD
from tests.peers.switch import PORT
from tests.peers.vcenter import PASSWORD as VCENTER_PASSWORD
from tests.peers.volumes import MIB
from tests.peers.workloads import space

from datacenter_mcp.network.room import open_network
from datacenter_mcp.room import Room
from datacenter_mcp.storage.room import open_storage


@dataclass(frozen=True)
class Act:
    """An operation that is to be played. `inverse`: what brings the pre-state back; None: nothing does, or has to.

    `restart`: it leaves no state, only a marker. `passes`: lets time pass, where the peer's is simulated.
    `read_only`: another room over the same peer.
    """

    call: Caller
    operation: str
    target: str
    read_only: Callable[[], Room]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inverse: tuple[str, Mapping[str, Any]] | None = None
    restart: bool = False
    passes: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Stage:
    """A place for one operation. `needs`: fixtures by name, which `open` gets in this order after the folder."""

    name: str
    needs: tuple[str, ...]
    open: Callable[..., AbstractAsyncContextManager[Act]]
    marks: tuple[pytest.MarkDecorator, ...] = (pytest.mark.peer,)
    environment: Mapping[str, str] = field(default_factory=dict)


def _demo(case: Case) -> Stage:
    @asynccontextmanager
    async def opened(folder: Path) -> AsyncIterator[Act]:
        scene = Scene(folder, case)

        def passes() -> None:
            scene.time.now += 60

        async with calling(scene.room()) as call:
            yield Act(call, case.operation, scene.target, scene.room, case.parameters,
                      case.inverse, case.restart, passes)  # fmt: skip

    return Stage(f"demo {case}", (), opened, marks=())


def _port(operation: str, device: str, port: str) -> Stage:
    @asynccontextmanager
    async def opened(folder: Path, lab: Any) -> AsyncIterator[Act]:
        if operation == "enable_port":
            lab.run(device, "ip", "link", "set", "dev", port, "down")
        target = f"network:lab:interface:{device}/{port}"
        inverse = ("disable_port", {}) if operation == "enable_port" else None

        def room() -> Room:
            return open_network("lab", lab.settings())

        try:
            async with calling(room()) as call:
                await call.until(
                    lambda look: look["marker"] or look["satisfied"] is False,
                    "look", operation=operation, target=target,
                )  # fmt: skip
                yield Act(call, operation, target, room, {}, inverse, inverse is None)
        finally:
            lab.vtysh(device, "configure terminal", f"interface {port}", "no shutdown") if (
                device != "sw1"
            ) else None
            lab.run(device, "ip", "link", "set", "dev", port, "up")

    return Stage(f"{operation} on {device}", ("lab",), opened, environment=_LAB)


def _cisco(operation: str) -> Stage:
    first = PORT.format(1)

    @asynccontextmanager
    async def opened(folder: Path, cisco: Any) -> AsyncIterator[Act]:
        cisco.mend()
        cisco.order(shut=[first]) if operation == "enable_port" else cisco.order(errors={first: 7})
        inverse = ("disable_port", {}) if operation == "enable_port" else None
        target = f"network:lab:interface:sw9/{first}"

        def room() -> Room:
            return open_network("lab", cisco.settings())

        try:
            async with calling(room()) as call:
                yield Act(call, operation, target, room, {}, inverse)
        finally:
            cisco.mend()

    return Stage(f"{operation} on ios", ("cisco",), opened, environment=_LAB)


def _filesystem(filesystem: str) -> Stage:
    @asynccontextmanager
    async def opened(folder: Path, disks: Any) -> AsyncIterator[Act]:
        def room() -> Room:
            return open_storage("disks", disks.settings())

        wanted = {"size_bytes": disks.image(filesystem).stat().st_size + 16 * MIB}
        target = f"storage:disks:volume:nas1/{disks.uuid(filesystem)}"
        async with calling(room()) as call:
            yield Act(call, "expand_volume", target, room, wanted)

    return Stage(f"expand_volume on {filesystem}", ("disks",), opened, environment=_LAB)


def _vm(
    operation: str, parameters: Mapping[str, Any], inverse: tuple[str, Mapping[str, Any]] | None
) -> Stage:
    @asynccontextmanager
    async def opened(folder: Path, vc: Any, vm: str) -> AsyncIterator[Act]:
        def room() -> Room:
            return vmware_cases.room_of(vc)

        async with calling(room()) as call:
            target = vmware_cases.vm_id(vm)
            yield Act(
                call, operation, target, room, parameters, inverse, operation == "restart_vm"
            )

    return Stage(f"{operation} on vCenter", ("vc", "vm"), opened, environment=_VCENTER)


def _deployment(operation: str) -> Stage:
    @asynccontextmanager
    async def opened(folder: Path, cluster: Any) -> AsyncIterator[Act]:
        def room() -> Room:
            return kubernetes_calls.room(cluster)

        with space(cluster) as shop:
            shop.deployment("web", 1)
            if operation == "rollback_deployment":
                shop.release("web", "shop:2")
                parameters, back = {"revision": 1}, {"revision": 2}
            else:
                parameters, back = {"replicas": 3}, {"replicas": 1}
            target = kubernetes_calls.target("deployment", shop, "web")
            async with calling(room()) as call:
                yield Act(call, operation, target, room, parameters, (operation, back))

    return Stage(f"{operation} on a cluster", ("cluster",), opened, _CLUSTER)


def _instance(operation: str) -> Stage:
    @asynccontextmanager
    async def opened(folder: Path, cloud: Any, web: str) -> AsyncIterator[Act]:
        def room() -> Room:
            return openstack_cases.room(cloud)

        resize = operation == "resize_instance"
        parameters = {"flavor": "medium"} if resize else {}
        inverse = ("revert_resize", {"flavor": "small"}) if resize else None
        target = openstack_cases.name_of("instance", web)
        async with calling(room()) as call:
            yield Act(call, operation, target, room, parameters, inverse, not resize)

    return Stage(f"{operation} on a cloud", ("cloud", "web"), opened, tuple(openstack_cases.LANE))


def _image() -> Stage:
    @asynccontextmanager
    async def opened(folder: Path, ceph: Any) -> AsyncIterator[Act]:
        def room() -> Room:
            return ceph_cases.room_of(ceph)

        with ceph.image_made() as spec:
            asked = ceph_cases.growing(ceph, spec, 96 * MIB)
            async with calling(room()) as call:
                yield Act(call, "expand_volume", asked["target"], room, asked["parameters"])

    return Stage("expand_volume on Ceph", ("ceph",), opened, _CEPH)


_LAB = {"LAB_PASSWORD": LAB_PASSWORD}
_VCENTER = {"LAB_PASSWORD": VCENTER_PASSWORD}
_CLUSTER = (pytest.mark.heavy_peer, pytest.mark.kubernetes)
_CEPH = (pytest.mark.heavy_peer, pytest.mark.ceph, pytest.mark.timeout(300))

STAGES = (
    *(_demo(case) for case in CASES),
    _port("enable_port", "r1", "eth1"),
    _port("enable_port", "sw1", "swp1"),
    _port("restart_interface", "r1", "eth1"),
    _port("restart_interface", "sw1", "swp1"),
    _cisco("enable_port"),
    _cisco("clear_interface_errors"),
    _filesystem("btrfs"),
    _filesystem("xfs"),
    _vm("restart_vm", {}, None),
    _vm("snapshot_vm", {"snapshot_name": "s1"}, ("delete_snapshot", {"snapshot_name": "s1"})),
    _vm("increase_memory", {"memory_mib": 64}, ("decrease_memory", {"memory_mib": 32})),
    _vm("increase_cpu", {"cpu_count": 2}, ("decrease_cpu", {"cpu_count": 1})),
    _deployment("scale_deployment"),
    _deployment("rollback_deployment"),
    _instance("reboot_instance"),
    _instance("resize_instance"),
    _image(),
)
