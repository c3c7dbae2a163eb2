"""A bound server as the estate file knows it: read and acted through like our own, and what else of it may be asked."""

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.peers import mcp_servers
from tests.peers.cluster import Cluster
from tests.peers.slots import PeerMissingError
from tests.peers.workloads import Space, space

from datacenter_docs.adapters.platforms.actuator import McpPlatformActuator
from datacenter_docs.adapters.platforms.estate_file import Connection, Estate
from datacenter_docs.adapters.platforms.pool import Pool
from datacenter_docs.adapters.platforms.reader import McpPlatformReader
from datacenter_docs.domain.errors import NotFound, Refused
from datacenter_docs.domain.ids import Platform

pytestmark = [pytest.mark.heavy_peer, pytest.mark.kubernetes]


@pytest.fixture
def shop(cluster: Cluster) -> Iterator[Space]:
    with space(cluster) as made:
        yield made


@pytest.fixture
async def pool(cluster: Cluster) -> AsyncIterator[Pool]:
    try:
        command = mcp_servers.kubernetes_mcp_server(cluster.kubeconfig("operator"))
    except PeerMissingError as error:
        pytest.skip(str(error))
    connection = Connection(
        name="lab", platform=Platform.KUBERNETES, server="bound", binding="kubernetes-mcp-server",
        command=tuple(command), allow_writes=True, read_tools=("events_list", "pods_delete", "nope"),
    )  # fmt: skip
    pool = Pool(Estate(connections=(connection,)), timeout_seconds=30)
    yield pool
    await pool.close()


async def test_the_brain_reads_and_acts_through_it_as_through_our_own(pool: Pool, shop: Space):
    shop.deployment("web", 1)
    reader, actuator = McpPlatformReader(pool), McpPlatformActuator(pool)
    target = f"kubernetes:lab:deployment:{shop.name}/web"
    report = await reader.test("lab")
    found = await reader.inventory("kubernetes", kind="deployment")
    asked = {"replicas": 2}
    baseline = await reader.look("scale_deployment", target, asked)
    acted = await actuator.act(
        "scale_deployment", target, asked, baseline=baseline, idempotency_key="k1", dry_run=False
    )
    seen = await reader.look("scale_deployment", target, {"replicas": 2})

    assert report.ok, report.error
    assert report.operations == {"restart_pod": True, "scale_deployment": True}
    assert target in [one.id for one in found.resources]
    assert acted.changed
    assert (seen.satisfied, shop.replicas("web")) == (True, 2)


async def test_a_tool_beside_the_contract_is_for_readers_only_if_named_and_harmless(pool: Pool):
    answer = await pool.consult("lab", "events_list", {})

    assert not answer.is_error
    with pytest.raises(Refused, match="read_tools"):
        await pool.consult("lab", "pods_list", {})
    with pytest.raises(Refused, match="only reads"):
        await pool.consult("lab", "pods_delete", {"name": "x"})
    with pytest.raises(NotFound, match="nope"):
        await pool.consult("lab", "nope", {})
