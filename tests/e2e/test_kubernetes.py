"""Stories on a real Kubernetes cluster: a ticket in, an approval, a healed workload out, and what an oracle sees of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.product import Product, running
from tests.peers.cluster import Cluster
from tests.peers.workloads import APPS, Found, Space, space

pytestmark = [pytest.mark.heavy_peer, pytest.mark.kubernetes, pytest.mark.timeout(600)]
CLASSES = ["safe_write", "critical_write"]


@pytest.fixture(scope="module")
def product(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    connection = {"name": "lab", "platform": "kubernetes", "allow_writes": True,
                  "settings": cluster.settings()}  # fmt: skip
    with running(tmp_path_factory.mktemp("product"), [connection]) as product:
        product.patience_seconds = 400.0
        yield product


@pytest.fixture
def shop(cluster: Cluster) -> Iterator[Space]:
    with space(cluster) as made:
        yield made


def permit(product: Product, category: str) -> None:
    """A policy under which a person is asked about everything."""
    product.policy(category, allowed_systems=["kubernetes"], allowed_action_types=CLASSES)


def asked(product: Product, category: str, text: str) -> tuple[str, dict[str, Any]]:
    """A ticket that waits for an answer."""
    ticket_id = product.submit(category, text)
    ticket = product.settled(ticket_id)
    assert ticket["status"] == "awaiting_approval", ticket
    return ticket_id, ticket


def outcomes(ticket: dict[str, Any]) -> list[str]:
    return [one["kind"] for one in ticket["remediation_results"]["executed_actions"]]


def checks(ticket: dict[str, Any]) -> dict[str, bool | None]:
    return {
        one["name"]: one["passed"]
        for one in ticket["remediation_results"]["verification"]["checks"]
    }


def name_of(pod: Found) -> str:
    name: str = pod["metadata"]["name"]
    return name


def test_a_crashing_pod_is_restarted_and_its_successor_is_verified(product: Product, shop: Space):
    permit(product, "pods")
    shop.deployment("web", 2)
    old = shop.crash("web")
    before = {name_of(pod) for pod in shop.pods("web")}
    ticket_id, waiting = asked(
        product, "pods", f"The pod {shop.name}/{name_of(old)} is in CrashLoopBackOff."
    )
    [action] = waiting["suggested_actions"]
    assert (action["operation"], waiting["remediation_decision"]["action_type"]) == (
        "restart_pod",
        "safe_write",
    )
    ticket = product.approve(ticket_id)
    pods = shop.pods("web")

    assert (ticket["status"], outcomes(ticket)) == ("resolved", ["changed"])
    assert old["metadata"]["uid"] not in {pod["metadata"]["uid"] for pod in pods}
    assert len(pods) == 2
    healed = [
        name
        for name, passed in checks(ticket).items()
        if name.startswith("service of ") and passed
    ]
    [successor] = {name_of(pod) for pod in pods} - before
    assert healed == [f"service of kubernetes:lab:pod:{shop.name}/{successor}"]


def test_a_pod_of_a_statefulset_is_restarted_under_its_own_name(product: Product, shop: Space):
    permit(product, "databases")
    shop.statefulset("db", 1)
    old = shop.crash("db")
    ticket_id, _ = asked(product, "databases", f"The pod db-0 in {shop.name} is crashing.")
    ticket = product.approve(ticket_id)
    [pod] = shop.pods("db")

    assert (ticket["status"], outcomes(ticket)) == ("resolved", ["changed"])
    assert (name_of(pod), pod["metadata"]["uid"] != old["metadata"]["uid"]) == ("db-0", True)


def test_a_restart_that_helps_nothing_is_told_and_there_is_nothing_to_undo(
    product: Product, shop: Space
):
    permit(product, "hopeless")
    shop.deployment("web", 1, ready=0, fault="crashloop")
    old = shop.pods("web")[0]
    ticket_id, _ = asked(product, "hopeless", f"The pod {shop.name}/{name_of(old)} is crashing.")
    ticket = product.approve(ticket_id)
    restarted = checks(ticket)[f"restart_pod on kubernetes:lab:pod:{shop.name}/{name_of(old)}"]

    assert ticket["status"] == "partially_remediated"
    assert (outcomes(ticket), restarted) == (["changed"], False)
    assert shop.pods("web")[0]["metadata"]["uid"] != old["metadata"]["uid"]


def test_an_overloaded_deployment_is_scaled_up_after_approval(product: Product, shop: Space):
    permit(product, "load")
    shop.deployment("web", 2)
    ticket_id, waiting = asked(product, "load", f"The deployment {shop.name}/web is overloaded.")
    [action] = waiting["suggested_actions"]
    assert (action["operation"], action["parameters"]) == ("scale_deployment", {"replicas": 3})
    assert waiting["remediation_decision"]["action_type"] == "safe_write"
    assert shop.replicas("web") == 2
    ticket = product.approve(ticket_id)

    assert (ticket["status"], outcomes(ticket)) == ("resolved", ["changed"])
    assert shop.replicas("web") == len(shop.pods("web")) == 3


def test_pods_that_never_come_up_are_taken_back_and_the_pre_state_is_proven(
    product: Product, shop: Space
):
    permit(product, "crowded")
    shop.deployment(
        "web", 2, requests={"cpu": "50"}
    )  # of 64 on each of three nodes: a fourth has no place
    shop.cluster.patch(shop.path("deployments", "web", group=APPS), {"spec": {"replicas": 3}})
    shop.until_ready("web", 3)
    ticket_id, _ = asked(product, "crowded", f"The deployment web in {shop.name} is overloaded.")
    ticket = product.approve(ticket_id)

    assert (ticket["status"], outcomes(ticket)) == ("failed", ["failed", "undone"])
    assert checks(ticket)[f"pre-state of kubernetes:lab:deployment:{shop.name}/web"] is True
    assert shop.replicas("web") == 3


def test_a_release_that_does_not_come_up_is_rolled_back_after_approval(
    product: Product, shop: Space
):
    permit(product, "releases")
    shop.deployment("web", 2, image="shop:1", patience_seconds=3)
    shop.release("web", "shop:2", ready=2, **{"peers/fault": "imagepull"})
    shop.until_stuck("web")
    ticket_id, waiting = asked(
        product,
        "releases",
        f"The rollout of deployment {shop.name}/web is stuck: ImagePullBackOff.",
    )
    [action] = waiting["suggested_actions"]
    assert (action["operation"], action["parameters"]) == ("rollback_deployment", {"revision": 1})
    assert waiting["remediation_decision"]["action_type"] == "critical_write"
    own = {"ticket_id": ticket_id, "approve": True, "approver": "rita"}
    product.post(f"/tickets/{ticket_id}/approve-remediation", 409, **own)
    ticket = product.approve(ticket_id)

    assert (ticket["status"], outcomes(ticket)) == ("resolved", ["changed"])
    assert shop.image("web") == "shop:1"
    assert shop.rolled_out("web")["status"]["readyReplicas"] == 2


def test_a_role_that_may_only_read_ends_the_ticket_refused_and_untouched(
    cluster: Cluster, shop: Space, tmp_path_factory: pytest.TempPathFactory
):
    connection = {"name": "lab", "platform": "kubernetes", "allow_writes": True,
                  "settings": cluster.settings("reader")}  # fmt: skip
    shop.deployment("web", 2)
    with running(tmp_path_factory.mktemp("reader"), [connection]) as product:
        permit(product, "forbidden")
        ticket_id, _ = asked(
            product, "forbidden", f"The deployment web in {shop.name} is overloaded."
        )
        ticket = product.approve(ticket_id)
    [outcome] = ticket["remediation_results"]["executed_actions"]

    assert outcome["kind"] == "refused"
    assert "cannot patch resource" in outcome["message"]
    assert shop.replicas("web") == 2
