"""Who is at the other end of a cable: both devices announce themselves, and each is asked about the other."""

import pytest
from tests.contract.rooms.calling import calling, facts
from tests.peers.netlab import PASSWORD, NetLab
from tests.peers.slots import PeerMissingError

from datacenter_mcp.contract.errors import Broken
from datacenter_mcp.contract.reading import Resource
from datacenter_mcp.contract.vocabulary.network import NETWORK
from datacenter_mcp.contract.vocabulary.words import mistakes
from datacenter_mcp.network.drivers import ios_answers, lldp_answers
from datacenter_mcp.network.room import open_network

CABLES = {
    ("r1", "eth1", "r2", "eth1"),
    ("r1", "eth2", "sw1", "swp1"),
    ("r2", "eth2", "sw1", "swp2"),
}


@pytest.fixture(scope="module")
def announced(lab: NetLab) -> NetLab:
    """The lab with an lldpd on each device."""
    try:
        lab.start_agents()
    except PeerMissingError as error:
        pytest.skip(str(error))
    return lab


@pytest.mark.peer
async def test_every_cable_is_seen_from_both_of_its_ends(announced, monkeypatch):
    monkeypatch.setenv("LAB_PASSWORD", PASSWORD)
    async with calling(open_network("lab", announced.settings())) as call:
        page = await call.until(
            lambda page: str(page["resources"]).count("/lldp/") == 2 * len(CABLES),
            "list_resources", kind="neighbour",
        )  # fmt: skip
        health = await call("get_health", id="network:lab:neighbour:sw1/lldp/swp2/r2")
    resources = [Resource.model_validate(one) for one in page["resources"]]
    seen = [facts(one) | {"device": one["parent"].rpartition(":")[2]} for one in page["resources"]]
    ends = {
        (one["device"], one["interface"], one["system_name"], one["port_name"])
        for one in seen
        if one["protocol"] == "lldp"
    }

    assert ends == CABLES | {(d, c, b, a) for b, a, d, c in CABLES}
    assert [text for one in resources for text in mistakes(NETWORK, one)] == []
    assert health["status"] == "ok"


@pytest.mark.peer
async def test_a_device_without_lldpd_is_read_without_it(lab, monkeypatch):
    monkeypatch.setenv("LAB_PASSWORD", PASSWORD)
    [_, _, switch] = lab.settings()["devices"]
    nowhere = {**switch, "lldp_socket": "/run/no-lldpd-here"}
    async with calling(open_network("lab", {"devices": [nowhere]})) as call:
        page = await call("list_resources", kind="neighbour")

    assert page["failures"] == []
    assert "lldp" not in str(page["resources"])


def sight(kind: str, identity: str, description: str, via: str = "LLDP") -> str:
    port = f'{{"id": [{{"type": "{kind}", "value": "{identity}"}}], "descr": [{{"value": "{description}"}}]}}'
    chassis = '{"name": [{"value": "core1"}]}'
    one = f'{{"name": "eth0", "via": "{via}", "chassis": [{chassis}], "port": [{port}]}}'
    return f'{{"lldp": [{{"interface": [{one}]}}]}}'


@pytest.mark.parametrize(
    ("answer", "port"),
    [
        (sight("ifname", "Gi1/0/7", "to the array"), "Gi1/0/7"),
        (sight("mac", "00:12:7f:57:00:01", "eth3"), "eth3"),
        (sight("mac", "00:12:7f:57:00:01", ""), "00:12:7f:57:00:01"),
    ],
)
def test_a_port_is_called_by_its_name_where_it_says_one(answer, port):
    [neighbour] = lldp_answers.neighbours(answer)

    assert neighbour.facts == {"system_name": "core1", "port_name": port}


def test_what_speaks_neither_lldp_nor_cdp_is_left_out_and_nobody_is_no_mistake():
    assert lldp_answers.neighbours(sight("ifname", "1", "", via="EDP")) == []
    assert lldp_answers.neighbours("") == []
    assert lldp_answers.neighbours('{"lldp": [{}]}') == []


@pytest.mark.parametrize("text", ["garbage", "[]", '{"lldp": 7}', sight("mac", "1", "")[:-3]])
def test_garbage_from_lldpd_is_broken(text):
    with pytest.raises(Broken):
        lldp_answers.neighbours(text)


def test_a_switch_that_does_not_speak_it_has_no_neighbours_by_it():
    assert ios_answers.lldp("% LLDP is not enabled") == []
