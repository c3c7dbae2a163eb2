"""The network room reads and changes a Cisco-like switch; what became of it is asked of the switch itself."""

import json
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from tests.contract.rooms.calling import calling, facts
from tests.peers.netlab import PASSWORD, NetLab
from tests.peers.switch import PORT, READER, UPLINK, Switch

from datacenter_mcp.contract.errors import InvalidRequest
from datacenter_mcp.contract.reading import Resource
from datacenter_mcp.contract.vocabulary.network import NETWORK
from datacenter_mcp.contract.vocabulary.words import mistakes
from datacenter_mcp.network.room import NetworkRoom, open_network

pytestmark = pytest.mark.peer
FIRST, SECOND = PORT.format(1), PORT.format(2)


@pytest.fixture(autouse=True)
def _password(monkeypatch):
    monkeypatch.setenv("LAB_PASSWORD", PASSWORD)
    monkeypatch.setenv("WRONG_PASSWORD", "not-it")


@pytest.fixture
def sw(cisco):
    """The switch, healthy before and after."""
    cisco.mend()
    yield cisco
    cisco.mend()


def room_of(sw: Switch, **changes: Any) -> NetworkRoom:
    return open_network("lab", sw.settings(**changes))


def port(name: str) -> str:
    return f"network:lab:interface:sw9/{name}"


def shut(sw: Switch) -> list[str]:
    down: list[str] = sw.order()["shut"]
    return down


@pytest.mark.shows("network ios", "reads")
async def test_everything_is_said_in_the_words_of_the_vocabulary(sw):
    async with calling(room_of(sw)) as call:
        found = await call.everything()

    wrong = [
        one for item in found.values() for one in mistakes(NETWORK, Resource.model_validate(item))
    ]
    assert wrong == []
    assert {item["kind"] for item in found.values()} == set(NETWORK)


@pytest.mark.shows("network ios", "endures")
async def test_small_pages_hold_the_same_as_one_large_page(sw):
    async with calling(room_of(sw)) as call:
        whole = await call.everything(limit=1_000)
        pages = await call.everything(limit=2)

    assert list(pages) == list(whole) == sorted(whole)


async def test_facts_are_what_the_switch_says(sw):
    sw.order(shut=[SECOND], errors={FIRST: 7})
    async with calling(room_of(sw)) as call:
        found = await call.everything()
    first, second = (facts(found[port(name)]) for name in (FIRST, SECOND))
    device, svi = facts(found["network:lab:device:sw9"]), facts(found[port("Vlan1")])
    core = facts(found[f"network:lab:neighbour:sw9/cdp/{UPLINK}/core1.example"])

    assert (first["admin_state"], first["oper_state"], first["rx_errors"]) == ("up", "up", 7)
    assert (first["mtu_bytes"], first["speed_mbps"]) == (1500, 1000)
    assert (first["mac"], first["description"]) == ("00:12:7f:57:ad:00", "to the storage array")
    assert (first["rx_bytes"], first["tx_packets"], first["tx_dropped"]) == (987654, 23456, 5)
    assert (second["admin_state"], second["oper_state"]) == ("down", "down")
    assert svi["addresses"] == ["10.20.0.2/24"]
    assert (device["hostname"], device["software"]) == ("sw9", "IOS 12.2(58)SE2")
    assert (device["model"], device["serial_number"]) == ("WS-C3750G-24TS-1U", "FOC1530X2F7")
    assert device["uptime_seconds"] > 365 * 86_400
    assert (core["system_name"], core["port_name"]) == ("core1.example", "GigabitEthernet1/0/7")
    assert facts(found["network:lab:neighbour:sw9/arp/Vlan1/10.20.0.1"])["mac"] == "00:12:7f:57:00:01"  # fmt: skip
    assert facts(found["network:lab:vlan:sw9/20"])["interfaces"] == [SECOND]
    assert facts(found["network:lab:route:sw9/ipv4/0.0.0.0/0"])["next_hops"] == ["10.20.0.1"]
    assert found[port(FIRST)]["source"]["tool"] == "show interfaces"


