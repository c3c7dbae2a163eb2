"""The network room reads a device over SNMP, v2c and v3; what it says is compared with the device itself."""

import json
import time
from typing import Any

import pytest
from tests.contract.rooms.calling import calling, facts
from tests.peers.netlab import PASSWORD, SNMP_PASSWORD, NetLab
from tests.peers.slots import PeerMissingError

from datacenter_mcp.contract.errors import InvalidRequest
from datacenter_mcp.contract.reading import Resource
from datacenter_mcp.contract.tools import READ_TOOLS
from datacenter_mcp.contract.vocabulary.network import NETWORK
from datacenter_mcp.contract.vocabulary.words import mistakes
from datacenter_mcp.network.room import NetworkRoom, open_network

pytestmark = pytest.mark.peer
V2C = {"community": "env:COMMUNITY"}
V3 = {"username": "v3ro", "authentication_password": "env:SNMP", "privacy_password": "env:SNMP"}
VERSIONS = pytest.mark.parametrize("identity", [V2C, V3], ids=["v2c", "v3"])


@pytest.fixture(autouse=True)
def _secrets(monkeypatch):
    monkeypatch.setenv("LAB_PASSWORD", PASSWORD)
    monkeypatch.setenv("COMMUNITY", "public")
    monkeypatch.setenv("SNMP", SNMP_PASSWORD)
    monkeypatch.setenv("WRONG", "not-this-one")


@pytest.fixture(scope="module")
def agent(lab: NetLab) -> NetLab:
    """The lab with an SNMP agent on r1."""
    try:
        lab.start_agents()
    except PeerMissingError as error:
        pytest.skip(str(error))
    return lab


def device(lab: NetLab, **changes: Any) -> dict[str, Any]:
    return {"name": "r1", "driver": "snmp", "host": lab.address("r1"),
            "command_timeout_seconds": 1, **changes}  # fmt: skip


def room_of(lab: NetLab, **changes: Any) -> NetworkRoom:
    return open_network("lab", {"devices": [device(lab, **changes)]})


@pytest.mark.shows("network snmp", "reads")
@VERSIONS
async def test_what_is_read_agrees_with_the_device_in_the_words_of_the_vocabulary(agent, identity):
    async with calling(room_of(agent, **identity)) as call:
        await call.until(lambda page: page["resources"], "list_resources", kind="device")
        found = await call.everything()
    links = json.loads(agent.run("r1", "ip", "-j", "-s", "address"))
    [eth1] = [link for link in links if link["ifname"] == "eth1"]
    seen = facts(found["network:lab:interface:r1/eth1"])
    wrong = [
        one for item in found.values() for one in mistakes(NETWORK, Resource.model_validate(item))
    ]

    assert wrong == []
    assert {name for name in found if ":interface:" in name} == {
        f"network:lab:interface:r1/{link['ifname']}" for link in links
    }
    assert (seen["admin_state"], seen["oper_state"]) == ("up", "up")
    assert (seen["mac"], seen["mtu_bytes"]) == (eth1["address"], eth1["mtu"])
    assert seen["addresses"] == ["10.1.0.1/30"]
    assert 0 < seen["rx_bytes"] <= eth1["stats64"]["rx"]["bytes"]
    assert seen["rx_errors"] == 0
    assert "network:lab:neighbour:r1/arp/eth1/10.1.0.2" in found
    assert facts(found["network:lab:device:r1"])["hostname"] == "r1"
    assert facts(found["network:lab:device:r1"])["uptime_seconds"] >= 0


async def test_a_neighbour_on_the_cable_is_named_with_both_ports(agent):
    async with calling(room_of(agent, **V2C)) as call:
        page = await call.until(
            lambda page: "lldp/eth1" in str(page["resources"]), "list_resources", kind="neighbour"
        )
    found = {one["id"]: facts(one) for one in page["resources"]}
    seen = found["network:lab:neighbour:r1/lldp/eth1/r2"]

    assert (seen["interface"], seen["system_name"], seen["port_name"]) == ("eth1", "r2", "eth1")


async def test_no_operation_is_listed_or_offered(agent):
    target = "network:lab:interface:r1/eth1"
    async with calling(room_of(agent, **V2C)) as call:
        tools = await call.tools()
        offers = (await call("list_operations"))["offers"]
        looks = [
            await call.error("look", operation=offer["operation"], target=target)
            for offer in offers
        ]

    assert tools.keys() == set(READ_TOOLS)
    assert [offer["supported"] for offer in offers] == [False] * 4
    assert {look.kind for look in looks} == {"unsupported"}


@pytest.mark.parametrize(
    ("identity", "kind"),
    [
        ({"community": "env:WRONG"}, "unavailable"),
        ({**V3, "authentication_password": "env:WRONG"}, "refused"),
        ({**V3, "username": "nobody"}, "refused"),
    ],
)
async def test_a_wrong_identity_is_told_in_bounded_time_without_the_secret(agent, identity, kind):
    started = time.monotonic()
    async with calling(room_of(agent, **identity)) as call:
        report = await call.error("describe_resource", id="network:lab:device:r1")

    assert (report.kind, time.monotonic() - started < 3) == (kind, True)
    assert "not-this-one" not in report.message


async def test_a_device_that_does_not_answer_is_a_failure_and_the_other_is_read(agent):
    silent = device(agent, name="silent", host=agent.address("r2"), **V2C)
    settings = {"devices": [device(agent, **V2C), silent]}
    async with calling(open_network("lab", settings)) as call:
        page = await call("list_resources", kind="device")

    assert [(one["part"], one["kind"]) for one in page["failures"]] == [("silent", "unavailable")]
    assert [one["name"] for one in page["resources"]] == ["r1"]


def test_an_identity_that_is_not_whole_is_refused():
    incomplete = {"name": "r1", "driver": "snmp", "host": "192.0.2.1", "username": "v3ro"}
    with pytest.raises(InvalidRequest, match="community"):
        open_network("lab", {"devices": [incomplete]})
