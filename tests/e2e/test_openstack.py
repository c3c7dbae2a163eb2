"""Stories on a real OpenStack: a ticket about an instance, a person's yes, the instance rebooted or resized and seen to be
well, or as it was before.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.product import Product, running
from tests.peers.openstack_cloud import Cloud
from tests.peers.openstack_oracle import Oracle

pytestmark = [
    pytest.mark.heavy_peer,
    pytest.mark.openstack,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),  # the SDK's, of itself
]
CLASSES = ["safe_write", "critical_write"]


@pytest.fixture(scope="module")
def product(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("product"), [connection(cloud)]) as product:
        product.patience_seconds = 300.0
        yield product


@pytest.fixture(scope="module")
def oracle(cloud: Cloud) -> Iterator[Oracle]:
    oracle = Oracle(cloud)
    yield oracle
    oracle.close()


@pytest.fixture
def web(oracle: Oracle) -> Iterator[str]:
    with oracle.instance() as native:
        yield native


def connection(cloud: Cloud, account: str = "operator") -> dict[str, Any]:
    """The cloud in an estate file."""
    return {"name": "cloud", "platform": "openstack", "allow_writes": True, "timeout_seconds": 60,
            "settings": cloud.settings(account)}  # fmt: skip


def asked(product: Product, category: str, text: str) -> tuple[str, dict[str, Any]]:
    """A ticket that waits for an answer, under a policy by which a person is asked."""
    product.policy(category, allowed_systems=["openstack"], allowed_action_types=CLASSES,
                   min_reliability_score=40)  # fmt: skip
    ticket_id = product.submit(category, text)
    ticket = product.settled(ticket_id)
    assert ticket["status"] == "awaiting_approval", ticket
    return ticket_id, ticket


def outcomes(ticket: dict[str, Any]) -> list[tuple[str, str]]:
    done = ticket["remediation_results"]["executed_actions"]
    return [(one["operation"], one["kind"]) for one in done]


def test_an_instance_that_hangs_is_rebooted_once_after_approval(
    product: Product, oracle: Oracle, web: str
):
    name = oracle.server(web)["name"]
    ticket_id, waiting = asked(product, "hangs", f"The instance {name} hangs, nobody can log in.")
    [action] = waiting["suggested_actions"]
    untouched = oracle.done(web, "reboot")
    ticket = product.approve(ticket_id)

    assert (action["operation"], action["target"]) == (
        "reboot_instance",
        f"openstack:cloud:instance:{web}",
    )
    assert (waiting["remediation_decision"]["action_type"], untouched) == ("safe_write", 0)
    assert (ticket["status"], outcomes(ticket)) == ("resolved", [("reboot_instance", "changed")])
    assert (oracle.done(web, "reboot"), oracle.server(web)["status"]) == (1, "ACTIVE")


def test_a_resize_is_approved_verified_and_then_confirmed(
    product: Product, oracle: Oracle, web: str
):
    oracle.snapshot(web)
    name = oracle.server(web)["name"]
    ticket_id, waiting = asked(product, "small", f"The instance {name} is too small.")
    [action] = waiting["suggested_actions"]
    own = {"ticket_id": ticket_id, "approve": True, "approver": "rita"}
    product.post(f"/tickets/{ticket_id}/approve-remediation", 409, **own)
    ticket = product.approve(ticket_id)

    assert (action["operation"], action["parameters"]) == (
        "resize_instance",
        {"flavor": "medium"},
    )
    assert waiting["remediation_decision"]["action_type"] == "critical_write"
    assert (ticket["status"], outcomes(ticket)) == (
        "resolved",
        [("resize_instance", "changed"), ("confirm_resize", "changed")],
    )
    assert (oracle.flavor(web), oracle.server(web)["status"]) == ("medium", "ACTIVE")


def test_a_guest_that_does_not_come_up_with_its_new_flavor_gets_the_old_one_back(
    product: Product, oracle: Oracle, web: str
):
    oracle.snapshot(web)
    name = oracle.server(web)["name"]
    ticket_id, _ = asked(product, "fails", f"Please resize the instance {name}.")
    with oracle.crashing_once_resized(web):
        ticket = product.approve(ticket_id)
    checks = {
        check["name"]: check["passed"]
        for check in ticket["remediation_results"]["verification"]["checks"]
    }

    assert ticket["status"] == "partially_remediated"
    assert outcomes(ticket) == [("resize_instance", "changed"), ("revert_resize", "undone")]
    assert checks[f"service of openstack:cloud:instance:{web}"] is False
    assert checks[f"pre-state of openstack:cloud:instance:{web}"] is True
    assert (oracle.flavor(web), oracle.server(web)["status"]) == ("small", "ACTIVE")


def test_without_a_recent_backup_nothing_is_resized(product: Product, oracle: Oracle, web: str):
    name = oracle.server(web)["name"]
    product.policy("unsafe", allowed_systems=["openstack"], allowed_action_types=CLASSES)
    ticket = product.settled(product.submit("unsafe", f"The instance {name} is too small."))

    assert ticket["remediation_decision"]["safety_checks"]["backup_available"] is False
    assert (ticket["status"], oracle.done(web, "resize")) == ("proposed", 0)


def test_a_role_that_may_only_read_ends_the_ticket_refused_and_untouched(
    cloud: Cloud, oracle: Oracle, web: str, tmp_path_factory: pytest.TempPathFactory
):
    name = oracle.server(web)["name"]
    with running(tmp_path_factory.mktemp("reader"), [connection(cloud, "reader")]) as product:
        ticket_id, _ = asked(product, "forbidden", f"The instance {name} hangs.")
        ticket = product.approve(ticket_id)
    [outcome] = ticket["remediation_results"]["executed_actions"]

    assert outcome["kind"] == "refused"
    assert "Policy doesn't allow" in outcome["message"]
    assert oracle.server(web)["status"] == "ACTIVE"