async def test_who_announces_itself_is_named_with_both_ports(sw):
    sw.order(lldp=True)
    async with calling(room_of(sw)) as call:
        found = await call.everything(kind="neighbour")
    seen = [facts(one) for one in found.values() if "/lldp/" in one["id"]]
    wrong = [
        one for item in found.values() for one in mistakes(NETWORK, Resource.model_validate(item))
    ]

    assert {(one["interface"], one["system_name"], one["port_name"]) for one in seen} == {
        ("GigabitEthernet0/4", "core1.example", "Gi1/0/7"),
        ("GigabitEthernet0/1", "nas1", "eth1"),
    }
    assert wrong == []


async def test_only_the_named_port_is_the_management_path(sw):
    async with calling(room_of(sw)) as call:
        named = await call("look", operation="disable_port", target=port(UPLINK))
        other = await call("look", operation="disable_port", target=port(FIRST))
    async with calling(room_of(sw, management_interface=None)) as call:
        unknown = await call("look", operation="disable_port", target=port(FIRST))

    assert (named["hazards"], other["hazards"]) == (["management_path"], [])
    assert unknown["hazards"] is None


@pytest.mark.shows("network ios", "enable_port", "disable_port")
async def test_a_shut_port_is_enabled_once_and_the_inverse_restores(sw):
    sw.order(shut=[FIRST])
    async with calling(room_of(sw)) as call:
        before = await call("look", operation="enable_port", target=port(FIRST))
        dry = await call("enable_port", target=port(FIRST), idempotency_key="0", dry_run=True)
        untouched = shut(sw)
        done = await call("enable_port", target=port(FIRST), idempotency_key="1")
        opened = shut(sw)
        look = await call("look", operation="enable_port", target=port(FIRST))
        again = await call("enable_port", target=port(FIRST), idempotency_key="2")
        undone = await call("disable_port", target=port(FIRST), idempotency_key="3")
        restored = await call("look", operation="enable_port", target=port(FIRST))

    assert (dry["changed"], bool(dry["would"]), untouched) == (False, True, [FIRST])
    assert (done["changed"], done["after"], opened) == (True, {"admin_state": "up"}, [])
    assert (look["satisfied"], look["health"]["status"], again["changed"]) == (True, "ok", False)
    assert (undone["changed"], shut(sw)) == (True, [FIRST])
    assert (restored["satisfied"], restored["state"]) == (False, before["state"])


@pytest.mark.shows("network ios", "clear_interface_errors")
async def test_counters_are_cleared_once_and_the_old_ones_are_told(sw):
    sw.order(errors={FIRST: 7, SECOND: 3})
    clear: dict[str, Any] = {"tool": "clear_interface_errors", "target": port(FIRST)}
    async with calling(room_of(sw)) as call:
        before = await call("look", operation="clear_interface_errors", target=port(FIRST))
        dry = await call(**clear, idempotency_key="0", dry_run=True)
        untouched = sw.order()["errors"]
        done = await call(**clear, idempotency_key="1")
        after = await call("look", operation="clear_interface_errors", target=port(FIRST))
        again = await call(**clear, idempotency_key="2")

    assert (before["satisfied"], before["state"]) == (False, {"admin_state": "up"})
    assert (dry["changed"], untouched) == (False, {FIRST: 7, SECOND: 3})
    assert (done["changed"], sw.order()["errors"]) == (True, {FIRST: 0, SECOND: 3})
    assert "rx_errors 7" in done["detail"]
    assert (after["satisfied"], after["state"]) == (True, before["state"])
    assert again["changed"] is False


async def test_a_clearing_that_clears_nothing_is_told(sw):
    sw.order(errors={FIRST: 7}, stuck=True)
    async with calling(room_of(sw)) as call:
        report = await call.error(
            "clear_interface_errors", target=port(FIRST), idempotency_key="1"
        )

    assert (report.kind, report.sent) == ("broken", True)


@pytest.mark.shows("network ios", "restart_interface")
async def test_a_restart_ends_with_the_port_up(sw):
    async with calling(room_of(sw)) as call:
        look = await call("look", operation="restart_interface", target=port(FIRST))
        done = await call("restart_interface", target=port(FIRST), idempotency_key="1")

    assert (look["satisfied"], look["marker"]) == (None, None)
    assert (done["changed"], shut(sw)) == (True, [])


