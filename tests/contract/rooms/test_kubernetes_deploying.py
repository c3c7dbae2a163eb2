"""Scaling deployments of a real cluster and going back to their earlier revisions, there and back again."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.contract.rooms.calling import calling, facts
from tests.contract.rooms.kubernetes_calls import (
    act,
    behind,
    going_back,
    restarting,
    room,
    scaling,
    target,
)
from tests.peers.cluster import Cluster
from tests.peers.gateway import Gateway
from tests.peers.workloads import APPS, Space, space

pytestmark = [pytest.mark.heavy_peer, pytest.mark.kubernetes]


@pytest.fixture
def shop(cluster: Cluster) -> Iterator[Space]:
    with space(cluster) as made:
        yield made


def satisfied(look: dict[str, Any]) -> bool:
    return look["satisfied"] is True


@pytest.mark.parametrize("operation", ["scale_deployment", "rollback_deployment"])
async def test_a_dry_run_changes_nothing(cluster: Cluster, shop: Space, operation: str):
    shop.deployment("web", 1)
    shop.release("web", "shop:2")
    path = shop.path("deployments", "web", group=APPS)
    before = cluster.get(path)["metadata"]["generation"]
    asked = (
        scaling(shop, "web", 3) if operation == "scale_deployment" else going_back(shop, "web", 1)
    )
    async with calling(room(cluster)) as call:
        tool, arguments = act(asked, dry_run=True)
        result = await call(tool, **arguments)

    assert (result["changed"], len(result["would"])) == (False, 1)
    assert cluster.get(path)["metadata"]["generation"] == before


@pytest.mark.shows("kubernetes", "scale_deployment")
async def test_scaling_is_seen_once_the_pods_are_ready_and_back_again_is_the_pre_state(
    cluster: Cluster, shop: Space
):
    shop.deployment("web", 1)
    up, down = scaling(shop, "web", 3), scaling(shop, "web", 1)
    async with calling(room(cluster)) as call:
        before = await call("look", **up)
        tool, arguments = act(up)
        result = await call(tool, **arguments)
        after = await call.until(satisfied, "look", **up)
        assert shop.replicas("web") == len(shop.pods("web")) == 3
        tool, arguments = act(down, "k2")
        await call(tool, **arguments)
        back = await call.until(satisfied, "look", **down)

    assert (before["satisfied"], before["state"]) == (False, {"replicas": 1})
    assert (result["changed"], result["before"], result["after"]) == (
        True,
        {"replicas": 1},
        {"replicas": 3},
    )
    assert after["state"] == {"replicas": 3}
    assert back["state"] == before["state"]
    assert len(shop.pods("web")) == 1


async def test_pods_that_never_become_ready_do_not_satisfy(cluster: Cluster, shop: Space):
    shop.deployment("web", 1, ready=0, fault="notready")
    asked = scaling(shop, "web", 2)
    async with calling(room(cluster)) as call:
        tool, arguments = act(asked)
        await call(tool, **arguments)
        look = await call.until(lambda look: look["state"] == {"replicas": 2}, "look", **asked)

    assert (look["satisfied"], look["health"]["status"]) == (False, "failed")


async def test_scaling_to_what_it_is_does_nothing(cluster: Cluster, shop: Space):
    shop.deployment("web", 2)
    asked = scaling(shop, "web", 2)
    async with calling(room(cluster)) as call:
        look = await call("look", **asked)
        tool, arguments = act(asked)
        result = await call(tool, **arguments)

    assert (look["satisfied"], result["changed"]) == (True, False)


async def test_what_an_autoscaler_owns_is_refused(cluster: Cluster, shop: Space):
    shop.deployment("web", 1)
    shop.make("horizontalpodautoscalers", {"metadata": {"name": "busy"}, "spec": {
        "maxReplicas": 5, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}},
        group="/apis/autoscaling/v1")  # fmt: skip
    async with calling(room(cluster)) as call:
        tool, arguments = act(scaling(shop, "web", 3))
        error = await call.error(tool, **arguments)
        seen = facts(await call("describe_resource", id=target("deployment", shop, "web")))

    assert (error.kind, error.sent) == ("refused", False)
    assert "autoscaler busy" in error.message
    assert (seen["autoscaler"], shop.replicas("web")) == ("busy", 1)


async def test_more_than_the_quota_has_room_for_is_refused(cluster: Cluster, shop: Space):
    shop.deployment("web", 1, requests={"cpu": "500m"})
    quota = {"metadata": {"name": "small"}, "spec": {"hard": {"requests.cpu": "1200m"}}}
    shop.make("resourcequotas", quota)
    cluster.until(
        shop.path("resourcequotas", "small"),
        lambda one: one["status"].get("used", {}).get("requests.cpu"),
    )
    async with calling(room(cluster)) as call:
        tool, arguments = act(scaling(shop, "web", 3))
        error = await call.error(tool, **arguments)
        tool, arguments = act(scaling(shop, "web", 2), "k2")
        result = await call(tool, **arguments)

    assert (error.kind, error.sent) == ("refused", False)
    assert "quota small has room for 0.7 requests.cpu; 1 are needed" in error.message
    assert result["changed"]


@pytest.mark.shows("kubernetes", "rollback_deployment")
async def test_going_back_brings_the_earlier_template_and_undoing_it_the_later(
    cluster: Cluster, shop: Space
):
    shop.deployment("web", 2, image="shop:1")
    shop.release("web", "shop:2")
    back = going_back(shop, "web", 1)
    async with calling(room(cluster)) as call:
        seen = facts(await call("describe_resource", id=back["target"]))
        before = await call("look", **back)
        tool, arguments = act(back)
        result = await call(tool, **arguments)
        after = await call.until(satisfied, "look", **back)
        assert shop.image("web") == "shop:1"
        renumbered = facts(await call("describe_resource", id=back["target"]))
        again = going_back(shop, "web", before["state"]["revision"])
        tool, arguments = act(again, "k2")
        await call(tool, **arguments)
        undone = await call.until(satisfied, "look", **again)

    assert (seen["revision"], seen["previous_revision"], seen["kept_revisions"]) == (2, 1, [1, 2])
    assert (before["satisfied"], before["state"]) == (False, {"revision": 2})
    assert (result["before"], result["after"]) == ({"revision": 2}, {"revision": 1})
    assert after["state"] == {"revision": 1}
    assert renumbered["kept_revisions"] == [2, 3]  # what Kubernetes makes of it
    assert undone["state"] == before["state"]
    assert shop.image("web") == "shop:2"


async def test_a_revision_is_known_by_every_number_that_it_had(cluster: Cluster, shop: Space):
    shop.deployment("web", 1, image="shop:1")
    shop.release("web", "shop:2")
    async with calling(room(cluster)) as call:
        tool, arguments = act(going_back(shop, "web", 1))
        await call(tool, **arguments)
        await call.until(satisfied, "look", **going_back(shop, "web", 1))
        old_number, new_number = [
            await call("look", **going_back(shop, "web", number)) for number in (1, 3)
        ]
        tool, arguments = act(going_back(shop, "web", 1), "k2")
        again = await call(tool, **arguments)

    assert old_number["satisfied"] is new_number["satisfied"] is True
    assert old_number["state"] == new_number["state"] == {"revision": 1}
    assert not again["changed"]


async def test_why_a_revision_was_made_comes_back_with_it(cluster: Cluster, shop: Space):
    cause = "kubernetes.io/change-cause"
    path = shop.path("deployments", "web", group=APPS)
    shop.deployment("web", 1, image="shop:1")
    cluster.patch(path, {"metadata": {"annotations": {cause: "the first"}}})
    cluster.until(shop.path("replicasets", group=APPS), lambda found: all(
        one["metadata"]["annotations"].get(cause) for one in found["items"]))  # fmt: skip
    cluster.patch(path, {"metadata": {"annotations": {cause: "the second"}},
                         "spec": {"template": {"metadata": {"annotations": {"release": "2"}}}}})  # fmt: skip
    shop.rolled_out("web")
    async with calling(room(cluster)) as call:
        tool, arguments = act(going_back(shop, "web", 1))
        await call(tool, **arguments)

    assert cluster.get(path)["metadata"]["annotations"][cause] == "the first"


async def test_a_revision_that_is_not_kept_is_invalid_and_a_paused_deployment_refuses(
    cluster: Cluster, shop: Space
):
    shop.deployment("web", 1)
    shop.release("web", "shop:2")
    async with calling(room(cluster)) as call:
        tool, arguments = act(going_back(shop, "web", 9))
        unknown = await call.error(tool, **arguments)
        cluster.patch(shop.path("deployments", "web", group=APPS), {"spec": {"paused": True}})
        tool, arguments = act(going_back(shop, "web", 1))
        paused = await call.error(tool, **arguments)

    assert (unknown.kind, unknown.sent) == ("invalid", False)
    assert "there are: 1, 2" in unknown.message
    assert (paused.kind, paused.sent) == ("refused", False)
    assert shop.image("web") == "shop:2"


@pytest.mark.parametrize("operation", ["scale_deployment", "rollback_deployment"])
async def test_whoever_changed_it_meanwhile_wins(
    cluster: Cluster, shop: Space, gateway: Gateway, operation: str
):
    shop.deployment("web", 1)
    shop.release("web", "shop:2")
    path = shop.path("deployments", "web", group=APPS)
    gateway.before("PATCH", lambda: cluster.patch(path, {"spec": {"replicas": 2}}))
    asked = (
        scaling(shop, "web", 3) if operation == "scale_deployment" else going_back(shop, "web", 1)
    )
    async with calling(behind(gateway, cluster)) as call:
        tool, arguments = act(asked)
        error = await call.error(tool, **arguments)

    assert (error.kind, error.sent) == ("conflict", None)
    assert (shop.replicas("web"), shop.image("web")) == (2, "shop:2")


async def test_a_change_of_its_status_only_is_no_conflict(
    cluster: Cluster, shop: Space, gateway: Gateway
):
    shop.deployment("web", 2)
    pod = shop.pods("web")[0]["metadata"]["name"]

    def unready() -> None:
        shop.annotate(pod, fault="notready")
        shop.until_ready("web", 1)

    gateway.before("PATCH", unready)
    async with calling(behind(gateway, cluster)) as call:
        tool, arguments = act(scaling(shop, "web", 3))
        result = await call(tool, **arguments)

    assert result["changed"]
    assert shop.replicas("web") == 3


@pytest.mark.parametrize("operation", ["scale_deployment", "rollback_deployment"])
async def test_what_is_not_there_does_not_exist(cluster: Cluster, shop: Space, operation: str):
    asked = (
        scaling(shop, "no", 3) if operation == "scale_deployment" else going_back(shop, "no", 1)
    )
    async with calling(room(cluster)) as call:
        look = await call("look", **asked)
        tool, arguments = act(asked)
        error = await call.error(tool, **arguments)
        wrong = await call.error("look", **{**asked, "target": restarting(shop, "no")["target"]})

    assert (look["exists"], error.kind, error.sent, wrong.kind) == (
        False,
        "not_found",
        False,
        "invalid",
    )


@pytest.mark.parametrize("operation", ["scale_deployment", "rollback_deployment"])
async def test_the_role_for_reading_may_change_nothing(
    cluster: Cluster, shop: Space, operation: str
):
    shop.deployment("web", 1)
    shop.release("web", "shop:2")
    asked = (
        scaling(shop, "web", 3) if operation == "scale_deployment" else going_back(shop, "web", 1)
    )
    async with calling(room(cluster, "reader")) as call:
        tool, arguments = act(asked)
        error = await call.error(tool, **arguments)

    assert error.kind == "refused"
    assert "cannot patch resource" in error.message
    assert (shop.replicas("web"), shop.image("web")) == (1, "shop:2")


async def test_a_deployment_of_the_cluster_itself_is_a_hazard(cluster: Cluster):
    with space(cluster, "kube-other") as own:
        own.deployment("web", 1)
        async with calling(room(cluster)) as call:
            looks = [
                await call("look", **asked)
                for asked in (scaling(own, "web", 2), going_back(own, "web", 1))
            ]

    assert [look["hazards"] for look in looks] == [["system_namespace"]] * 2
