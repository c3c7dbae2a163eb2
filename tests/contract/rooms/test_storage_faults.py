"""The storage room on a host that is sick: a lost session, silence, a lost answer, a login that is refused."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.contract.rooms.calling import Caller, calling
from tests.peers.netlab import PASSWORD, NetLab
from tests.peers.volumes import MIB, Volumes

from datacenter_mcp.storage.room import StorageRoom, open_storage

pytestmark = [pytest.mark.peer, pytest.mark.shows("storage linux", "endures")]
HOST = "storage:disks:host:nas1"


@pytest.fixture(autouse=True)
def shared(lab: NetLab, disks: Volumes, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The lab's Linux switch sees the volumes, and is a host of its own to the room."""
    monkeypatch.setenv("LAB_PASSWORD", PASSWORD)
    monkeypatch.setenv("WRONG_PASSWORD", "not it")
    with lab.sharing("sw1", disks.mount("btrfs"), disks.mount("xfs")):
        yield


def host(lab: NetLab, **more: Any) -> dict[str, Any]:
    return {"name": "nas1", "host": lab.address("sw1"), "username": lab.user, "sudo": True,
            "password": "env:LAB_PASSWORD", "host_key": "insecure", **more}  # fmt: skip


def room(*hosts: dict[str, Any]) -> StorageRoom:
    return open_storage("disks", {"hosts": list(hosts)})


def volume(disks: Volumes, filesystem: str) -> str:
    return f"storage:disks:volume:nas1/{disks.uuid(filesystem)}"


async def grow(call: Caller, disks: Volumes, size: int, key: str) -> Any:
    return await call(
        "expand_volume", target=volume(disks, "xfs"),
        parameters={"size_bytes": size}, idempotency_key=key,
    )  # fmt: skip


async def test_a_lost_session_is_told_and_the_next_call_connects_anew(lab, disks):
    async with calling(room(host(lab))) as call:
        await call("describe_resource", id=HOST)
        lab.kill_ssh("sw1")
        report = await call.error("describe_resource", id=volume(disks, "xfs"))
        lab.start_sshd("sw1", showing=(disks.mount("btrfs"), disks.mount("xfs")))
        again = await call("describe_resource", id=volume(disks, "xfs"))

    assert report.kind == "unavailable"
    assert again["id"] == volume(disks, "xfs")


async def test_a_host_that_hangs_costs_bounded_time_and_is_a_gap_beside_the_others(lab, disks):
    silent = host(lab, command_timeout_seconds=1)
    well = {"name": "here", "host": "local"}
    async with calling(room(silent, well)) as call:
        await call("describe_resource", id=HOST)
        with lab.frozen("sw1"):
            started = time.monotonic()
            page = await call("list_resources", kind="host")
            waited = time.monotonic() - started
            health = await call("get_health")
        again = await call("list_resources", kind="host")

    assert waited < 4
    assert [one["name"] for one in page["resources"]] == ["here"]
    assert [(one["part"], one["kind"]) for one in page["failures"]] == [("nas1", "unavailable")]
    assert health["status"] == "degraded"
    assert len(again["resources"]) == 2


async def test_a_refused_login_changes_nothing_and_is_told_without_the_password(lab, disks):
    before = disks.size("xfs")
    async with calling(room(host(lab, password="env:WRONG_PASSWORD"))) as call:
        report = await call.error(
            "expand_volume", target=volume(disks, "xfs"),
            parameters={"size_bytes": before + 64 * MIB}, idempotency_key="k",
        )  # fmt: skip

    assert report.kind in ("refused", "unavailable")
    assert report.sent is False
    assert "not it" not in report.message
    assert disks.size("xfs") == before


async def test_what_became_of_a_lost_answer_is_seen_by_looking(lab, disks):
    """The session is cut in the middle of growing: the error says that it may have happened, and a look tells the truth."""
    size = disks.image("xfs").stat().st_size + 32 * MIB
    asked = {"target": volume(disks, "xfs"), "parameters": {"size_bytes": size}}
    async with calling(room(host(lab))) as call:
        await call("describe_resource", id=HOST)
        growing = asyncio.create_task(
            call.kinds(("expand_volume", {**asked, "idempotency_key": "k1"}))
        )
        while disks.image("xfs").stat().st_size < size and not growing.done():
            await asyncio.sleep(0.001)
        lab.kill_ssh("sw1")
        [came] = await growing
        lab.start_sshd("sw1", showing=(disks.mount("btrfs"), disks.mount("xfs")))
        seen = await call("look", operation="expand_volume", **asked)
        after = await grow(call, disks, size, "k2")

    assert came in ("unavailable", "broken", "ok")
    assert seen["exists"]
    assert after["changed"] is not seen["satisfied"]
    assert disks.image("xfs").stat().st_size == size


async def test_two_keys_do_not_grow_one_volume_at_the_same_time(lab, disks):
    size = disks.image("xfs").stat().st_size + 32 * MIB
    asked = {"target": volume(disks, "xfs"), "parameters": {"size_bytes": size}}
    async with calling(room(host(lab))) as call:
        await call("describe_resource", id=HOST)
        came = await call.kinds(
            ("expand_volume", {**asked, "idempotency_key": "k1"}),
            ("expand_volume", {**asked, "idempotency_key": "k2"}),
        )

    assert sorted(came) == ["conflict", "ok"]
    assert disks.image("xfs").stat().st_size == size
