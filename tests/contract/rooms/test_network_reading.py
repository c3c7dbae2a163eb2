"""The network room reads real routers and a real switch: completely, in pages, and with the source of every fact."""

import json
import re
import time
from typing import Any

import pytest
from tests.contract.rooms.calling import calling, facts
from tests.peers.netlab import PASSWORD, NetLab
from tests.peers.slots import run

from datacenter_mcp.contract.errors import InvalidRequest
from datacenter_mcp.network.room import NetworkRoom, open_network

pytestmark = pytest.mark.peer


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_PASSWORD", PASSWORD)
    monkeypatch.setenv("WRONG_PASSWORD", "not-it")


def room_of(lab: NetLab, *devices: dict[str, Any]) -> NetworkRoom:
    return open_network("lab", {"devices": list(devices)} if devices else lab.settings())


def switch(lab: NetLab, **changes: Any) -> dict[str, Any]:
    settings: Any = lab.settings()["devices"]
    return {**settings[2], **changes}


def router(lab: NetLab, **changes: Any) -> dict[str, Any]:
    settings: Any = lab.settings()["devices"]
    return {**settings[0], **changes}


def vtysh(lab: NetLab, **changes: Any) -> dict[str, Any]:
    """r1 by a login that is vtysh itself."""
    own = {"username": lab.vty_user, "frr_access": "vtysh", "frr_namespace": None}
    return router(lab, **own, **changes)


OUTAGES = pytest.mark.parametrize(
    ("device", "settings"),
    [("sw1", switch), ("r1", router), ("r1", vtysh)],
    ids=["linux", "frr", "frr-vtysh"],
)


@pytest.mark.shows("network frr", "reads")
@pytest.mark.shows("network linux", "reads")
async def test_every_interface_of_every_device_is_listed(lab):
    async with calling(room_of(lab)) as call:
        found = await call.everything(kind="interface")

    names = {
        f"network:lab:interface:{device}/{link['ifname']}"
        for device in ("r1", "r2", "sw1")
        for link in json.loads(lab.run(device, "ip", "-j", "link"))
    }
    assert found.keys() == names


async def test_facts_agree_with_the_device_and_name_their_source(lab):
    async with calling(room_of(lab)) as call:
        resource = await call("describe_resource", id="network:lab:interface:r1/eth1")

    [link] = json.loads(lab.run("r1", "ip", "-j", "-s", "address", "show", "dev", "eth1"))
    seen = facts(resource)
    assert seen["admin_state"] == "up"
    assert seen["mtu_bytes"] == link["mtu"]
    assert seen["mac"] == link["address"]
    assert "10.1.0.1/30" in seen["addresses"]
    assert seen["description"] == "link-to-r2"
    assert seen["is_management"] is False
    assert 0 < seen["rx_packets"] <= link["stats64"]["rx"]["packets"]
    assert resource["source"]["connection"] == "lab"
    assert resource["source"]["arguments"]["device"] == "r1"
    assert re.fullmatch(r"[0-9a-f]{64}", resource["source"]["payload_sha256"])


@pytest.mark.parametrize("login", ["shell", "vtysh"])
async def test_small_pages_hold_the_same_as_one_large_page(lab, login):
    async with calling(room_of(lab, *([vtysh(lab)] if login == "vtysh" else []))) as call:
        whole = await call.everything(kind="interface", limit=1_000)
        pages = await call.everything(kind="interface", limit=3)

    assert list(pages) == list(whole) == sorted(whole)


async def test_a_cursor_of_another_listing_is_refused(lab):
    async with calling(room_of(lab)) as call:
        page = await call("list_resources", kind="interface", limit=1)
        foreign = await call.error("list_resources", kind="device", cursor=page["next_cursor"])
        invented = await call.error("list_resources", kind="device", cursor="Zm9v")

    assert (foreign.kind, invented.kind) == ("invalid", "invalid")


async def test_a_parent_restricts_to_one_device(lab):
    async with calling(room_of(lab)) as call:
        found = await call.everything(parent="network:lab:device:sw1", kind="interface")

    assert {resource["parent"] for resource in found.values()} == {"network:lab:device:sw1"}
    assert facts(found["network:lab:interface:sw1/swp1"])["master"] == "br0"


async def test_the_interface_of_our_session_is_known_as_management(lab):
    async with calling(room_of(lab)) as call:
        found = await call.everything(kind="interface")

    management = {name for name, one in found.items() if facts(one)["is_management"]}
    assert management == {f"network:lab:interface:{d}/mgmt0" for d in ("r1", "r2", "sw1")}


async def test_routing_neighbours_and_routes_are_seen(lab):
    async with calling(room_of(lab)) as call:
        peers = await call.everything(kind="neighbour")
        routes = await call.everything(kind="route")

    assert facts(peers["network:lab:neighbour:r1/bgp/ipv4Unicast/10.1.0.2"])["remote_as"] == 65002
    assert "network:lab:route:r2/ipv4/10.1.0.0/30/eth1" in routes


@pytest.mark.shows("network frr vtysh", "reads")
async def test_a_vtysh_login_reads_the_same_interfaces(lab):
    async with calling(room_of(lab, vtysh(lab))) as call:
        found = await call.everything()

    eth1 = facts(found["network:lab:interface:r1/eth1"])
    assert eth1["admin_state"] == "up"
    assert eth1["is_management"] is False
    assert facts(found["network:lab:interface:r1/mgmt0"])["is_management"] is True
    assert "network:lab:neighbour:r1/bgp/ipv4Unicast/10.1.0.2" in found


