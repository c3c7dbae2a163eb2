"""What the Kubernetes room does when logins expire, servers go away, answers are lost, and there is a lot."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.rooms.calling import Caller, calling
from tests.contract.rooms.kubernetes_calls import (
    act,
    behind,
    going_back,
    restarting,
    room,
    scaling,
)
from tests.peers.cluster import OWN, Cluster
from tests.peers.gateway import Gateway
from tests.peers.workloads import APPS, Space, space

from datacenter_mcp.contract.errors import ErrorReport, InvalidRequest
from datacenter_mcp.kubernetes.room import open_kubernetes

pytestmark = [
    pytest.mark.heavy_peer,
    pytest.mark.kubernetes,
    pytest.mark.shows("kubernetes", "endures"),
]
MANY = 2_000
SHORT = {"request_timeout_seconds": 1.5}


@pytest.fixture
def shop(cluster: Cluster) -> Iterator[Space]:
    with space(cluster) as made:
        yield made


def by_token(cluster: Cluster, file: Path) -> dict[str, Any]:
    return {
        "server": cluster.url,
        "token": f"file:{file}",
        "certificate_authority": str(cluster.certificate),
    }


GUESTS = f"/api/v1/namespaces/{OWN}/serviceaccounts"


def admit_guest(cluster: Cluster) -> str:
    """Make an account with the role for reading; a token of it."""
    cluster.ask("POST", GUESTS, {"metadata": {"name": "guest"}})
    asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token: str = cluster.ask("POST", f"{GUESTS}/guest/token", asked)["status"]["token"]
    return token


@pytest.fixture
def guest(cluster: Cluster) -> Iterator[str]:
    """A token of an account that may be removed in mid-session."""
    bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
    group = "rbac.authorization.k8s.io"
    cluster.ask("POST", bindings, {
        "metadata": {"name": "guest"},
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "datacenter-docs-reader"},
        "subjects": [{"kind": "ServiceAccount", "name": "guest", "namespace": OWN}]})  # fmt: skip
    yield admit_guest(cluster)
    cluster.ask("DELETE", f"{bindings}/guest")
    cluster.ask("DELETE", f"{GUESTS}/guest")


async def test_a_login_that_ends_in_mid_session_is_read_anew(
    cluster: Cluster, guest: str, tmp_path: Path
):
    file, default = tmp_path / "token", "kubernetes:lab:namespace:default"
    file.write_text(guest)
    async with calling(open_kubernetes("lab", by_token(cluster, file))) as call:
        await call("describe_resource", id=default)
        cluster.ask("DELETE", f"{GUESTS}/guest")  # its tokens end with it, within some seconds
        file_renewed = admit_guest(cluster)
        refused = await until_refused(call, default)
        file.write_text(file_renewed)
        again = await call("describe_resource", id=default)

    assert refused.sent is False
    assert again["id"] == default


async def until_refused(call: Caller, resource_id: str) -> ErrorReport:
    """The error once the API server has forgotten that the token was good."""
    async with asyncio.timeout(30):
        while await call.kinds(("describe_resource", {"id": resource_id})) == ["ok"]:
            await asyncio.sleep(0.2)
    return await call.error("describe_resource", id=resource_id)


async def test_a_login_that_is_refused_is_told_and_is_no_fault_of_the_request(
    cluster: Cluster, tmp_path: Path
):
    file = tmp_path / "token"
    file.write_text("nonsense")
    async with calling(open_kubernetes("lab", by_token(cluster, file))) as call:
        error = await call.error("describe_resource", id="kubernetes:lab:namespace:default")
        health = await call("get_health")

    assert (error.kind, error.sent) == ("unavailable", False)
    assert "refused the login" in error.message
    assert (health["status"], health["reasons"]) == (
        "failed",
        ["The API server refused the login."],
    )


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(cluster: Cluster):
    untrusted = {**by_token(cluster, cluster.token("reader")), "certificate_authority": None}
    async with calling(open_kubernetes("lab", untrusted)) as call:
        error = await call.error("describe_resource", id="kubernetes:lab:namespace:default")

    assert (error.kind, error.sent) == ("unavailable", False)
    assert "certificate" in error.message


@pytest.mark.parametrize("settings", [
    {"kubeconfig": "a", "in_cluster": True}, {"server": "https://a"}, {"token": "file:a"},
    {"server": "https://a", "token": "secret"}, {"kubeconfig": "a", "page_size": 0}, {"cluster": "a"},
])  # fmt: skip
def test_settings_that_contradict_themselves_are_refused(settings: dict[str, Any]):
    with pytest.raises(InvalidRequest):
        open_kubernetes("lab", settings)


async def test_a_kubeconfig_that_is_missing_or_in_vain_is_told(tmp_path: Path, cluster: Cluster):
    kinds = []
    vain = tmp_path / "vain"
    vain.write_text("{}")
    for settings in (
        {"kubeconfig": str(tmp_path / "none")},
        {"kubeconfig": str(vain)},
        {"in_cluster": True},
    ):
        async with calling(open_kubernetes("lab", settings)) as call:
            kinds.append((await call.error("describe_resource", id="kubernetes:lab:node:a")).kind)

    assert kinds == ["invalid", "unavailable", "unavailable"]


async def test_an_api_server_that_restarts_is_found_again(cluster: Cluster):
    async with calling(room(cluster)) as call:
        before = await call.everything(kind="node")
        cluster.end("apiserver")
        gone = await call.error("describe_resource", id="kubernetes:lab:node:node-1")
        listed = await call("list_resources", kind="node")
        health = await call("get_health")
        await asyncio.to_thread(cluster.start_apiserver)
        after = await call.everything(kind="node")

    assert (gone.kind, gone.sent) == ("unavailable", False)
    assert [(one["part"], one["kind"]) for one in listed["failures"]] == [("node", "unavailable")]
    assert health["status"] == "failed"
    assert after.keys() == before.keys()


async def test_an_api_server_that_hangs_costs_its_time_limit_and_no_more(cluster: Cluster):
    async with calling(room(cluster, **SHORT)) as call:
        await call("get_health")
        with cluster.frozen():
            started = time.monotonic()
            error = await call.error("describe_resource", id="kubernetes:lab:node:node-1")
            waited = time.monotonic() - started
        after = await call("get_health")

    assert (error.kind, waited < 5) == ("unavailable", True)
    assert after["status"] == "ok"


async def test_an_answer_that_is_lost_is_asked_for_again_and_one_that_is_cut_is_no_list(
    cluster: Cluster, gateway: Gateway
):
    async with calling(behind(gateway, cluster)) as call:
        with gateway.failing("lose", "GET"):
            lost = await call.error("describe_resource", id="kubernetes:lab:node:node-1")
            tries = len(gateway.asked)
        with gateway.failing("cut", "GET"):
            cut = await call("list_resources", kind="node")
        whole = await call("list_resources", kind="node")

    assert lost.kind == "unavailable"
    assert tries == 4  # two requests of one read (the node, what it uses), each asked for twice
    assert (cut["resources"], [one["kind"] for one in cut["failures"]]) == ([], ["unavailable"])
    assert (len(whole["resources"]), whole["failures"]) == (3, [])


async def test_a_busy_api_server_says_when_to_come_again_and_has_done_nothing(
    cluster: Cluster, gateway: Gateway, shop: Space
):
    shop.deployment("web", 1)
    async with calling(behind(gateway, cluster)) as call:
        tool, arguments = act(scaling(shop, "web", 2))
        with gateway.failing("busy", "PATCH"):
            error = await call.error(tool, **arguments)
        assert shop.replicas("web") == 1
        result = await call(tool, **arguments)

    assert (error.kind, error.retry_after_seconds, error.sent) == ("unavailable", 3.0, False)
    assert (result["changed"], shop.replicas("web")) == (True, 2)


@pytest.mark.parametrize("fault", ["lose", "hold", "cut"])
async def test_a_change_whose_answer_never_came_is_found_by_looking_and_not_made_twice(
    cluster: Cluster, gateway: Gateway, shop: Space, fault: Any
):
    shop.deployment("web", 1, image="shop:1")
    shop.release("web", "shop:2")
    calls = [(restarting(shop, shop.pods("web")[0]["metadata"]["name"]), "DELETE"),
             (scaling(shop, "web", 2), "PATCH"), (going_back(shop, "web", 1), "PATCH")]  # fmt: skip
    for asked, method in calls:
        async with calling(behind(gateway, cluster, **SHORT)) as call:
            before = await call("look", **asked)
            tool, arguments = act(asked)
            gateway.asked.clear()
            with gateway.failing(fault, method):
                error = await call.error(tool, **arguments)
                sent = [one for one in gateway.asked if one.startswith(method)]

            def seen(look: dict[str, Any], before: dict[str, Any] = before) -> bool:
                return look["satisfied"] or look["marker"] != before["marker"]

            await call.until(seen, "look", **asked)

        assert (error.kind, error.sent, len(sent)) == ("unavailable", True, 1), asked
    assert (shop.replicas("web"), shop.image("web")) == (2, "shop:1")


async def test_one_kind_that_may_not_be_read_leaves_the_others(cluster: Cluster):
    role = "/apis/rbac.authorization.k8s.io/v1/clusterroles/datacenter-docs-reader"
    whole = cluster.get(role)
    less = [{**rule, "resources": [one for one in rule["resources"] if one != "services"]}
            for rule in whole["rules"]]  # fmt: skip
    cluster.patch(role, {"rules": less})
    try:
        async with calling(room(cluster, "reader")) as call:
            await call.until(lambda page: page["failures"], "list_resources", kind="service")
            page = await call("list_resources", limit=1_000)
    finally:
        cluster.patch(role, {"rules": whole["rules"]})

    assert [(one["part"], one["kind"]) for one in page["failures"]] == [("service", "refused")]
    assert {"node", "namespace"} <= {one["kind"] for one in page["resources"]}


@pytest.mark.timeout(300)
async def test_thousands_of_objects_come_complete_and_soon(cluster: Cluster, shop: Space):
    shop.make("deployments", {
        "metadata": {"name": "crowd"},
        "spec": {"replicas": MANY, "paused": False, "selector": {"matchLabels": {"app": "crowd"}},
                 "template": {"metadata": {"labels": {"app": "crowd"}}, "spec": {
                     "nodeSelector": {"nowhere": "ever"},
                     "containers": [{"name": "main", "image": "tiny:1"}]}}}}, group=APPS)  # fmt: skip
    cluster.until(shop.path("deployments", "crowd", group=APPS),
                  lambda one: one["status"].get("replicas") == MANY, seconds=90)  # fmt: skip
    many = room(cluster, page_size=500)
    started = time.monotonic()
    listing = await many.list_resources("pod", f"kubernetes:lab:namespace:{shop.name}")
    took = time.monotonic() - started
    await many.close()
    await asyncio.to_thread(scatter, shop)
    ids = {one.id for one in listing.resources}

    assert (len(listing.resources), len(ids), listing.failures) == (MANY, MANY, [])
    assert took < 10


def scatter(shop: Space) -> None:
    """All of them away again, so that the cluster has time for the next test."""
    shop.cluster.ask("DELETE", shop.path("deployments", "crowd", group=APPS))
    shop.cluster.until(shop.path("replicasets", group=APPS), lambda found: not found["items"])
    shop.cluster.ask("DELETE", f"{shop.path('pods')}?gracePeriodSeconds=0")
    shop.cluster.until(
        f"{shop.path('pods')}?limit=1", lambda found: not found["items"], seconds=90
    )
