"""Restarting pods of a real cluster: who makes them again, under which name, and what a look says about it."""

from collections.abc import Iterator

import pytest
from tests.contract.rooms.calling import calling
from tests.contract.rooms.kubernetes_calls import act, restarting, room, target
from tests.peers.cluster import Cluster
from tests.peers.workloads import Found, Space, space

pytestmark = [pytest.mark.heavy_peer, pytest.mark.kubernetes]


@pytest.fixture
def shop(cluster: Cluster) -> Iterator[Space]:
    with space(cluster) as made:
        yield made


def name_of(pod: Found) -> str:
    name: str = pod["metadata"]["name"]
    return name


def uids(shop: Space, workload: str) -> set[str]:
    return {pod["metadata"]["uid"] for pod in shop.pods(workload)}


async def test_a_dry_run_deletes_nothing(cluster: Cluster, shop: Space):
    shop.deployment("web", 2)
    before = uids(shop, "web")
    asked = restarting(shop, name_of(shop.pods("web")[0]))
    async with calling(room(cluster)) as call:
        tool, arguments = act(asked, dry_run=True)
        result = await call(tool, **arguments)

    assert (result["changed"], len(result["would"])) == (False, 1)
    assert uids(shop, "web") == before


@pytest.mark.shows("kubernetes", "restart_pod")
async def test_a_pod_of_a_deployment_goes_and_its_successor_is_named(
    cluster: Cluster, shop: Space
):
    shop.deployment("web", 2)
    old, other = shop.crash("web"), shop.pods("web")[1]
    asked = restarting(shop, name_of(old))
    async with calling(room(cluster)) as call:
        before = await call("look", **asked)
        tool, arguments = act(asked)
        result = await call(tool, **arguments)
        after = await call.until(lambda look: look["health"]["status"] == "ok", "look", **asked)
        new = await call("describe_resource", id=after["successor"])
    staying = uids(shop, "web")

    assert (before["exists"], before["satisfied"], before["hazards"]) == (True, None, [])
    assert (before["health"]["status"], before["successor"]) == ("failed", None)
    assert result["changed"]
    assert (after["exists"], after["state"]) == (True, before["state"])
    assert after["marker"] not in (before["marker"], None)
    assert new["name"].startswith(f"{shop.name} web-")
    assert new["id"] != asked["target"]
    assert old["metadata"]["uid"] not in staying
    assert other["metadata"]["uid"] in staying


async def test_while_the_successor_is_not_ready_the_look_says_so(cluster: Cluster, shop: Space):
    shop.deployment("web", 1, ready=0, fault="notready")
    asked = restarting(shop, name_of(shop.pods("web")[0]))
    async with calling(room(cluster)) as call:
        before = await call("look", **asked)
        tool, arguments = act(asked)
        await call(tool, **arguments)
        after = await call.until(lambda look: look["marker"] != before["marker"], "look", **asked)

    assert after["health"]["status"] == "failed"
    assert "0 of 1 pods ready" in after["health"]["reasons"][0]


async def test_a_pod_of_a_statefulset_comes_back_under_its_name(cluster: Cluster, shop: Space):
    shop.statefulset("db", 1)
    asked = restarting(shop, "db-0")
    async with calling(room(cluster)) as call:
        before = await call("look", **asked)
        tool, arguments = act(asked)
        await call(tool, **arguments)
        after = await call.until(
            lambda look: look["marker"] != before["marker"] and look["health"]["status"] == "ok",
            "look", **asked,
        )  # fmt: skip

    assert (after["exists"], after["successor"]) == (True, None)
    assert after["marker"].startswith("uid:")


async def test_the_look_of_a_server_that_never_saw_the_pod_tells_the_same(
    cluster: Cluster, shop: Space
):
    shop.deployment("web", 1)
    asked = restarting(shop, name_of(shop.pods("web")[0]))
    async with calling(room(cluster)) as call:
        before = await call("look", **asked)
        tool, arguments = act(asked)
        await call(tool, **arguments)
        gone = await call.until(lambda look: look["marker"] != before["marker"], "look", **asked)
    async with calling(room(cluster)) as another:
        later = await another("look", **asked)

    assert (later["exists"], later["marker"]) == (True, gone["marker"])


