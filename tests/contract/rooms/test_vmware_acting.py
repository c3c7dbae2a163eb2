"""The VMware room changes VMs of a vCenter; what became of them is asked of the vCenter itself."""

from typing import Any

import pytest
from pyVmomi import vim
from tests.contract.rooms.calling import Caller, calling
from tests.contract.rooms.vmware_cases import room_of, vm_id
from tests.peers.vcenter import ACTOR, READER, VCenter
from tests.peers.vcenter_oracle import Oracle

pytestmark = pytest.mark.peer
SNAPSHOT = {"snapshot_name": "before-patch"}
OPERATIONS = [
    ("restart_vm", {}),
    ("snapshot_vm", SNAPSHOT),
    ("increase_memory", {"memory_mib": 64}),
    ("increase_cpu", {"cpu_count": 2}),
]
EVERY = pytest.mark.parametrize(("operation", "parameters"), OPERATIONS)
RESIZES = pytest.mark.parametrize(
    ("operation", "inverse", "attribute", "small", "large"),
    [("increase_memory", "decrease_memory", "memory_mib", 32, 64),
     ("increase_cpu", "decrease_cpu", "cpu_count", 1, 2)],
)  # fmt: skip


def shape(oracle: Oracle, vm: str) -> tuple[Any, ...]:
    """All that operations could change."""
    return (oracle.memory(vm), oracle.cpus(vm), oracle.snapshots(vm), oracle.reboots(vm),
            oracle.resets(vm), oracle.power(vm))  # fmt: skip


async def looked(call: Caller, operation: str, vm: str, **parameters: Any) -> dict[str, Any]:
    return await call("look", operation=operation, target=vm_id(vm), parameters=parameters)


@EVERY
async def test_a_dry_run_tells_and_changes_nothing(
    vc: VCenter, oracle: Oracle, vm: str, operation, parameters
):
    before = shape(oracle, vm)
    async with calling(room_of(vc)) as call:
        dry = await call(
            operation, target=vm_id(vm), parameters=parameters, idempotency_key="1", dry_run=True
        )

    assert (dry["changed"], bool(dry["would"]), dry["before"]) == (False, True, dry["after"])
    assert shape(oracle, vm) == before


@EVERY
async def test_an_account_that_only_reads_changes_nothing(
    vc: VCenter, oracle: Oracle, vm: str, operation, parameters
):
    before = shape(oracle, vm)
    async with calling(room_of(vc, READER)) as call:
        look = await looked(call, operation, vm, **parameters)
        report = await call.error(
            operation, target=vm_id(vm), parameters=parameters, idempotency_key="1"
        )

    assert look["exists"] is True
    assert (report.kind, report.sent) == ("refused", False)
    assert "VirtualMachine." in report.message
    assert shape(oracle, vm) == before


@EVERY
async def test_the_smallest_role_that_acts_does_them_all(
    vc: VCenter, vm: str, operation, parameters
):
    async with calling(room_of(vc, ACTOR)) as call:
        done = await call(operation, target=vm_id(vm), parameters=parameters, idempotency_key="1")

    assert done["changed"] is True


@EVERY
async def test_a_wrong_target_is_told_before_anything_is_sent(
    vc: VCenter, oracle: Oracle, operation, parameters
):
    async with calling(room_of(vc)) as call:
        [host, *_] = await call.everything(kind="host")
        wrong = await call.error(
            operation, target=host, parameters=parameters, idempotency_key="1"
        )
        gone = await call.error(
            operation, target=vm_id("vm-0"), parameters=parameters, idempotency_key="2"
        )
        look = await looked(call, operation, "vm-0", **parameters)

    assert (wrong.kind, wrong.sent) == ("invalid", False)
    assert (gone.kind, gone.sent) == ("not_found", False)
    assert (look["exists"], look["health"]["status"]) == (False, "unknown")


@pytest.mark.shows("vmware", "restart_vm")
async def test_a_guest_restarts_and_the_marker_shows_it_once_it_is_back(
    vc: VCenter, oracle: Oracle, vm: str
):
    counted = oracle.reboots(vm)
    async with calling(room_of(vc)) as call:
        before = await looked(call, "restart_vm", vm)
        same = await looked(call, "restart_vm", vm)
        done = await call("restart_vm", target=vm_id(vm), idempotency_key="1")
        booting = await looked(call, "restart_vm", vm)
        back = await call.until(
            lambda look: look["marker"], "look", operation="restart_vm", target=vm_id(vm)
        )

    assert before["marker"] == same["marker"] is not None
    assert (done["changed"], done["before"], before["satisfied"]) == (
        True,
        {"power_state": "on"},
        None,
    )
    assert (booting["marker"], booting["health"]["status"]) == (None, "degraded")
    assert back["marker"] != before["marker"]
    assert (back["state"], back["health"]["status"]) == (before["state"], "ok")
    assert oracle.reboots(vm) == counted + 1