async def test_health_and_metrics_are_read_now(lab):
    async with calling(room_of(lab)) as call:
        whole = await call("get_health")
        one = await call("get_health", id="network:lab:interface:sw1/swp1")
        metrics = await call("get_metrics", id="network:lab:interface:sw1/swp1")

    assert (whole, one["status"]) == ({"status": "ok", "reasons": []}, "ok")
    assert {"rx_bytes", "tx_errors", "mtu_bytes"} <= {m["name"] for m in metrics["metrics"]}


async def test_unknown_things_are_not_found(lab):
    async with calling(room_of(lab)) as call:
        port = await call.error("describe_resource", id="network:lab:interface:r1/eth99")
        device = await call.error("describe_resource", id="network:lab:interface:r9/eth1")
        foreign = await call.error("describe_resource", id="network:other:interface:r1/eth1")
        nonsense = await call.error("describe_resource", id="eth1")

    assert [e.kind for e in (port, device, foreign)] == ["not_found"] * 3
    assert nonsense.kind == "invalid"


async def test_a_sick_device_is_a_failure_and_the_others_are_read(lab):
    dead = switch(lab, name="dead", host=f"10.99.{lab.slot}.99", connect_timeout_seconds=1)
    locked = switch(lab, name="locked", password="env:WRONG_PASSWORD")
    started = time.monotonic()
    async with calling(room_of(lab, dead, locked, switch(lab))) as call:
        page = await call("list_resources", kind="interface")
        health = await call("get_health")

    assert time.monotonic() - started < 6
    assert {(f["part"], f["kind"]) for f in page["failures"]} == {
        ("dead", "unavailable"),
        ("locked", "refused"),
    }
    assert any(one["id"] == "network:lab:interface:sw1/swp1" for one in page["resources"])
    assert health["status"] == "degraded"
    assert "not-it" not in json.dumps([page["failures"], health])


async def test_a_device_that_answers_garbage_is_broken(lab):
    shell_is_vtysh = switch(lab, name="odd", host=lab.address("r1"), username=lab.vty_user)
    async with calling(room_of(lab, shell_is_vtysh)) as call:
        report = await call.error("describe_resource", id="network:lab:interface:odd/eth1")

    assert report.kind == "broken"


@pytest.mark.shows("network linux", "endures")
@pytest.mark.shows("network frr", "endures")
@pytest.mark.shows("network frr vtysh", "endures")
@OUTAGES
async def test_a_killed_session_is_told_and_the_next_call_reconnects(lab, device, settings):
    id = f"network:lab:device:{device}"
    async with calling(room_of(lab, settings(lab))) as call:
        await call("describe_resource", id=id)
        lab.kill_ssh(device)
        try:
            report = await call.error("describe_resource", id=id)
        finally:
            lab.start_sshd(device)
        again = await call("describe_resource", id=id)

    assert report.kind == "unavailable"
    assert again["name"] == device


@pytest.mark.shows("network linux", "endures")
@pytest.mark.shows("network frr", "endures")
@pytest.mark.shows("network frr vtysh", "endures")
@OUTAGES
async def test_a_device_that_hangs_costs_bounded_time(lab, device, settings):
    id = f"network:lab:device:{device}"
    async with calling(room_of(lab, settings(lab, command_timeout_seconds=1))) as call:
        await call("describe_resource", id=id)
        with lab.frozen(device):
            started = time.monotonic()
            report = await call.error("describe_resource", id=id)
            waited = time.monotonic() - started
        again = await call("describe_resource", id=id)

    assert (report.kind, report.sent) == ("unavailable", True)
    assert waited < 3
    assert again["name"] == device


async def test_host_keys_are_checked(lab, tmp_path):
    known = tmp_path / "known_hosts"
    known.write_text("")
    id_ = "network:lab:device:sw1"
    async with calling(
        room_of(lab, switch(lab, host_key="strict", known_hosts=str(known)))
    ) as call:
        stranger = await call.error("describe_resource", id=id_)
    async with calling(
        room_of(lab, switch(lab, host_key="accept-new", known_hosts=str(known)))
    ) as call:
        await call("describe_resource", id=id_)
    async with calling(
        room_of(lab, switch(lab, host_key="strict", known_hosts=str(known)))
    ) as call:
        await call("describe_resource", id=id_)
    address, kind, key = known.read_text().split()[:3]
    known.write_text(f"{address} {kind} {other_key(tmp_path)}\n")
    async with calling(
        room_of(lab, switch(lab, host_key="accept-new", known_hosts=str(known)))
    ) as call:
        changed = await call.error("describe_resource", id=id_)

    assert (stranger.kind, stranger.sent) == ("refused", False)
    assert (changed.kind, key in lab.host_key) == ("refused", True)


@pytest.mark.parametrize("passphrase", ["", "open sesame"], ids=["bare", "with a passphrase"])
async def test_a_private_key_by_reference_logs_in(lab, tmp_path, monkeypatch, passphrase):
    key = tmp_path / "key"
    run("ssh-keygen", "-q", "-t", "ecdsa", "-m", "PKCS8", "-N", passphrase, "-f", str(key))
    lab.authorize((tmp_path / "key.pub").read_text())
    monkeypatch.setenv("KEY_PASSPHRASE", passphrase)
    by_key = {"password": None, "private_key": f"file:{key}"}
    if passphrase:
        by_key["passphrase"] = "env:KEY_PASSPHRASE"
    async with calling(room_of(lab, switch(lab, **by_key))) as call:
        found = await call("describe_resource", id="network:lab:device:sw1")

    assert found["name"] == "sw1"


def test_a_secret_in_the_settings_is_refused_without_showing_it():
    device = {"name": "r1", "host": "r1", "password": "hunter2"}
    with pytest.raises(InvalidRequest) as caught:
        open_network("lab", {"devices": [device]})

    assert "password" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def other_key(folder: Any) -> str:
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "other"))
    return str((folder / "other.pub").read_text().split()[1])
