"""The storage room on a Ceph that is sick: silence, restarts, lost and cut answers, keys that do not fit."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.rooms.calling import calling
from tests.contract.rooms.ceph_cases import CLUSTER, POOL, clearing, growing, room_of, size, volume
from tests.peers.ceph import MIB, Ceph

from datacenter_mcp.storage.room import open_storage

pytestmark = [
    pytest.mark.heavy_peer,
    pytest.mark.ceph,
    pytest.mark.timeout(300),
    pytest.mark.shows("storage ceph", "endures"),
]
QUICK = {"connect_timeout_seconds": 2, "command_timeout_seconds": 5}


@pytest.fixture
def image(ceph: Ceph) -> Iterator[str]:
    with ceph.image_made() as spec:
        yield spec


@pytest.fixture
def rbd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a program before the real `rbd`, as a bad line would stand between us and it."""

    def before(script: str) -> None:
        program = tmp_path / "rbd"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    return before


async def test_a_silent_monitor_costs_bounded_time_and_is_a_gap_beside_the_others(
    ceph: Ceph, image: str
):
    hosts: Any = ceph.settings("operator", **QUICK)["hosts"]
    here = {"name": "here", "host": "local"}
    asked = growing(ceph, image, 96 * MIB)
    async with calling(open_storage("ceph", {"hosts": [*hosts, here]})) as call:
        with ceph.frozen("mon.a"):
            started = time.monotonic()
            page = await call("list_resources")
            waited = time.monotonic() - started
            health = await call("get_health")
            report = await call.error("expand_volume", idempotency_key="1", **asked)
        again = await call("describe_resource", id=POOL)

    assert waited < 8
    assert "host" in {one["kind"] for one in page["resources"]}
    assert [(one["part"], one["kind"]) for one in page["failures"] if one["part"] == "ceph1"] == [
        ("ceph1", "unavailable")
    ]
    assert health["status"] == "degraded"
    assert (report.kind, report.sent) == ("unavailable", False)
    assert again["id"] == POOL
    assert size(ceph, image) == 64 * MIB


async def test_silent_osds_are_told_and_the_cluster_is_still_read(ceph: Ceph, image: str):
    asked = growing(ceph, image, 96 * MIB)
    async with calling(room_of(ceph, **QUICK)) as call:
        with ceph.frozen("osd.0", "osd.1"):
            page = await call("list_resources")
            report = await call.error("expand_volume", idempotency_key="1", **asked)
    ceph.until_well()

    assert CLUSTER in {one["id"] for one in page["resources"]}
    assert ("ceph1 rbd", "unavailable") in {(one["part"], one["kind"]) for one in page["failures"]}
    assert report.kind == "unavailable"
    assert size(ceph, image) == 64 * MIB


async def test_a_monitor_that_restarts_is_asked_anew(ceph: Ceph):
    async with calling(room_of(ceph, "reader", **QUICK)) as call:
        await call("describe_resource", id=CLUSTER)
        ceph.end("mon.a", signal.SIGKILL)
        try:
            report = await call.error("describe_resource", id=CLUSTER)
        finally:
            ceph.launch("mon.a")
            ceph.until_well()
        again = await call("describe_resource", id=CLUSTER)

    assert (report.kind, again["id"]) == ("unavailable", CLUSTER)


async def test_an_image_grows_after_nobody_waited_any_more_and_a_look_tells(
    ceph: Ceph, image: str
):
    """The guest that holds the lock has to grow the image, and hangs: it does so once it goes on."""
    asked = growing(ceph, image, 96 * MIB)
    async with calling(room_of(ceph, **QUICK)) as call:
        with ceph.held(image) as guest:
            os.kill(guest, signal.SIGSTOP)
            try:
                report = await call.error("expand_volume", idempotency_key="1", **asked)
                before = await call("look", operation="expand_volume", **asked)
            finally:
                os.kill(guest, signal.SIGCONT)
            after = await call.until(
                lambda look: look["satisfied"], "look", operation="expand_volume", **asked
            )
        again = await call("expand_volume", idempotency_key="2", **asked)

    assert (report.kind, report.sent) == ("unavailable", True)
    assert (before["satisfied"], after["satisfied"]) == (False, True)
    assert (again["changed"], size(ceph, image)) == (False, 96 * MIB)


