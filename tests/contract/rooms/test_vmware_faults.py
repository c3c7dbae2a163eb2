"""What the VMware room does when a vCenter is sick, busy, gone, or not who it should be; the truth is found by looking."""

import asyncio
import time
from pathlib import Path

import pytest
from tests.contract.rooms.calling import calling
from tests.contract.rooms.vmware_cases import room_of, vm_id
from tests.peers.vcenter import ADMIN, VCenter
from tests.peers.vcenter_oracle import Oracle

from datacenter_mcp.contract.errors import InvalidRequest
from datacenter_mcp.vmware.room import open_vmware

pytestmark = [pytest.mark.peer, pytest.mark.shows("vmware", "endures")]
READ = "RetrievePropertiesEx"
MORE = {"memory_mib": 64}


def sick(vc: VCenter, method: str, how: str, times: int = 1) -> None:
    vc.order("fault", method=method, how=how, times=times)


@pytest.fixture(autouse=True)
def _well_again(vc: VCenter):
    yield
    for method in (READ, "ReconfigVM_Task", "RebootGuest", "CreateSnapshot_Task", "Login"):
        sick(vc, method, "", 0)


async def test_a_login_that_expires_is_made_anew_in_the_same_call(
    vc: VCenter, oracle: Oracle, vm: str
):
    async with calling(room_of(vc)) as call:
        await call("describe_resource", id=vm_id(vm))
        vc.order("expire")
        read = await call("describe_resource", id=vm_id(vm))
        vc.order("expire")
        done = await call("restart_vm", target=vm_id(vm), idempotency_key="1")

    assert read["id"] == vm_id(vm)
    assert done["changed"] is True


@pytest.mark.parametrize("how", ["cut", "garbage", "lost"])
async def test_an_answer_that_is_cut_off_is_no_answer_and_the_next_call_works(
    vc: VCenter, oracle: Oracle, vm: str, how
):
    async with calling(room_of(vc)) as call:
        await call("get_health")
        sick(vc, READ, how, times=2)
        report = await call.error("describe_resource", id=vm_id(vm))
        sick(vc, READ, "", 0)
        read = await call("describe_resource", id=vm_id(vm))

    assert report.kind == ("broken" if how == "garbage" else "unavailable")
    assert "<html>" not in report.message
    assert read["id"] == vm_id(vm)


async def test_a_connection_that_is_lost_once_is_not_noticed_by_readers(
    vc: VCenter, oracle: Oracle, vm: str
):
    async with calling(room_of(vc)) as call:
        sick(vc, READ, "lost")
        read = await call("describe_resource", id=vm_id(vm))

    assert read["id"] == vm_id(vm)


async def test_a_silent_vcenter_costs_its_time_limit_and_no_more(
    vc: VCenter, oracle: Oracle, vm: str
):
    async with calling(room_of(vc, timeout_seconds=0.5)) as call:
        await call("get_health")
        sick(vc, READ, "deaf")
        begun = time.monotonic()
        report = await call.error("describe_resource", id=vm_id(vm))
        taken = time.monotonic() - begun
        read = await call("describe_resource", id=vm_id(vm))

    assert (report.kind, taken < 3) == ("unavailable", True)
    assert read["id"] == vm_id(vm)


async def test_other_calls_go_on_while_one_hangs(vc: VCenter, oracle: Oracle, vm: str):
    async with calling(room_of(vc, timeout_seconds=2)) as call:
        await call("get_health")
        sick(vc, READ, "deaf")
        hanging = asyncio.create_task(call.error("describe_resource", id=vm_id(vm)))
        await asyncio.sleep(0)
        begun = time.monotonic()
        await call("get_health")
        taken = time.monotonic() - begun
        report = await hanging

    assert taken < 1
    assert report.kind == "unavailable"


@pytest.mark.parametrize("how", ["lost", "silent"])
@pytest.mark.parametrize(
    ("operation", "parameters", "method"),
    [
        ("increase_memory", MORE, "ReconfigVM_Task"),
        ("snapshot_vm", {"snapshot_name": "a"}, "CreateSnapshot_Task"),
    ],
)
async def test_an_effect_whose_answer_was_lost_is_found_by_looking(
    vc: VCenter, oracle: Oracle, vm: str, how, operation, parameters, method
):
    oracle.switch(vm, on=False)
    async with calling(room_of(vc, timeout_seconds=0.5)) as call:
        await call("get_health")
        sick(vc, method, how)
        report = await call.error(
            operation, target=vm_id(vm), idempotency_key="1", parameters=parameters
        )
        look = await call("look", operation=operation, target=vm_id(vm), parameters=parameters)
        again = await call(operation, target=vm_id(vm), idempotency_key="2", parameters=parameters)

    assert (report.kind, report.sent) == ("unavailable", True)
    assert (look["satisfied"], again["changed"]) == (True, False)
    assert oracle.snapshots(vm) in ([], ["a"])


async def test_a_restart_whose_answer_was_lost_shows_in_the_marker_and_happened_once(
    vc: VCenter, oracle: Oracle, vm: str
):
    counted = oracle.reboots(vm)
    async with calling(room_of(vc)) as call:
        before = await call("look", operation="restart_vm", target=vm_id(vm))
        sick(vc, "RebootGuest", "lost")
        report = await call.error("restart_vm", target=vm_id(vm), idempotency_key="1")
        after = await call.until(
            lambda look: look["marker"], "look", operation="restart_vm", target=vm_id(vm)
        )

    assert (report.kind, report.sent) == ("unavailable", True)
    assert after["marker"] != before["marker"]
    assert oracle.reboots(vm) == counted + 1


