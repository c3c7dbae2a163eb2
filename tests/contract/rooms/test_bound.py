"""Somebody else's MCP server, bound to our contract: `kubernetes-mcp-server` before a real control plane."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.rooms.calling import Caller, calling, facts
from tests.contract.rooms.kubernetes_calls import act, restarting, scaling, target
from tests.peers import mcp_servers
from tests.peers.cluster import Cluster
from tests.peers.slots import PeerMissingError
from tests.peers.workloads import Space, space

from datacenter_mcp.bound.room import BoundRoom, open_bound
from datacenter_mcp.contract.reading import Resource
from datacenter_mcp.contract.vocabulary.kubernetes import KUBERNETES
from datacenter_mcp.contract.vocabulary.words import mistakes

pytestmark = [pytest.mark.heavy_peer, pytest.mark.kubernetes]
BINDING = "kubernetes-mcp-server"


@pytest.fixture(params=["stdio", "http"])
def reached(request: pytest.FixtureRequest, cluster: Cluster) -> Iterator[dict[str, Any]]:
    """The settings of the bound server, once per transport."""
    try:
        if request.param == "stdio":
            yield {"command": mcp_servers.kubernetes_mcp_server(cluster.kubeconfig("operator"))}
            return
        with mcp_servers.over_http(cluster.kubeconfig("operator")) as url:
            yield {"url": url}
    except PeerMissingError as error:
        pytest.skip(str(error))


@pytest.fixture
def shop(cluster: Cluster) -> Iterator[Space]:
    with space(cluster) as made:
        yield made


def bound(reached: dict[str, Any], **more: Any) -> BoundRoom:
    return open_bound("lab", {"binding": BINDING, **reached, **more})


def over_stdio(cluster: Cluster, account: str, *more: str) -> dict[str, Any]:
    try:
        return {"command": mcp_servers.kubernetes_mcp_server(cluster.kubeconfig(account), *more)}
    except PeerMissingError as error:
        pytest.skip(str(error))


async def first_pod(call: Caller, shop: Space) -> str:
    found = await call.everything(kind="pod", parent=f"kubernetes:lab:namespace:{shop.name}")
    return next(iter(found))


@pytest.mark.shows("bound kubernetes-mcp-server", "reads")
async def test_what_it_lists_is_said_in_the_words_of_the_platform(
    reached: dict[str, Any], cluster: Cluster, shop: Space
):
    shop.deployment("web", 3)
    async with calling(bound(reached)) as call:
        found = await call.everything()
        again = await call.everything()
    resources = [Resource.model_validate(one) for one in found.values()]
    mine = [one for one in resources if one.id.startswith(f"kubernetes:lab:pod:{shop.name}/")]
    wrong = [text for one in resources for text in mistakes(KUBERNETES, one)]

    assert wrong == []
    assert {one for one in found if shop.name in one} == {one for one in again if shop.name in one}
    assert {one.kind for one in resources} == {"node", "namespace", "deployment", "pod"}
    assert sorted(one.name for one in mine) == sorted(
        pod["metadata"]["name"] for pod in shop.pods("web")
    )
    assert facts(found[target("deployment", shop, "web")])["ready_replicas"] == 3


@pytest.mark.shows("bound kubernetes-mcp-server", "endures")
async def test_a_listing_comes_in_pages(reached: dict[str, Any], shop: Space):
    shop.deployment("web", 5)
    async with calling(bound(reached)) as call:
        mine = {"kind": "pod", "parent": f"kubernetes:lab:namespace:{shop.name}"}
        whole = await call.everything(**mine)
        paged = await call.everything(**mine, limit=2)

    assert len(whole) == 5
    assert list(paged) == list(whole)


@pytest.mark.shows("bound kubernetes-mcp-server", "scale_deployment")
async def test_a_deployment_is_scaled_once_and_then_it_is_so(reached: dict[str, Any], shop: Space):
    shop.deployment("web", 2)
    asked = scaling(shop, "web", 4)
    async with calling(bound(reached)) as call:
        before = await call("look", **asked)
        tool, arguments = act(asked, dry_run=True)
        tried = await call(tool, **arguments)
        untouched = shop.replicas("web")
        tool, arguments = act(asked)
        done = await call(tool, **arguments)
        after = await call("look", **asked)
        tool, arguments = act(asked, "k2")
        twice = await call(tool, **arguments)
        shop.until_ready("web", 4)  # until then its controller writes too, and may win
        tool, arguments = act(scaling(shop, "web", before["state"]["replicas"]), "k3")
        await call(tool, **arguments)

    assert (before["satisfied"], before["state"]) == (False, {"replicas": 2})
    assert (tried["changed"], untouched) == (False, 2)
    assert (done["before"], done["after"]) == ({"replicas": 2}, {"replicas": 4})
    assert (after["satisfied"], twice["changed"]) == (True, False)
    assert shop.replicas("web") == 2


@pytest.mark.shows("bound kubernetes-mcp-server", "restart_pod")
async def test_a_pod_goes_and_its_successor_is_named(reached: dict[str, Any], shop: Space):
    shop.deployment("web", 1)
    async with calling(bound(reached)) as call:
        pod = await first_pod(call, shop)
        asked = restarting(shop, pod.rpartition("/")[2])
        before = await call("look", **asked)
        tool, arguments = act(asked)
        await call(tool, **arguments)
        after = await call.until(
            lambda seen: seen["successor"] not in (None, pod), "look", **asked
        )

    assert (before["marker"], before["hazards"], before["successor"]) != (
        after["marker"],
        [],
        None,
    )
    assert after["exists"]
    assert after["marker"] == "gone"
    assert shop.pods("web")[0]["metadata"]["name"] in after["successor"]


async def test_a_pod_that_never_was_does_not_exist(reached: dict[str, Any], shop: Space):
    asked = restarting(shop, "nobody-1234567890-abcde")
    async with calling(bound(reached)) as call:
        seen = await call("look", **asked)
        tool, arguments = act(asked)
        error = await call.error(tool, **arguments)

    assert not seen["exists"]
    assert (error.kind, error.sent) == ("not_found", False)


@pytest.mark.shows("bound kubernetes-mcp-server", "endures")
async def test_a_server_that_went_away_is_told_and_found_again_once_it_is_back(cluster: Cluster):
    port, account = mcp_servers.free_port(), cluster.kubeconfig("operator")
    asked = {"id": "kubernetes:lab:namespace:default"}
    async with calling(bound({"url": f"http://127.0.0.1:{port}/mcp"})) as call:
        try:
            with mcp_servers.over_http(account, port=port):
                first = await call("describe_resource", **asked)
        except PeerMissingError as error:
            pytest.skip(str(error))
        away = await call.error("describe_resource", **asked)
        with mcp_servers.over_http(account, port=port):
            again = await call("describe_resource", **asked)

    assert away.kind == "unavailable"
    assert again["facts"] == first["facts"]


async def test_what_the_cluster_forbids_is_refused(cluster: Cluster, shop: Space):
    shop.deployment("web", 1)
    async with calling(bound(over_stdio(cluster, "reader"))) as call:
        tool, arguments = act(scaling(shop, "web", 2))
        error = await call.error(tool, **arguments)

    assert error.kind == "refused"
    assert shop.replicas("web") == 1


async def test_a_server_that_only_reads_offers_nothing_to_do_it_with(
    cluster: Cluster, shop: Space
):
    shop.deployment("web", 1)
    async with calling(bound(over_stdio(cluster, "operator", "--read-only"))) as call:
        tool, arguments = act(scaling(shop, "web", 2))
        error = await call.error(tool, **arguments)

    assert (error.kind, error.sent) == ("unsupported", False)


@pytest.mark.parametrize("word", ["a'b", "a b", "$(x)", "`x`", "a/b/c"])
async def test_an_id_cannot_change_what_is_asked(cluster: Cluster, shop: Space, word: str):
    async with calling(bound(over_stdio(cluster, "operator"))) as call:
        error = await call.error(
            "look", operation="restart_pod", target=target("pod", shop, word), parameters={}
        )

    assert error.kind in ("invalid", "not_found")


async def test_a_binding_reads_only_with_tools_that_only_read(cluster: Cluster, tmp_path: Path):
    shipped = Path("src/datacenter_mcp/bound/bindings/kubernetes-mcp-server.yaml").read_text()
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(shipped.replace("{tool: namespaces_list}", "{tool: pods_run}"))
    async with calling(
        open_bound("lab", {"binding": str(wrong), **over_stdio(cluster, "operator")})
    ) as call:
        health = await call("get_health")
        error = await call.error("describe_resource", id="kubernetes:lab:namespace:default")

    assert health["status"] == "failed"
    assert "pods_run does not say that it only reads" in error.message