async def test_an_answer_that_never_comes_is_no_proof_that_nothing_happened(
    ceph: Ceph, image: str, rbd: Any
):
    rbd('/usr/bin/rbd "$@" || exit\ncase " $* " in *" resize "*) exec sleep 60;; esac')
    asked = growing(ceph, image, 96 * MIB)
    async with calling(room_of(ceph, **QUICK)) as call:
        report = await call.error("expand_volume", idempotency_key="1", **asked)
        same = await call.error("expand_volume", idempotency_key="1", **asked)
        look = await call("look", operation="expand_volume", **asked)
        again = await call("expand_volume", idempotency_key="2", **asked)

    assert (report.kind, report.sent, same) == ("unavailable", True, report)
    assert look["satisfied"] is True
    assert (again["changed"], size(ceph, image)) == (False, 96 * MIB)


async def test_a_removal_that_fails_in_the_middle_says_what_is_gone(
    ceph: Ceph, image: str, rbd: Any
):
    for name in ("a", "b", "c"):
        ceph.rbd("snap", "create", "--no-progress", f"{image}@{name}")
    second = ceph.snapshot_id(image, "b")
    rbd(f'case " $* " in *" --snap-id={second} "*rm*|*" rm "*--snap-id={second}*) exec sleep 60;; esac\n'
        'exec /usr/bin/rbd "$@"')  # fmt: skip
    asked = clearing(ceph, image)
    async with calling(room_of(ceph, **QUICK)) as call:
        await call.until(
            lambda look: len(look["state"]["would_delete"]) == 2,
            "look", operation="clear_snapshots", **asked,
        )  # fmt: skip
        report = await call.error("clear_snapshots", idempotency_key="1", **asked)

    assert (report.kind, report.sent) == ("unavailable", True)
    assert report.message.endswith("Deleted before: a.")
    assert ceph.snapshots(image) == {"b", "c"}


@pytest.mark.parametrize("kept", [0, 40, 60])
async def test_an_answer_that_is_cut_off_is_broken_and_never_half_a_truth(
    ceph: Ceph, image: str, rbd: Any, kept: int
):
    target = volume(ceph, image)
    rbd(f'/usr/bin/rbd "$@" | head -c {kept}')
    async with calling(room_of(ceph)) as call:
        report = await call.error("describe_resource", id=target)
        page = await call("list_resources", kind="volume")

    assert report.kind == "broken"
    assert page["resources"] == []
    assert ("ceph1 rbd", "broken") in {(one["part"], one["kind"]) for one in page["failures"]}


async def test_an_image_that_cannot_be_read_is_a_gap_beside_the_others(
    ceph: Ceph, image: str, rbd: Any
):
    ceph.rbd("snap", "create", "--no-progress", f"{image}@one")
    name = image.partition("/")[2]
    rbd(f'case "$*" in *diff*{name}*) echo nonsense; exit;; esac\nexec /usr/bin/rbd "$@"')
    with ceph.image_made() as well:
        async with calling(room_of(ceph)) as call:
            page = await call("list_resources", kind="volume")

    assert well in {one["name"] for one in page["resources"]}
    assert image not in {one["name"] for one in page["resources"]}
    assert [(one["part"], one["kind"]) for one in page["failures"]] == [
        (f"ceph1 {image}", "broken")
    ]


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"user": "nobody"}, "refused"),
        ({"keyring": "/nonexistent"}, "refused"),
        ({"user": "dcdocs-reader"}, "refused"),  # with the key of the operator
        ({"conf": "/nonexistent"}, "invalid"),
    ],
)
async def test_what_the_owner_got_wrong_is_told_and_nothing_is_sent(
    ceph: Ceph, image: str, wrong: dict[str, str], kind: str
):
    asked = growing(ceph, image, 96 * MIB)
    async with calling(room_of(ceph, **wrong)) as call:
        read = await call.error("describe_resource", id=CLUSTER)
        page = await call("list_resources", kind="volume")
        act = await call.error("expand_volume", idempotency_key="1", **asked)
        health = await call("get_health")

    assert (read.kind, act.kind, act.sent) == (kind, kind, False)
    assert [one["kind"] for one in page["failures"]] == [kind]
    assert health["status"] == "failed"
    assert size(ceph, image) == 64 * MIB
