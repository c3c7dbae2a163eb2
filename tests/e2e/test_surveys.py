"""What changes in a datacenter is in the estate one survey later, with what was there before, and the raw answer behind it."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.e2e.devices import network, shut
from tests.e2e.product import Product, running, until
from tests.peers.netlab import NetLab
from tests.peers.slots import run
from tests.peers.vcenter import VCenter
from tests.peers.vcenter_oracle import Oracle
from tests.peers.volumes import Volumes

from datacenter_docs.entrypoints.demo.breaking import broken
from datacenter_mcp.demo.store import Origin, Reading
from datacenter_mcp.demo.world import World

pytestmark = [pytest.mark.peer, pytest.mark.xdist_group("e2e-network"), pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a simulated datacenter."""
    path, now = tmp_path_factory.mktemp("demo") / "world.sqlite", time.time()
    origin = Origin(seed=1, size=200, born=now - 86_400)
    World.create(path, origin, Reading(real=now, world=now, rate=1.0)).close()
    return path


@pytest.fixture(scope="module")
def surveyed(
    lab: NetLab,
    disks: Volumes,
    vc: VCenter,
    world: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Product]:
    """Routers, volumes, a vCenter and a part of the demo in one estate."""
    connections = [
        network(lab),
        {"name": "disks", "platform": "storage", "settings": disks.settings()},
        {"name": "vcenter", "platform": "vmware", "settings": vc.settings()},
        {"name": "fabric", "platform": "network", "server": "demo", "settings": {"world": str(world)}},
    ]  # fmt: skip
    with running(tmp_path_factory.mktemp("surveys"), connections) as product:
        yield product


def survey(product: Product) -> dict[str, Any]:
    """A survey from its beginning to its end; one that runs is waited for first."""
    until(lambda: (found := product.get("/surveys?limit=1")["items"]) and found[0]["finished_at"])
    number = product.post("/surveys", 202, requester="rita")["number"]
    return until(
        lambda: (one := product.get(f"/surveys/{number}"))["finished_at"] and one  # type: ignore[no-any-return]
    )


def found(product: Product, number: int, kind: str) -> dict[str, dict[str, Any]]:
    """What a survey found of one kind of change, by resource."""
    changes = product.get(f"/changes?kind={kind}&limit=500")["items"]
    return {one["resource_id"]: one for one in changes if one["survey"] == number}


def attribute(change: dict[str, Any], name: str) -> dict[str, Any]:
    [told] = [one for one in change["attributes"] if one["attribute"] == name]
    return told


def test_where_nothing_changes_a_survey_finds_nothing(surveyed: Product):
    survey(surveyed)
    again = survey(surveyed)

    assert {one["connection"]: one["state"] for one in again["coverage"]} == dict.fromkeys(
        ("disks", "fabric", "lab", "vcenter"), "complete"
    )
    assert {
        one["connection"]: (one["counts"]["changed"], one["counts"]["returned"])
        for one in again["coverage"]
    } == dict.fromkeys(("disks", "fabric", "lab", "vcenter"), (0, 0))
    assert all(one["counts"]["seen"] > 0 for one in again["coverage"])


def test_a_port_that_goes_down_is_in_the_estate_and_leads_to_the_routers_own_words(
    surveyed: Product, lab: NetLab
):
    survey(surveyed)
    shut(lab, "r1", "eth1")
    number = survey(surveyed)["number"]
    port = "network:lab:interface:r1/eth1"
    change = attribute(found(surveyed, number, "changed")[port], "admin_state")
    fact = surveyed.get(f"/facts/{quote(change['after_fact'], safe='')}")
    raw = surveyed.get(f"/payloads/{fact['source']['payload_sha256']}")
    before = surveyed.get(f"/facts/{quote(change['before_fact'], safe='')}")

    assert (change["before"], change["after"]) == ("up", "down")
    assert (fact["survey"], fact["source"]["connection"]) == (number, "lab")
    assert "eth1" in raw["body"]
    assert (before["value"], before["until"]) == ("up", fact["since"])
    assert surveyed.get(f"/resources/{port}")["confirmed_at"] >= fact["since"][:19]


def test_a_snapshot_of_a_volume_appears_and_vanishes(surveyed: Product, disks: Volumes):
    survey(surveyed)
    mount = disks.mount("btrfs")
    run("btrfs", "subvolume", "snapshot", "-r", str(mount), str(mount / "surveyed"))
    try:
        appeared = found(surveyed, survey(surveyed)["number"], "appeared")
    finally:
        run("btrfs", "subvolume", "delete", str(mount / "surveyed"))
    vanished = found(surveyed, survey(surveyed)["number"], "vanished")
    [snapshot] = [one for one in appeared if one.startswith("storage:disks:snapshot:")]

    assert snapshot in vanished
    assert surveyed.get(f"/resources/{snapshot}")["vanished_at"]


def test_a_snapshot_of_a_vm_appears_and_belongs_to_it(surveyed: Product, vc: VCenter):
    survey(surveyed)
    with closing(Oracle(vc)) as oracle:
        native = oracle.vms()["DC0_H0_VM0"]
        oracle.take_snapshot(native, "surveyed")
        try:
            appeared = found(surveyed, survey(surveyed)["number"], "appeared")
        finally:
            oracle.mend(native)
    vm = f"vmware:vcenter:vm:{native}"
    [snapshot] = [one for one in appeared if one.startswith(f"vmware:vcenter:snapshot:{native}/")]
    relations = surveyed.get(f"/resources/{snapshot}/relations?at={appeared[snapshot]['at']}")

    assert [(one["rule"], one["right"]) for one in relations["items"]] == [("part_of", vm)]


def test_a_fault_of_the_demo_is_in_the_estate(surveyed: Product, world: Path):
    survey(surveyed)
    broken(world, "port-shut", None, "")
    changed = found(surveyed, survey(surveyed)["number"], "changed")

    assert [one for one in changed if one.startswith("network:fabric:interface:")]