async def test_what_may_carry_our_session_is_not_restarted(sw):
    async with calling(room_of(sw)) as call:
        named = await call.error("restart_interface", target=port(UPLINK), idempotency_key="1")
    async with calling(room_of(sw, management_interface=None)) as call:
        unknown = await call.error("restart_interface", target=port(FIRST), idempotency_key="1")

    assert [(one.kind, one.sent) for one in (named, unknown)] == [("refused", False)] * 2


@pytest.mark.parametrize("order", ["cut_at", "mute_at"])
async def test_a_restart_whose_session_is_lost_leaves_the_port_up(sw, order):
    async with calling(room_of(sw, command_timeout_seconds=2)) as call:
        await call("describe_resource", id=port(FIRST))
        sw.order(**{order: "shutdown"})
        report = await call.error("restart_interface", target=port(FIRST), idempotency_key="1")
        seen = await call("get_health", id=port(FIRST))

    assert (report.kind, report.sent) == ("unavailable", True)
    assert (shut(sw), seen["status"]) == ([], "ok")


async def test_a_lost_answer_is_found_out_by_looking(sw):
    sw.order(shut=[FIRST])
    async with calling(room_of(sw, command_timeout_seconds=2)) as call:
        await call("describe_resource", id=port(FIRST))
        sw.order(mute_at="no shutdown")
        report = await call.error("enable_port", target=port(FIRST), idempotency_key="1")
        look = await call("look", operation="enable_port", target=port(FIRST))

    assert (report.kind, report.sent) == ("unavailable", True)
    assert (look["satisfied"], shut(sw)) == (True, [])


async def test_a_switch_that_somebody_else_configures_is_left_alone(sw):
    sw.order(locked=True, shut=[FIRST])
    async with calling(room_of(sw)) as call:
        report = await call.error("enable_port", target=port(FIRST), idempotency_key="1")
        sw.order(locked=False)
        done = await call("enable_port", target=port(FIRST), idempotency_key="2")

    assert (report.kind, report.sent, "ada" in report.message) == ("conflict", False, True)
    assert done["changed"] is True


async def test_an_account_without_the_right_reads_and_changes_nothing(sw, tmp_path):
    sw.order(shut=[FIRST], errors={SECOND: 7})
    settings = {**sw.settings(username=READER), "backup_folder": str(tmp_path / "kept")}
    async with calling(open_network("lab", settings)) as call:
        found = await call.everything()
        reports = [
            await call.error(name, target=port(target), idempotency_key=name)
            for name, target in (
                ("enable_port", FIRST),
                ("restart_interface", SECOND),
                ("clear_interface_errors", SECOND),
            )
        ]

    assert port(FIRST) in found
    assert [(one.kind, one.sent) for one in reports] == [("refused", False)] * 3
    assert (shut(sw), sw.order()["errors"]) == ([FIRST], {SECOND: 7})


async def test_wrong_targets_change_nothing_and_say_so(sw):
    async with calling(room_of(sw)) as call:
        missing = await call.error("enable_port", target=port("Gi9/9"), idempotency_key="1")
        device = await call.error("enable_port", target="network:lab:device:sw9", idempotency_key="2")  # fmt: skip
        hostile = await call.error("enable_port", target=port("Gi0/1\nreload"), idempotency_key="3")  # fmt: skip
        look = await call("look", operation="enable_port", target=port("Gi9/9"))

    assert (missing.kind, missing.sent) == ("not_found", False)
    assert (device.kind, hostile.kind) == ("invalid", "invalid")
    assert look["exists"] is False


async def test_the_configuration_is_kept_before_each_change(sw, tmp_path):
    folder = tmp_path / "kept"
    settings = {**sw.settings(), "backup_folder": str(folder), "backups_kept": 2}
    async with calling(open_network("lab", settings)) as call:
        look = await call("look", operation="enable_port", target=port(FIRST))
        for number, name in enumerate(["disable_port", "enable_port", "restart_interface"]):
            done = await call(name, target=port(FIRST), idempotency_key=str(number))
    async with calling(room_of(sw)) as call:
        without = await call("look", operation="enable_port", target=port(FIRST))
    files = sorted((folder / "sw9").iterdir())
    first, second = (file.read_text() for file in files)

    assert (look["backup_available"], without["backup_available"]) == (True, False)
    assert str(files[-1]) in done["detail"]
    assert ("\n shutdown" in first, "\n shutdown" in second) == (True, False)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_nothing_is_changed_when_the_configuration_cannot_be_kept(sw, tmp_path):
    folder: Path = tmp_path / "a file"
    folder.write_text("")
    sw.order(shut=[FIRST])
    settings = {**sw.settings(), "backup_folder": str(folder)}
    async with calling(open_network("lab", settings)) as call:
        report = await call.error("enable_port", target=port(FIRST), idempotency_key="1")

    assert (report.kind, report.sent, shut(sw)) == ("unavailable", False, [FIRST])