async def test_a_silent_guest_is_reset_only_where_that_is_allowed(
    vc: VCenter, oracle: Oracle, vm: str
):
    vc.order("tools", vm=vm, running="false")
    booted = oracle.read(vm, "runtime.bootTime")
    counted = oracle.resets(vm)
    async with calling(room_of(vc)) as call:
        before = await looked(call, "restart_vm", vm, allow_reset=True)
        report = await call.error("restart_vm", target=vm_id(vm), idempotency_key="1")
        untouched = oracle.resets(vm)
        done = await call(
            "restart_vm", target=vm_id(vm), idempotency_key="2", parameters={"allow_reset": True}
        )
        after = await call.until(
            lambda look: look["marker"], "look", operation="restart_vm", target=vm_id(vm)
        )

    assert (report.kind, report.sent, untouched) == ("refused", False, counted)
    assert before["hazards"] == ["no_guest_tools"]
    assert (done["changed"], oracle.resets(vm)) == (True, counted + 1)
    assert after["marker"] != before["marker"]
    assert oracle.read(vm, "runtime.bootTime") == booted


async def test_a_vm_that_is_off_is_not_restarted(vc: VCenter, oracle: Oracle, vm: str):
    oracle.switch(vm, on=False)
    async with calling(room_of(vc)) as call:
        look = await looked(call, "restart_vm", vm)
        report = await call.error("restart_vm", target=vm_id(vm), idempotency_key="1")

    assert (look["marker"], look["state"]) == (None, {"power_state": "off"})
    assert (report.kind, report.sent) == ("conflict", False)


@pytest.mark.shows("vmware", "snapshot_vm", "delete_snapshot")
async def test_a_snapshot_is_taken_once_and_the_inverse_deletes_it(
    vc: VCenter, oracle: Oracle, vm: str
):
    oracle.take_snapshot(vm, "older")
    async with calling(room_of(vc)) as call:
        before = await looked(call, "snapshot_vm", vm, **SNAPSHOT)
        done = await call(
            "snapshot_vm", target=vm_id(vm), idempotency_key="1", parameters=SNAPSHOT
        )
        again = await call(
            "snapshot_vm", target=vm_id(vm), idempotency_key="2", parameters=SNAPSHOT
        )
        seen = await looked(call, "snapshot_vm", vm, **SNAPSHOT)
        undone = await call(
            "delete_snapshot", target=vm_id(vm), idempotency_key="3", parameters=SNAPSHOT
        )
        gone = await call(
            "delete_snapshot", target=vm_id(vm), idempotency_key="4", parameters=SNAPSHOT
        )
        restored = await looked(call, "snapshot_vm", vm, **SNAPSHOT)

    assert (before["state"], before["satisfied"]) == ({"snapshots": ["older"]}, False)
    assert (done["changed"], done["after"]) == (True, {"snapshots": ["before-patch", "older"]})
    assert (again["changed"], seen["satisfied"]) == (False, True)
    assert (undone["changed"], gone["changed"]) == (True, False)
    assert restored["state"] == before["state"]
    assert oracle.snapshots(vm) == ["older"]


async def test_of_two_snapshots_with_one_name_none_is_deleted(
    vc: VCenter, oracle: Oracle, vm: str
):
    oracle.take_snapshot(vm, "twin")
    oracle.take_snapshot(vm, "twin")
    async with calling(room_of(vc)) as call:
        report = await call.error(
            "delete_snapshot",
            target=vm_id(vm),
            idempotency_key="1",
            parameters={"snapshot_name": "twin"},
        )
        look = await looked(call, "delete_snapshot", vm, snapshot_name="twin")

    assert (report.kind, report.sent) == ("conflict", False)
    assert look["state"] == {"snapshots": ["twin", "twin"]}


@RESIZES
@pytest.mark.shows("vmware", "increase_memory", "decrease_memory", "increase_cpu", "decrease_cpu")
async def test_a_running_vm_grows_over_a_shutdown_and_the_inverse_restores(
    vc: VCenter, oracle: Oracle, vm: str, operation, inverse, attribute, small, large
):
    async with calling(room_of(vc)) as call:
        before = await looked(call, operation, vm, **{attribute: large})
        dry = await call(
            operation,
            target=vm_id(vm),
            idempotency_key="0",
            parameters={attribute: large},
            dry_run=True,
        )
        done = await call(
            operation, target=vm_id(vm), idempotency_key="1", parameters={attribute: large}
        )
        seen = await looked(call, operation, vm, **{attribute: large})
        again = await call(
            operation, target=vm_id(vm), idempotency_key="2", parameters={attribute: large}
        )
        undone = await call(
            inverse, target=vm_id(vm), idempotency_key="3", parameters={attribute: small}
        )
        restored = await looked(call, operation, vm, **{attribute: large})

    assert (before["state"], before["satisfied"]) == ({attribute: small}, False)
    assert before["hazards"] == ["power_cycle"]
    assert [sentence.split()[0] for sentence in dry["would"]] == ["Shut", "Set", "Switch"]
    assert (done["changed"], done["before"], done["after"]) == (
        True,
        {attribute: small},
        {attribute: large},
    )
    assert (seen["satisfied"], again["changed"]) == (True, False)
    assert (undone["changed"], restored["state"]) == (True, before["state"])
    assert oracle.power(vm) == "poweredOn"


