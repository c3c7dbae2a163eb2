"""Every operation of the catalogue on the demo world, through a real MCP client."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.contract.rooms.calling import Caller, calling
from tests.fakes.world import KNOWN, NAMES, Standing, make, room

from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.gates import of_platform
from datacenter_mcp.demo.view import View
from datacenter_mcp.demo.world import World

GIB = 2**30


@dataclass(frozen=True)
class Case:
    """An operation with a target by name. `set_up`: what has to be so before. `inverse`: what brings the pre-state back; None: nothing
    does, or nothing has to. `restart`: it leaves no state, only a marker."""

    operation: str
    sort: str
    name: str
    parameters: dict[str, Any] = field(default_factory=dict)
    set_up: dict[str, Any] = field(default_factory=dict)
    inverse: tuple[str, dict[str, Any]] | None = None
    restart: bool = False

    @property
    def platform(self) -> str:
        return self.sort.split(":")[0]

    def __str__(self) -> str:
        return self.operation


VM, PORT, DEPLOYMENT = "vmware:vm", "network:interface", "kubernetes:deployment"
CASES = [
    Case("restart_vm", VM, "prod-web-01", restart=True),
    Case("snapshot_vm", VM, "prod-web-01", {"snapshot_name": "s1"}, inverse=("delete_snapshot", {"snapshot_name": "s1"})),
    Case("increase_memory", VM, "prod-web-01", {"memory_mib": 16_384}, inverse=("decrease_memory", {"memory_mib": 8_192})),
    Case("increase_cpu", VM, "test-01", {"cpu_count": 4}, inverse=("decrease_cpu", {"cpu_count": 2})),
    Case("restart_pod", "kubernetes:pod", "", restart=True),
    Case("scale_deployment", DEPLOYMENT, "prod checkout", {"replicas": 3}, inverse=("scale_deployment", {"replicas": 2})),
    Case("rollback_deployment", DEPLOYMENT, "prod web", {"revision": 3}, inverse=("rollback_deployment", {"revision": 4})),
    Case("clear_interface_errors", PORT, "sw1 eth5", set_up={"rx_errors": 7}),
    Case("enable_port", PORT, "sw1 eth5", set_up={"admin_state": "down"}, inverse=("disable_port", {})),
    Case("restart_interface", PORT, "sw1 eth5", restart=True),
    Case("expand_volume", "storage:volume", "ceph1 metrics", {"size_bytes": 300 * GIB},
         inverse=("shrink_volume", {"size_bytes": 200 * GIB})),
    Case("clear_snapshots", "storage:volume", "nas1 /export/home", {"older_than_seconds": 3_600}),
    Case("reboot_instance", "openstack:instance", "shop-worker-1", restart=True),
    Case("resize_instance", "openstack:instance", "shop-worker-1", {"flavor": "m1.medium"},
         inverse=("revert_resize", {"flavor": "m1.small"})),
    Case("confirm_resize", "openstack:instance", "shop-worker-1", {"flavor": "m1.small"},
         set_up={"_resized_from": "m1.medium", "_confirms_at": 1e12}),
]  # fmt: skip
EACH = pytest.mark.parametrize("case", CASES, ids=str)
STATEFUL = pytest.mark.parametrize("case", [c for c in CASES if not c.restart], ids=str)


class Scene:
    """A world with one case set up. `target`: its id."""

    def __init__(self, folder: Path, case: Case) -> None:
        self.case, self.time = case, Standing()
        self.path = make(folder, self.time)
        with_world = World.open(self.path, self.time)
        key = _key(with_world.view(), case)
        if case.set_up:
            with_world.happen("test", key, lambda _: [Step(key, case.set_up)])
        with_world.close()
        platform, kind, native = key.split(":", 2)
        self.key, self.target = key, f"{platform}:{NAMES[platform]}:{kind}:{native}"
        self.time.now += 10

    def happens(self, key: str, **attributes: Any) -> None:
        """Something else changes in the world."""
        world = World.open(self.path, self.time)
        world.happen("test", key, lambda _: [Step(key, attributes)])
        world.close()

    def room(self) -> Any:
        return room(self.case.platform, self.path, self.time)

    async def look(self, call: Caller) -> dict[str, Any]:
        return await call("look", operation=self.case.operation, **self.asked)

    @property
    def asked(self) -> dict[str, Any]:
        return {"target": self.target, "parameters": self.case.parameters}

    async def act(self, call: Caller, key: str, **more: Any) -> dict[str, Any]:
        return await call(self.case.operation, idempotency_key=key, **self.asked, **more)


def _key(view: View, case: Case) -> str:
    if case.operation == "restart_pod":
        return min(view.where(case.sort, "_deployment", "kubernetes:deployment:prod/web"))
    found = view.named(case.sort, case.name)
    assert found
    return found


@pytest.fixture
def scene(tmp_path: Path, case: Case) -> Scene:
    return Scene(tmp_path, case)


@EACH
async def test_a_dry_run_tells_what_it_would_do_and_changes_nothing(scene: Scene, case: Case):
    async with calling(scene.room()) as call:
        before = await scene.look(call)
        dry = await scene.act(call, "1", dry_run=True)
        scene.time.now += 60
        after = await scene.look(call)

    assert (dry["changed"], dry["dry_run"], bool(dry["would"])) == (False, True, True)
    assert (before["state"], before["marker"]) == (after["state"], after["marker"])


@pytest.mark.shows("demo", "enable_port", "restart_interface", "clear_interface_errors")
@pytest.mark.shows("demo", "restart_vm", "snapshot_vm", "increase_memory", "increase_cpu")
@pytest.mark.shows("demo", "restart_pod", "scale_deployment", "rollback_deployment")
@pytest.mark.shows("demo", "expand_volume", "clear_snapshots")
@pytest.mark.shows("demo", "reboot_instance", "resize_instance", "confirm_resize")
@EACH
async def test_it_acts_and_looking_shows_it(scene: Scene, case: Case):
    async with calling(scene.room()) as call:
        before = await scene.look(call)
        done = await scene.act(call, "1")
        scene.time.now += 60
        after = await scene.look(call)

    assert done["changed"] is True
    assert before["exists"]
    assert after["exists"]
    assert (done["before"], done["after"]) == (before["state"], after["state"])
    if case.restart:
        assert before["satisfied"] is None
        assert before["marker"] != after["marker"]
    else:
        assert (before["satisfied"], after["satisfied"]) == (False, True)


@STATEFUL
async def test_what_is_so_already_is_not_done_again(scene: Scene, case: Case):
    async with calling(scene.room()) as call:
        await scene.act(call, "1")
        scene.time.now += 60
        again = await scene.act(call, "2")

    assert again["changed"] is False
    assert again["before"] == again["after"]


@pytest.mark.shows("demo", "disable_port", "shrink_volume", "revert_resize")
@pytest.mark.shows("demo", "delete_snapshot", "decrease_memory", "decrease_cpu")
@pytest.mark.parametrize("case", [c for c in CASES if c.inverse], ids=str)
async def test_its_inverse_brings_the_pre_state_back(scene: Scene, case: Case):
    operation, parameters = case.inverse
    async with calling(scene.room()) as call:
        before = await scene.look(call)
        await scene.act(call, "1")
        scene.time.now += 60
        undone = await call(
            operation, target=scene.target, parameters=parameters, idempotency_key="2"
        )
        scene.time.now += 60
        after = await scene.look(call)

    assert undone["changed"] is True
    assert after["state"] == before["state"]
    assert after["satisfied"] is False


def test_every_operation_of_the_world_is_tried_here():
    tried = {case.operation for case in CASES} | {
        case.inverse[0] for case in CASES if case.inverse
    }

    assert tried == KNOWN.keys()


@EACH
async def test_a_wrong_target_is_told_and_nothing_was_sent(scene: Scene, case: Case):
    platform, connection, kind, _ = scene.target.split(":", 3)
    asked = {"parameters": case.parameters, "idempotency_key": "1"}
    async with calling(scene.room()) as call:
        missing = await call.error(
            case.operation, target=f"{platform}:{connection}:{kind}:none", **asked
        )
        other = await call.error(case.operation, target=f"{platform}:{connection}:rack:1", **asked)
        nobody = await call("look", operation=case.operation, parameters=case.parameters,
                            target=f"{platform}:{connection}:{kind}:none")  # fmt: skip

    assert (missing.kind, missing.sent) == ("not_found", False)
    assert (other.kind, other.sent) == ("invalid", False)
    assert nobody["exists"] is False


@EACH
@pytest.mark.parametrize(
    ("where", "ailment", "kind"),
    [("platform", "_read_only", "refused"), ("target", "_forbidden", "refused"),
     ("platform", "_busy", "conflict"), ("platform", "_away", "unavailable")],
)  # fmt: skip
async def test_a_platform_that_says_no_is_heard(
    scene: Scene, case: Case, where: str, ailment: str, kind: str
):
    key = scene.key if where == "target" else of_platform(case.platform)
    scene.happens(key, **{ailment: True})
    async with calling(scene.room()) as call:
        error = await call.error(case.operation, idempotency_key="1", **scene.asked)
    scene.happens(key, **{ailment: False})
    async with calling(scene.room()) as call:
        done = await scene.act(call, "1")

    assert (error.kind, error.sent) == (kind, False)
    assert done["changed"] is True


@pytest.mark.parametrize("case", [CASES[0], CASES[12]], ids=str)
async def test_a_target_that_is_being_restarted_is_in_conflict(scene: Scene, case: Case):
    async with calling(scene.room()) as call:
        await scene.act(call, "1")
        error = await call.error(case.operation, idempotency_key="2", **scene.asked)
        scene.time.now += 60
        again = await scene.act(call, "3")

    assert error.kind == "conflict"
    assert error.retry_after_seconds
    assert again["changed"] is True


@pytest.mark.parametrize(
    ("case", "changes", "kind"),
    [
        (CASES[0], {"power_state": "off"}, "conflict"),
        (CASES[0], {"_hung": True}, "refused"),
        (Case("increase_memory", VM, "prod-web-01", {"memory_mib": 4_096}), {}, "invalid"),
        (Case("increase_memory", VM, "prod-web-01", {"memory_mib": 4_194_304}), {}, "refused"),
        (Case("scale_deployment", DEPLOYMENT, "prod api", {"replicas": 9}), {}, "refused"),
        (Case("rollback_deployment", DEPLOYMENT, "prod web", {"revision": 1}), {}, "invalid"),
        (CASES[6], {"paused": True}, "refused"),
        (CASES[9], {"admin_state": "down"}, "conflict"),
        (Case("expand_volume", "storage:volume", "nas1 /var/log", {"size_bytes": 1}), {}, "invalid"),
        (Case("expand_volume", "storage:volume", "nas1 /var/log", {"size_bytes": 2**50}), {}, "refused"),
        (CASES[10], {"writable": False}, "refused"),
        (Case("shrink_volume", "storage:volume", "nas1 /export/home", {"size_bytes": 1}), {}, "unsupported"),
        (Case("shrink_volume", "storage:volume", "ceph1 metrics", {"size_bytes": 1}), {}, "refused"),
        (Case("clear_snapshots", "storage:volume", "nas1 /var/log", {"older_than_seconds": 1}), {}, "unsupported"),
        (CASES[12], {"locked": True}, "refused"),
        (CASES[12], {"_status": "shutoff"}, "conflict"),
        (Case("resize_instance", "openstack:instance", "shop-search", {"flavor": "m1.small"}), {}, "refused"),
        (Case("resize_instance", "openstack:instance", "shop-search", {"flavor": "m9"}), {}, "invalid"),
        (Case("revert_resize", "openstack:instance", "shop-search", {"flavor": "m1.small"}), {}, "conflict"),
    ],
)  # fmt: skip
async def test_what_the_platform_would_refuse_is_refused(
    tmp_path: Path, case: Case, changes: dict[str, Any], kind: str
):
    scene = Scene(tmp_path, case)
    if changes:
        scene.happens(scene.key, **changes)
    async with calling(scene.room()) as call:
        error = await call.error(case.operation, idempotency_key="1", **scene.asked)

    assert (error.kind, error.sent) == (kind, False)


async def test_a_pod_that_was_replaced_names_its_successor(tmp_path: Path):
    scene = Scene(tmp_path, CASES[4])
    async with calling(scene.room()) as call:
        await scene.act(call, "1")
        scene.time.now += 60
        look = await scene.look(call)
        past = await call("describe_resource", id=scene.target)
        listed = await call.everything(kind="pod")

    assert look["successor"] in listed
    assert scene.target not in listed
    assert past["parent"] == "kubernetes:cluster:namespace:prod"


async def test_hazards_are_told(tmp_path: Path):
    path = make(tmp_path, Standing())
    async with calling(room("network", path, Standing())) as call:
        port = await call(
            "look", operation="restart_interface", target="network:fabric:interface:sw1/mgmt0"
        )
    async with calling(room("kubernetes", path, Standing())) as call:
        system = await call("look", operation="scale_deployment", parameters={"replicas": 3},
                            target="kubernetes:cluster:deployment:kube-system/coredns")  # fmt: skip
    disk = Scene(
        tmp_path / "other",
        Case("expand_volume", "storage:volume", "nas1 /var/log", {"size_bytes": 2**40}),
    )
    async with calling(disk.room()) as call:
        volume = await disk.look(call)

    assert port["hazards"] == ["management_path"]
    assert system["hazards"] == ["system_namespace"]
    assert volume["hazards"] == ["cannot_shrink"]


async def test_without_writes_no_write_tool_is_listed(tmp_path: Path):
    path = make(tmp_path, Standing())
    for platform in NAMES:
        async with calling(room(platform, path, Standing()), allow_writes=False) as call:
            listed = await call.tools()
            offers = await call("list_operations")

        assert not listed.keys() & KNOWN.keys()
        assert all(offer["supported"] and not offer["writable"] for offer in offers["offers"])
