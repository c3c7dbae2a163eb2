"""The network room changes real interfaces; what became of them is asked of the device itself."""

import asyncio
import json
from typing import Any

import pytest
from tests.contract.rooms.calling import calling
from tests.peers.netlab import PASSWORD, NetLab

from datacenter_mcp.network.room import NetworkRoom, open_network

pytestmark = pytest.mark.peer
WRITES = {"enable_port", "disable_port", "restart_interface", "clear_interface_errors"}


@pytest.fixture(autouse=True)
def _password(monkeypatch):
    monkeypatch.setenv("LAB_PASSWORD", PASSWORD)


def room_of(lab: NetLab) -> NetworkRoom:
    return open_network("lab", lab.settings())


def vtysh_room(lab: NetLab) -> NetworkRoom:
    device = {"name": "r2", "driver": "frr", "host": lab.address("r2"), "username": lab.vty_user,
              "password": "env:LAB_PASSWORD", "host_key": "insecure", "frr_access": "vtysh"}  # fmt: skip
    return open_network("lab", {"devices": [device]})


def interface(device: str, port: str) -> str:
    return f"network:lab:interface:{device}/{port}"


def is_up(lab: NetLab, device: str, port: str) -> bool:
    [link] = json.loads(lab.run(device, "ip", "-j", "link", "show", "dev", port))
    return "UP" in link["flags"]


def downs(lab: NetLab, device: str, port: str) -> int:
    return int(lab.run(device, "cat", f"/sys/class/net/{port}/carrier_down_count"))


def shut(lab: NetLab, device: str, port: str) -> None:
    lab.run(device, "ip", "link", "set", "dev", port, "down")


@pytest.fixture
def ports_up(lab):
    """After the test, all data ports are up again, whatever it did."""
    yield
    for device, ports in (
        ("r1", ("eth1", "eth2")),
        ("r2", ("eth1", "eth2")),
        ("sw1", ("swp1", "swp2")),
    ):
        for port in ports:
            if device != "sw1":
                lab.vtysh(device, "configure terminal", f"interface {port}", "no shutdown")
            lab.run(device, "ip", "link", "set", "dev", port, "up")


DRIVERS = pytest.mark.parametrize(
    ("opening", "device", "port"),
    [(room_of, "r1", "eth1"), (room_of, "sw1", "swp1"), (vtysh_room, "r2", "eth2")],
    ids=["frr-shell", "linux", "frr-vtysh"],
)


@pytest.mark.shows("network linux", "enable_port", "disable_port")
@pytest.mark.shows("network frr", "enable_port", "disable_port")
@pytest.mark.shows("network frr vtysh", "enable_port", "disable_port")
@DRIVERS
async def test_a_shut_port_is_enabled_once_and_the_inverse_restores(
    lab, ports_up, opening, device, port
):
    target = interface(device, port)
    shut(lab, device, port)
    async with calling(opening(lab)) as call:
        before = await call.until(
            lambda look: look["satisfied"] is False, "look", operation="enable_port", target=target
        )
        dry = await call("enable_port", target=target, idempotency_key="0", dry_run=True)
        still_down = not is_up(lab, device, port)
        done = await call("enable_port", target=target, idempotency_key="1")
        went_up = is_up(lab, device, port)
        look = await call("look", operation="enable_port", target=target)
        again = await call("enable_port", target=target, idempotency_key="2")
        undone = await call("disable_port", target=target, idempotency_key="3")
        restored = await call("look", operation="enable_port", target=target)

    assert (dry["changed"], bool(dry["would"]), still_down) == (False, True, True)
    assert (done["changed"], done["after"], went_up) == (True, {"admin_state": "up"}, True)
    assert (look["satisfied"], look["hazards"], look["marker"]) == (True, [], None)
    assert again["changed"] is False
    assert undone["changed"] is True
    assert restored["state"] == before["state"] == {"admin_state": "down"}
    assert not is_up(lab, device, port)