async def test_a_change_that_fails_after_the_shutdown_leaves_the_vm_on(
    vc: VCenter, oracle: Oracle, vm: str
):
    async with calling(room_of(vc)) as call:
        sick(vc, "ReconfigVM_Task", "busy")
        report = await call.error(
            "increase_memory", target=vm_id(vm), idempotency_key="1", parameters=MORE
        )

    assert (report.kind, report.sent) == ("conflict", True)
    assert (oracle.memory(vm), oracle.power(vm)) == (32, "poweredOn")


async def test_a_guest_that_does_not_shut_down_is_left_as_it_is(
    vc: VCenter, oracle: Oracle, vm: str
):
    async with calling(room_of(vc, shutdown_seconds=0.1)) as call:
        sick(vc, "ShutdownGuest", "ignored")
        report = await call.error(
            "increase_memory", target=vm_id(vm), idempotency_key="1", parameters=MORE
        )

    assert (report.kind, report.sent) == ("unavailable", True)
    assert "once it is off, it stays off" in report.message
    assert (oracle.memory(vm), oracle.power(vm)) == (32, "poweredOn")


async def test_a_busy_vm_is_a_conflict_in_which_nothing_happened(
    vc: VCenter, oracle: Oracle, vm: str
):
    async with calling(room_of(vc)) as call:
        sick(vc, "CreateSnapshot_Task", "busy")
        report = await call.error(
            "snapshot_vm", target=vm_id(vm), idempotency_key="1", parameters={"snapshot_name": "a"}
        )
        retried = await call(
            "snapshot_vm", target=vm_id(vm), idempotency_key="1", parameters={"snapshot_name": "a"}
        )

    assert (report.kind, report.sent, bool(report.retry_after_seconds)) == (
        "conflict",
        False,
        True,
    )
    assert retried["changed"] is True


async def test_a_change_of_somebody_else_in_between_is_a_conflict(
    vc: VCenter, oracle: Oracle, vm: str
):
    """The platform compares versions: what was read before another change is not written over it."""
    oracle.switch(vm, on=False)
    version = oracle.read(vm, "config.changeVersion")
    oracle.reconfigure(vm, memoryMB=48)
    room = room_of(vc)
    async with calling(room) as call:
        sick(vc, "ReconfigVM_Task", "raced")
        report = await call.error(
            "increase_memory", target=vm_id(vm), idempotency_key="1", parameters=MORE
        )

    assert oracle.read(vm, "config.changeVersion") != version
    assert (report.kind, report.sent, oracle.memory(vm)) == ("conflict", False, 48)


async def test_a_vcenter_that_is_away_is_told_as_such_and_found_again(
    vc: VCenter, oracle: Oracle, vm: str
):
    async with calling(room_of(vc)) as call:
        await call("describe_resource", id=vm_id(vm))
        with vc.away():
            report = await call.error("restart_vm", target=vm_id(vm), idempotency_key="1")
            health = await call("get_health")
        back = await call("get_health")
        found = await call.everything(kind="vm")

    assert (report.kind, report.sent) == ("unavailable", False)
    assert (health["status"], back["status"], len(found)) == ("failed", "ok", 12)


async def test_a_wrong_password_is_told_without_it(vc: VCenter, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LAB_PASSWORD", "not-the-password")
    async with calling(room_of(vc)) as call:
        report = await call.error("list_resources")
        health = await call("get_health")

    assert (report.kind, report.sent) == ("unavailable", False)
    assert ADMIN in report.message
    assert "not-the-password" not in report.message
    assert health["status"] == "failed"


@pytest.mark.parametrize(
    ("trust", "status"),
    [
        ({}, "failed"),
        ({"thumbprint": "its own"}, "ok"),
        ({"thumbprint": ":".join(["AB"] * 32)}, "failed"),
        ({"insecure": True}, "ok"),
    ],
    ids=["nobody", "thumbprint", "wrong thumbprint", "insecure"],
)
async def test_only_a_certificate_that_is_trusted_gets_our_password(vc: VCenter, trust, status):
    if trust.get("thumbprint") == "its own":
        trust = {"thumbprint": vc.thumbprint}
    async with calling(room_of(vc, ca_file=None, **trust)) as call:
        first = await call("get_health")
        again = await call("get_health")

    assert [first["status"], again["status"]] == [status, status]
    assert status == "ok" or "certificate" in first["reasons"][0]


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_an_authority_that_cannot_be_read_is_told(vc: VCenter, tmp_path: Path, content):
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    async with calling(room_of(vc, ca_file=str(file))) as call:
        report = await call.error("list_resources")

    assert (report.kind, report.sent) == ("invalid", False)
    assert str(file) in report.message


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "in-the-open"},
        {"thumbprint": "12:34"},
        {"insecure": True},
        {"hots": "x"},
        {"host": "https://vc"},
    ],
)
def test_wrong_settings_are_told_by_place_and_never_by_value(wrong):
    settings = {
        "host": "vc",
        "username": "u",
        "password": "env:P",
        "ca_file": str(Path("ca.pem")),
        **wrong,
    }

    with pytest.raises(InvalidRequest) as caught:
        open_vmware("vc", settings)

    assert "in-the-open" not in str(caught.value)
