"""Every room gives out what it read: the raw answers behind its facts, under their own hashes, and without secrets."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from tests.contract.rooms.calling import Caller, calling
from tests.contract.rooms.openstack_cases import LANE
from tests.contract.rooms.openstack_cases import room as openstack_room
from tests.contract.rooms.plain_room import PlainRoom
from tests.contract.rooms.vmware_cases import room_of as vmware_room
from tests.fakes.world import NAMES, Standing, make
from tests.fakes.world import room as demo_room
from tests.peers import mcp_servers, netlab
from tests.peers.cluster import Cluster
from tests.peers.openstack_cloud import Cloud
from tests.peers.slots import PeerMissingError
from tests.peers.vcenter import VCenter
from tests.peers.volumes import Volumes

from datacenter_mcp.bound.room import open_bound
from datacenter_mcp.contract.reading import KindNote, PayloadBunch
from datacenter_mcp.contract.vocabulary.platforms import VOCABULARIES
from datacenter_mcp.kubernetes.room import open_kubernetes
from datacenter_mcp.network.room import open_network
from datacenter_mcp.storage.room import open_storage


async def proven(call: Caller, platform: str) -> int:
    """How many raw answers stand behind a page; each is what its hash says, and the page tells what moves by itself."""
    page = await call("list_resources", limit=200)
    wanted = list(dict.fromkeys(one["source"]["payload_sha256"] for one in page["resources"]))
    later, found = wanted, {}
    while later:
        bunch: PayloadBunch = await call.read(PayloadBunch, "get_payloads", hashes=later)
        found |= {one.sha256: one for one in bunch.payloads}
        assert bunch.gone == []
        later = bunch.later
    for sha256, one in found.items():
        whole = not one.cut and not one.redactions
        assert not whole or hashlib.sha256(one.body.encode()).hexdigest() == sha256
        assert not whole or len(one.body.encode()) == one.size_bytes
    assert list(found) == wanted
    words = VOCABULARIES[platform]
    assert {kind: KindNote.model_validate(note) for kind, note in page["kinds"].items()} == {
        kind: words[kind].note() for kind in {one["kind"] for one in page["resources"]}
    }
    return len(found)


@pytest.mark.parametrize("platform", NAMES)
async def test_the_demo_shows_what_it_read(tmp_path: Path, platform: str):
    room = demo_room(platform, make(tmp_path, Standing()), Standing())
    async with calling(room) as call:
        assert await proven(call, platform)


@pytest.mark.peer
async def test_the_network_shows_what_it_read(lab: netlab.NetLab, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LAB_PASSWORD", netlab.PASSWORD)
    async with calling(open_network("lab", lab.settings())) as call:
        assert await proven(call, "network")


@pytest.mark.peer
async def test_the_storage_shows_what_it_read(disks: Volumes):
    async with calling(open_storage("disks", disks.settings())) as call:
        assert await proven(call, "storage")


@pytest.mark.peer
async def test_the_vcenter_shows_what_it_read(vc: VCenter):
    async with calling(vmware_room(vc)) as call:
        assert await proven(call, "vmware")


@pytest.mark.heavy_peer
@pytest.mark.kubernetes
async def test_the_cluster_shows_what_it_read(cluster: Cluster):
    async with calling(open_kubernetes("lab", cluster.settings("reader"))) as call:
        assert await proven(call, "kubernetes")


@pytest.mark.heavy_peer
@pytest.mark.kubernetes
async def test_a_bound_server_shows_what_it_read(cluster: Cluster):
    try:
        command = mcp_servers.kubernetes_mcp_server(cluster.kubeconfig("operator"))
    except PeerMissingError as error:
        pytest.skip(str(error))
    settings: dict[str, Any] = {"binding": "kubernetes-mcp-server", "command": command}
    async with calling(open_bound("lab", settings)) as call:
        assert await proven(call, "kubernetes")


class TestCloud:
    """In a lane of its own."""

    pytestmark = LANE

    async def test_the_cloud_shows_what_it_read(self, cloud: Cloud):
        async with calling(openstack_room(cloud, "reader")) as call:
            assert await proven(call, "openstack")


async def test_what_was_never_read_is_gone():
    async with calling(PlainRoom()) as call:
        bunch = await call("get_payloads", hashes=["0" * 64])
        report = await call.error("get_payloads", hashes=[])

    assert bunch == {"payloads": [], "later": [], "gone": ["0" * 64]}
    assert report.kind == "invalid"