@pytest.mark.shows("network linux", "restart_interface")
@pytest.mark.shows("network frr", "restart_interface")
@pytest.mark.shows("network frr vtysh", "restart_interface")
@DRIVERS
async def test_a_restart_shows_in_the_marker_and_ends_up(lab, ports_up, opening, device, port):
    target = interface(device, port)
    counted = downs(lab, device, port)
    async with calling(opening(lab)) as call:
        before = await call.until(
            lambda look: look["marker"], "look", operation="restart_interface", target=target
        )
        dry = await call("restart_interface", target=target, idempotency_key="0", dry_run=True)
        untouched = downs(lab, device, port)
        done = await call("restart_interface", target=target, idempotency_key="1")
        after = await call.until(
            lambda look: look["marker"], "look", operation="restart_interface", target=target
        )

    assert (dry["changed"], untouched) == (False, counted)
    assert done["changed"] is True
    assert before["satisfied"] is None
    assert after["satisfied"] is None
    assert after["marker"] != before["marker"]
    assert downs(lab, device, port) == counted + 1
    assert is_up(lab, device, port)
    assert after["state"] == before["state"]


@pytest.mark.parametrize("device", ["r1", "sw1"])
async def test_the_management_path_is_a_hazard_and_comes_back_by_itself(lab, device):
    target = interface(device, "mgmt0")
    counted = downs(lab, device, "mgmt0")
    async with calling(room_of(lab)) as call:
        look = await call("look", operation="restart_interface", target=target)
        await call("restart_interface", target=target, idempotency_key="1")
        after = await call("get_health", id=target)

    assert look["hazards"] == ["management_path"]
    assert downs(lab, device, "mgmt0") == counted + 1
    assert after["status"] == "ok"


async def test_a_vtysh_login_does_not_restart_what_carries_it(lab):
    counted = downs(lab, "r2", "mgmt0")
    async with calling(vtysh_room(lab)) as call:
        look = await call("look", operation="restart_interface", target=interface("r2", "mgmt0"))
        report = await call.error(
            "restart_interface", target=interface("r2", "mgmt0"), idempotency_key="1"
        )

    assert look["hazards"] == ["management_path"]
    assert (report.kind, report.sent) == ("refused", False)
    assert downs(lab, "r2", "mgmt0") == counted


async def test_hazards_are_unknown_when_the_named_management_interface_is_missing(lab):
    settings: Any = lab.settings()
    settings["devices"][2]["management_interface"] = "eth77"
    async with calling(open_network("lab", settings)) as call:
        look = await call("look", operation="disable_port", target=interface("sw1", "swp1"))

    assert look["hazards"] is None


async def test_what_people_wrote_on_a_port_is_a_hazard(lab):
    lab.run("sw1", "ip", "link", "set", "dev", "swp1", "alias", "maintenance, do not enable")
    try:
        async with calling(room_of(lab)) as call:
            look = await call("look", operation="enable_port", target=interface("sw1", "swp1"))
            other = await call("look", operation="enable_port", target=interface("sw1", "swp2"))
    finally:
        lab.run("sw1", "ip", "link", "set", "dev", "swp1", "alias", "")

    assert (look["hazards"], other["hazards"]) == (["hands_off"], [])


async def test_a_restart_keeps_static_routes_and_ipv6_addresses(lab, ports_up):
    lab.run("sw1", "ip", "address", "replace", "10.77.0.1/24", "dev", "br0")
    lab.run("sw1", "ip", "route", "replace", "10.78.0.0/24", "via", "10.77.0.9", "dev", "br0")
    lab.run("sw1", "ip", "-6", "address", "replace", "fd77::1/64", "dev", "br0", "nodad")
    try:
        async with calling(room_of(lab)) as call:
            await call("restart_interface", target=interface("sw1", "br0"), idempotency_key="1")
            kept = await call.until(
                lambda one: "fd77::1/64" in str(one["facts"]),
                "describe_resource",
                id=interface("sw1", "br0"),
            )
            routes = await call.until(
                lambda page: "10.78.0.0/24" in str(page["resources"]),
                "list_resources",
                kind="route",
                parent="network:lab:device:sw1",
            )
    finally:
        for address in ("10.77.0.1/24", "fd77::1/64"):
            lab.run("sw1", "ip", "address", "del", address, "dev", "br0", check=False)

    assert kept
    assert routes


async def test_a_port_without_carrier_is_restarted_and_has_no_marker(lab, ports_up):
    shut(lab, "r1", "eth2")
    target = interface("sw1", "swp1")
    async with calling(room_of(lab)) as call:
        look = await call.until(
            lambda look: look["health"]["status"] == "failed",
            "look", operation="restart_interface", target=target,
        )  # fmt: skip
        done = await call("restart_interface", target=target, idempotency_key="1")

    assert (look["marker"], look["satisfied"], look["hazards"]) == (None, None, [])
    assert (done["changed"], is_up(lab, "sw1", "swp1")) == (True, True)