async def test_a_pod_that_nobody_kept_does_not_exist(cluster: Cluster, shop: Space):
    async with calling(room(cluster)) as call:
        look = await call("look", **restarting(shop, "ghost-abcde"))
        tool, arguments = act(restarting(shop, "ghost-abcde"))
        error = await call.error(tool, **arguments)

    assert (look["exists"], look["health"]["status"]) == (False, "unknown")
    assert (error.kind, error.sent) == ("not_found", False)


async def test_a_pod_that_is_gone_already_is_not_deleted_a_second_time(
    cluster: Cluster, shop: Space
):
    shop.deployment("web", 1)
    asked = restarting(shop, name_of(shop.pods("web")[0]))
    async with calling(room(cluster)) as call:
        before = await call("look", **asked)
        tool, arguments = act(asked)
        await call(tool, **arguments)
        await call.until(lambda look: look["health"]["status"] == "ok" and look["marker"] != before["marker"],
                         "look", **asked)  # fmt: skip
        staying = uids(shop, "web")
        again = await call(tool, **arguments)
        _, other_key = act(asked, "k2")
        error = await call.error(tool, **other_key)

    assert again["changed"]  # the answer of the first time, from memory
    assert error.kind == "not_found"
    assert uids(shop, "web") == staying


async def test_a_bare_pod_is_never_deleted(cluster: Cluster, shop: Space):
    shop.make("pods", {"metadata": {"name": "bare"},
                       "spec": {"containers": [{"name": "main", "image": "tool:1"}]}})  # fmt: skip
    async with calling(room(cluster)) as call:
        look = await call("look", **restarting(shop, "bare"))
        tool, arguments = act(restarting(shop, "bare"))
        error = await call.error(tool, **arguments)

    assert look["hazards"] == ["bare_pod"]
    assert (error.kind, error.sent) == ("refused", False)
    assert shop.until_pod("bare", bool)["metadata"].get("deletionTimestamp") is None


async def test_a_pod_that_is_being_deleted_is_left_alone(cluster: Cluster, shop: Space):
    shop.deployment("web", 1)
    pod = name_of(shop.pods("web")[0])
    path = shop.path("pods", pod)
    cluster.patch(path, {"metadata": {"finalizers": ["peers/held"]}})
    cluster.ask("DELETE", path)
    try:
        async with calling(room(cluster)) as call:
            tool, arguments = act(restarting(shop, pod))
            error = await call.error(tool, **arguments)
    finally:
        cluster.patch(path, {"metadata": {"finalizers": None}})

    assert (error.kind, error.sent) == ("conflict", False)


async def test_in_a_namespace_of_the_cluster_itself_that_is_a_hazard(cluster: Cluster):
    with space(cluster, "kube-shop") as own:
        own.deployment("web", 1)
        async with calling(room(cluster)) as call:
            look = await call("look", **restarting(own, name_of(own.pods("web")[0])))

    assert look["hazards"] == ["system_namespace"]


async def test_a_target_of_another_kind_is_invalid(cluster: Cluster, shop: Space):
    wrong = {**restarting(shop, "web"), "target": target("deployment", shop, "web")}
    async with calling(room(cluster)) as call:
        tool, arguments = act(wrong)
        error = await call.error(tool, **arguments)
        looked = await call.error("look", **wrong)

    assert (error.kind, error.sent, looked.kind) == ("invalid", False, "invalid")


async def test_the_role_for_reading_may_not_delete(cluster: Cluster, shop: Space):
    shop.deployment("web", 1)
    before = uids(shop, "web")
    async with calling(room(cluster, "reader")) as call:
        tool, arguments = act(restarting(shop, name_of(shop.pods("web")[0])))
        error = await call.error(tool, **arguments)

    assert error.kind == "refused"
    assert "cannot delete resource" in error.message
    assert uids(shop, "web") == before