@RESIZES
async def test_with_hot_add_a_vm_grows_while_it_runs(
    vc: VCenter, oracle: Oracle, vm: str, operation, inverse, attribute, small, large
):
    oracle.switch(vm, on=False)
    oracle.reconfigure(vm, memoryHotAddEnabled=True, cpuHotAddEnabled=True)
    oracle.switch(vm, on=True)
    booted = oracle.read(vm, "runtime.bootTime")
    async with calling(room_of(vc)) as call:
        look = await looked(call, operation, vm, **{attribute: large})
        done = await call(
            operation, target=vm_id(vm), idempotency_key="1", parameters={attribute: large}
        )

    assert (look["hazards"], done["after"]) == ([], {attribute: large})
    assert (oracle.memory(vm), oracle.cpus(vm))[attribute == "cpu_count"] == large
    assert oracle.read(vm, "runtime.bootTime") == booted


async def test_a_vm_that_is_off_stays_off(vc: VCenter, oracle: Oracle, vm: str):
    oracle.switch(vm, on=False)
    async with calling(room_of(vc)) as call:
        dry = await call(
            "increase_memory",
            target=vm_id(vm),
            idempotency_key="0",
            parameters={"memory_mib": 64},
            dry_run=True,
        )
        await call(
            "increase_memory", target=vm_id(vm), idempotency_key="1", parameters={"memory_mib": 64}
        )

    assert len(dry["would"]) == 1
    assert (oracle.memory(vm), oracle.power(vm)) == (64, "poweredOff")


@pytest.mark.parametrize(
    "wanted", [{"memory_mib": -4}, {"memory_mib": 33}, {"memory_mib": "64"}, {"memory_gib": 1}, {}]
)
async def test_the_room_refuses_sizes_that_the_platform_would_take(
    vc: VCenter, oracle: Oracle, vm: str, wanted
):
    async with calling(room_of(vc)) as call:
        report = await call.error(
            "increase_memory", target=vm_id(vm), idempotency_key="1", parameters=wanted
        )

    assert (report.kind, report.sent, oracle.memory(vm)) == ("invalid", False, 32)


@pytest.mark.parametrize(
    ("operation", "wanted"),
    [("increase_memory", {"memory_mib": 8192}), ("increase_cpu", {"cpu_count": 64})],
)
async def test_more_than_the_host_has_is_refused(
    vc: VCenter, oracle: Oracle, vm: str, operation, wanted
):
    before = shape(oracle, vm)
    async with calling(room_of(vc)) as call:
        report = await call.error(
            operation, target=vm_id(vm), idempotency_key="1", parameters=wanted
        )

    assert (report.kind, report.sent) == ("refused", False)
    assert "The host has" in report.message
    assert shape(oracle, vm) == before


async def test_a_guest_that_does_not_answer_is_never_cut_off(vc: VCenter, oracle: Oracle, vm: str):
    vc.order("tools", vm=vm, running="false")
    async with calling(room_of(vc)) as call:
        report = await call.error(
            "increase_memory", target=vm_id(vm), idempotency_key="1", parameters={"memory_mib": 64}
        )

    assert (report.kind, report.sent) == ("refused", False)
    assert (oracle.memory(vm), oracle.power(vm)) == (32, "poweredOn")


async def test_only_a_recent_snapshot_is_a_backup(vc: VCenter, oracle: Oracle, vm: str):
    async with calling(room_of(vc)) as call:
        without = await looked(call, "increase_memory", vm, memory_mib=64)
        oracle.take_snapshot(vm, "nightly")
        recent = await looked(call, "increase_memory", vm, memory_mib=64)
        taking = await looked(call, "snapshot_vm", vm, **SNAPSHOT)

    assert [look["backup_available"] for look in (without, recent, taking)] == [False, True, None]


async def test_the_vm_that_the_vcenter_runs_in_is_left_alone(vc: VCenter, oracle: Oracle, vm: str):
    task = oracle.vm(vm).ReconfigVM_Task(carrying("127.0.0.1"))
    assert task
    try:
        async with calling(room_of(vc)) as call:
            look = await looked(call, "restart_vm", vm)
            reports = [
                await call.error(
                    operation, target=vm_id(vm), parameters=parameters, idempotency_key=operation
                )
                for operation, parameters in OPERATIONS
                if operation != "snapshot_vm"
            ]
    finally:
        oracle.vm(vm).ReconfigVM_Task(carrying("10.64.0.3"))

    assert look["hazards"] == ["management_path"]
    assert {(one.kind, one.sent) for one in reports} == {("refused", False)}


def carrying(address: str) -> Any:
    """A change that gives the guest an address; the simulator takes it from these settings."""
    return vim.vm.ConfigSpec(
        extraConfig=[vim.option.OptionValue(key="SET.guest.ipAddress", value=address)]
    )