async def test_a_shut_port_is_not_restarted(lab, ports_up):
    shut(lab, "sw1", "swp2")
    async with calling(room_of(lab)) as call:
        report = await call.error(
            "restart_interface", target=interface("sw1", "swp2"), idempotency_key="1"
        )

    assert (report.kind, report.sent) == ("conflict", False)
    assert not is_up(lab, "sw1", "swp2")


async def test_an_account_without_the_right_changes_nothing_and_is_refused(lab, ports_up):
    settings: Any = lab.settings()
    plain = {**settings["devices"][2], "sudo": False}
    counted = downs(lab, "sw1", "swp1")
    async with calling(open_network("lab", {"devices": [plain]})) as call:
        reports = [
            await call.error(name, target=interface("sw1", "swp1"), idempotency_key=name)
            for name in ("restart_interface", "disable_port")
        ]

    assert [report.kind for report in reports] == ["refused", "refused"]
    assert (is_up(lab, "sw1", "swp1"), downs(lab, "sw1", "swp1")) == (True, counted)


async def test_what_no_device_can_do_is_neither_listed_nor_offered(lab):
    target = interface("r1", "eth1")
    async with calling(room_of(lab)) as call:
        tools = await call.tools()
        offers = {one["operation"]: one for one in (await call("list_operations"))["offers"]}
        report = await call.error("look", operation="clear_interface_errors", target=target)

    assert tools.keys() & WRITES == WRITES - {"clear_interface_errors"}
    assert offers["clear_interface_errors"]["supported"] is False
    assert offers["clear_interface_errors"]["reason"] == report.message
    assert report.kind == "unsupported"
    assert offers["enable_port"] == {
        "operation": "enable_port", "supported": True, "writable": True, "reason": None,
    }  # fmt: skip


async def test_without_writes_no_write_tool_is_listed_or_callable(lab):
    async with calling(room_of(lab), allow_writes=False) as call:
        tools = await call.tools()
        offers = (await call("list_operations"))["offers"]
        with pytest.raises(Exception, match="enable_port"):
            await call("enable_port", target=interface("r1", "eth1"), idempotency_key="1")

    assert not WRITES & tools.keys()
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert {offer["operation"] for offer in offers} == WRITES
    assert not any(offer["writable"] for offer in offers)


async def test_wrong_targets_change_nothing_and_say_so(lab):
    async with calling(room_of(lab)) as call:
        missing = await call.error(
            "enable_port", target=interface("r1", "eth9"), idempotency_key="1"
        )
        a_device = await call.error(
            "enable_port", target="network:lab:device:r1", idempotency_key="2"
        )
        hostile = await call.error(
            "enable_port", target=interface("r1", "eth1;reboot"), idempotency_key="3"
        )
        option = await call.error(
            "disable_port", target=interface("r1", "-a"), idempotency_key="4"
        )
        look = await call("look", operation="enable_port", target=interface("r1", "eth9"))
        extra = await call.error(
            "enable_port", target=interface("r1", "eth1"), idempotency_key="5", parameters={"x": 1}
        )

    assert (missing.kind, missing.sent) == ("not_found", False)
    assert [e.kind for e in (a_device, hostile, option, extra)] == ["invalid"] * 4
    assert look["exists"] is False


async def test_one_key_acts_once_also_when_asked_at_the_same_time(lab, ports_up):
    target = interface("sw1", "swp1")
    counted = downs(lab, "sw1", "swp1")
    async with calling(room_of(lab)) as call:
        first, second = await asyncio.gather(
            call("restart_interface", target=target, idempotency_key="same"),
            call("restart_interface", target=target, idempotency_key="same"),
        )
        third = await call("restart_interface", target=target, idempotency_key="same")
        other = await call.error(
            "restart_interface", target=interface("sw1", "swp2"), idempotency_key="same"
        )

    assert first == second == third
    assert downs(lab, "sw1", "swp1") == counted + 1
    assert other.kind == "conflict"


async def test_two_keys_do_not_change_one_target_at_the_same_time(lab, ports_up):
    target = interface("sw1", "swp1")
    counted = downs(lab, "sw1", "swp1")
    async with calling(room_of(lab)) as call:
        kinds = await call.kinds(
            ("restart_interface", {"target": target, "idempotency_key": "1"}),
            ("restart_interface", {"target": target, "idempotency_key": "2"}),
        )

    assert sorted(kinds) == ["conflict", "ok"]
    assert downs(lab, "sw1", "swp1") == counted + 1