@pytest.mark.shows("network ios", "endures")
async def test_a_hang_costs_bounded_time_and_the_next_call_logs_in_anew(sw):
    async with calling(room_of(sw, command_timeout_seconds=1, connect_timeout_seconds=2)) as call:
        await call("describe_resource", id=port(FIRST))
        with sw.frozen():
            started = time.monotonic()
            report = await call.error("describe_resource", id=port(FIRST))
            waited = time.monotonic() - started
        again = await call("describe_resource", id=port(FIRST))

    assert (report.kind, report.sent, waited < 4) == ("unavailable", True, True)
    assert again["id"] == port(FIRST)


@pytest.mark.shows("network ios", "endures")
async def test_a_closed_session_is_made_anew(sw):
    async with calling(room_of(sw, command_timeout_seconds=2)) as call:
        sw.order(cut_at="show version")
        await call.kinds(("describe_resource", {"id": "network:lab:device:sw9"}))
        again = await call("describe_resource", id="network:lab:device:sw9")

    assert again["name"] == "sw9"


async def test_garbage_is_told_and_the_other_device_is_read(sw):
    sw.order(garbage=True)
    wrong = {**sw.settings()["devices"][0], "name": "locked", "password": "env:WRONG_PASSWORD"}
    settings = {"devices": [*sw.settings()["devices"], wrong]}
    async with calling(open_network("lab", settings)) as call:
        page = await call("list_resources", kind="interface")
        devices = await call("list_resources", kind="device")

    assert {(one["part"], one["kind"]) for one in page["failures"]} == {
        ("sw9", "broken"),
        ("locked", "refused"),
    }
    assert [one["name"] for one in devices["resources"]] == ["sw9"]
    assert "not-it" not in json.dumps(page["failures"])


async def test_a_host_key_that_nobody_wrote_down_is_refused(sw, tmp_path):
    known = tmp_path / "known_hosts"
    known.write_text("")
    async with calling(room_of(sw, host_key="strict", known_hosts=str(known))) as call:
        report = await call.error("describe_resource", id=port(FIRST))

    assert (report.kind, report.sent) == ("refused", False)


async def test_clearing_is_offered_where_one_device_can_and_refused_by_the_others(sw, lab: NetLab):
    linux: Any = lab.settings()["devices"]
    both = {"devices": [*sw.settings()["devices"], linux[2]]}
    async with calling(open_network("lab", both)) as call:
        offers = {one["operation"]: one for one in (await call("list_operations"))["offers"]}
        target = "network:lab:interface:sw1/swp1"
        on_linux = await call("list_operations", target=target)
        on_ios = await call("list_operations", target=port(FIRST))
        looked = await call.error("look", operation="clear_interface_errors", target=target)
        acted = await call.error("clear_interface_errors", target=target, idempotency_key="1")

    assert offers["clear_interface_errors"]["supported"] is True
    assert {one["operation"] for one in on_linux["offers"] if not one["supported"]} == {
        "clear_interface_errors"
    }
    assert all(one["supported"] for one in on_ios["offers"])
    assert (looked.kind, acted.kind, acted.sent) == ("unsupported", "unsupported", False)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"host": "local"}, "command line"),
        ({"host_key": "accept-new"}, "known_hosts"),
        ({"management_interface": "Vlan1"}, "name the port"),
    ],
)
def test_settings_that_cannot_work_are_refused(changes, place):
    device = {"name": "sw9", "driver": "ios", "host": "192.0.2.9", **changes}
    with pytest.raises(InvalidRequest, match=place):
        open_network("lab", {"devices": [device]})
