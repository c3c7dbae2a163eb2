"""A real btrfs that fills up."""

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import pytest
from tests.e2e.product import Product, running
from tests.peers.slots import run
from tests.peers.volumes import HISTORY, MIB, Volumes

pytestmark = [pytest.mark.peer, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def product(disks: Volumes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    connection = {"name": "disks", "platform": "storage", "allow_writes": True,
                  "settings": disks.settings()}  # fmt: skip
    with running(tmp_path_factory.mktemp("product"), [connection]) as product:
        yield product


@pytest.fixture
def full(disks: Volumes) -> Iterator[Path]:
    """The btrfs at about 95 %."""
    filler = disks.mount("btrfs") / "filler"
    seen = os.statvfs(disks.mount("btrfs"))
    with filler.open("wb", buffering=0) as file:
        _write(file, int(seen.f_bavail * seen.f_frsize * 0.9))
        # A btrfs may be out of room before it says so: where its chunks are depends on who wrote before.
        with suppress(OSError):
            while used(disks) < 0.945:
                _write(file, 4 * MIB)
    assert used(disks) > 0.9
    yield filler
    filler.unlink()


def _write(file: IO[bytes], count: int) -> None:
    """So many bytes, on the disk before the next look: until then a btrfs only guesses."""
    for _ in range(count // MIB):
        file.write(b"\xa5" * MIB)
    file.flush()
    os.fsync(file.fileno())


def used(disks: Volumes) -> float:
    """The oracle's share in use."""
    seen = os.statvfs(disks.mount("btrfs"))
    taken = seen.f_blocks - seen.f_bfree
    return taken / (taken + seen.f_bavail)


def half_as_much_again(size_bytes: int) -> int:
    """What the runbook asks for: 1.5 times, in whole MiB, rounded up. Other tests may have left any size behind."""
    return math.ceil(size_bytes * 3 / 2 / MIB) * MIB


def test_a_full_volume_is_expanded_after_approval_and_the_same_plan_again_finds_it_so(
    product: Product, disks: Volumes, full: Path
):
    product.policy(
        "storage", allowed_systems=["storage"], requires_rollback_plan=False,
        allowed_action_types=["critical_write"],
    )  # fmt: skip
    text = f"The volume {disks.mount('btrfs')} on nas1 is almost full."
    before = disks.size("btrfs")
    first, second = product.submit("storage", text), product.submit("storage", text)
    asked = product.settled(first)
    [action] = asked["suggested_actions"]
    assert asked["status"] == "awaiting_approval"
    assert asked["remediation_decision"]["action_type"] == "critical_write"
    assert product.settled(second)["plan_hash"] == asked["plan_hash"]
    assert disks.size("btrfs") == before
    done = product.approve(first)

    assert done["status"] == "resolved"
    assert disks.size("btrfs") == action["parameters"]["size_bytes"] == half_as_much_again(before)
    assert used(disks) < 0.85
    [outcome] = product.approve(second)["remediation_results"]["executed_actions"]
    assert (outcome["kind"], outcome["message"]) == (
        "unchanged",
        "It is so already; nothing was done.",
    )
    assert disks.size("btrfs") == half_as_much_again(before)
    assert "action.started" not in product.kinds(second)
    assert product.get(f"/tickets/{second}")["status"] == "resolved"


def test_snapshots_of_more_than_a_month_are_removed_after_approval_and_the_newest_stays(
    product: Product, disks: Volumes
):
    product.policy(
        "snapshots", allowed_systems=["storage"], requires_rollback_plan=False,
        allowed_action_types=["critical_write"],
    )  # fmt: skip
    with disks.with_history(40, "monday", "tuesday") as mount:
        run("btrfs", "subvolume", "snapshot", "-r", str(mount), str(mount / "today"))
        ticket_id = product.submit(
            "snapshots", f"Too many old snapshots of the volume {mount} on nas1."
        )
        waiting = product.settled(ticket_id)
        untouched = disks.snapshots(HISTORY)
        ticket = product.approve(ticket_id)
        left = disks.snapshots(HISTORY)
    [action] = waiting["suggested_actions"]
    [outcome] = ticket["remediation_results"]["executed_actions"]

    assert action["operation"] == "clear_snapshots"
    assert action["parameters"] == {"older_than_seconds": 30 * 24 * 3600}
    assert waiting["remediation_decision"]["action_type"] == "critical_write"
    assert untouched == {"monday", "tuesday", "today"}
    assert (ticket["status"], outcome["kind"]) == ("resolved", "changed")
    assert left == {"today"}
