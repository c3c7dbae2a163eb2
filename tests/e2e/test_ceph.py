"""Stories on a real Ceph: an image that fills up, old snapshots that hold its room, and what keeps both from being done."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.product import Product, running
from tests.peers.ceph import MIB, Ceph

pytestmark = [pytest.mark.heavy_peer, pytest.mark.ceph, pytest.mark.timeout(600)]
CLASSES = ["critical_write"]
MONTH_SECONDS = 30 * 24 * 3600


@pytest.fixture(scope="module")
def product(ceph: Ceph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("product"), [connection(ceph)]) as product:
        yield product


@pytest.fixture
def image(ceph: Ceph) -> Iterator[str]:
    with ceph.image_made(80) as spec:
        yield spec


def connection(ceph: Ceph, account: str = "operator") -> dict[str, Any]:
    """The cluster in an estate file."""
    return {"name": "ceph", "platform": "storage", "allow_writes": True, "timeout_seconds": 60,
            "settings": ceph.settings(account)}  # fmt: skip


def asked(product: Product, category: str, text: str) -> tuple[str, dict[str, Any]]:
    """A ticket that waits for an answer, under a policy by which a person is asked."""
    product.policy(category, allowed_systems=["storage"], allowed_action_types=CLASSES,
                   requires_rollback_plan=False, min_reliability_score=40)  # fmt: skip
    ticket_id = product.submit(category, text)
    ticket = product.settled(ticket_id)
    assert ticket["status"] == "awaiting_approval", ticket
    return ticket_id, ticket


def outcomes(ticket: dict[str, Any]) -> list[tuple[str, str]]:
    done = ticket["remediation_results"]["executed_actions"]
    return [(one["operation"], one["kind"]) for one in done]


def checks(ticket: dict[str, Any]) -> dict[str, bool | None]:
    found = ticket["remediation_results"]["verification"]["checks"]
    return {check["name"]: check["passed"] for check in found}


def target(ceph: Ceph, spec: str) -> str:
    return f"storage:ceph:volume:ceph1/rbd/{ceph.image(spec)['id']}"


def test_a_full_image_is_expanded_after_approval_and_the_same_plan_again_finds_it_so(
    product: Product, ceph: Ceph, image: str
):
    ceph.fill(image, 76 * MIB)
    text = f"The volume {image} on ceph1 is 95 % full."
    first, waiting = asked(product, "full", text)
    second = product.submit("full", text)
    same = product.settled(second)
    untouched = ceph.image(image)["size"]
    done = product.approve(first)
    again = product.approve(second)
    [action] = waiting["suggested_actions"]
    [late] = again["remediation_results"]["executed_actions"]

    assert (action["operation"], action["target"]) == ("expand_volume", target(ceph, image))
    assert action["parameters"] == {"size_bytes": 120 * MIB}
    assert waiting["remediation_decision"]["action_type"] == "critical_write"
    assert same["plan_hash"] == waiting["plan_hash"]
    assert untouched == 80 * MIB
    assert (done["status"], outcomes(done)) == ("resolved", [("expand_volume", "changed")])
    assert all(checks(done).values())
    assert ceph.image(image)["size"] == 120 * MIB
    assert (late["kind"], again["status"]) == ("unchanged", "resolved")
    assert "action.started" not in product.kinds(second)


def test_snapshots_of_more_than_a_month_are_removed_after_approval_and_the_newest_stays(
    product: Product, ceph: Ceph, image: str
):
    with ceph.days_ago(40):
        for name in ("monday", "tuesday"):
            ceph.rbd("snap", "create", "--no-progress", f"{image}@{name}")
    ceph.rbd("snap", "create", "--no-progress", f"{image}@today")
    ticket_id, waiting = asked(product, "old", f"Too many old snapshots of the volume {image}.")
    untouched = ceph.snapshots(image)
    ticket = product.approve(ticket_id)
    [action] = waiting["suggested_actions"]

    assert (action["operation"], action["target"]) == ("clear_snapshots", target(ceph, image))
    assert action["parameters"] == {"older_than_seconds": MONTH_SECONDS}
    assert waiting["remediation_decision"]["safety_checks"]["backup_available"] is True
    assert untouched == {"monday", "tuesday", "today"}
    assert (ticket["status"], outcomes(ticket)) == ("resolved", [("clear_snapshots", "changed")])
    assert all(checks(ticket).values())
    assert ceph.snapshots(image) == {"today"}


def test_an_old_snapshot_that_is_protected_ends_the_ticket_refused_and_untouched(
    product: Product, ceph: Ceph, image: str
):
    with ceph.days_ago(40):
        ceph.rbd("snap", "create", "--no-progress", f"{image}@golden")
    ceph.rbd("snap", "protect", f"{image}@golden")
    ceph.rbd("snap", "create", "--no-progress", f"{image}@today")
    ticket_id, _ = asked(product, "needed", f"Please clean up the old snapshots of {image}.")
    ticket = product.approve(ticket_id)
    [outcome] = ticket["remediation_results"]["executed_actions"]

    assert (outcome["kind"], "golden is protected" in outcome["message"]) == ("refused", True)
    assert ticket["status"] != "resolved"
    assert ceph.snapshots(image) == {"golden", "today"}


def test_an_image_that_is_full_again_at_once_is_not_called_healed_and_nothing_pretends_to_undo(
    product: Product, ceph: Ceph, image: str
):
    """What fills it goes on while a person decides: half as much again is full already when it is verified."""
    ceph.fill(image, 76 * MIB)
    ticket_id, _ = asked(product, "filling", f"The volume {image} is running out of space.")
    product.approve(ticket_id, waiting=False)
    ceph.until(lambda: ceph.image(image)["size"] == 120 * MIB)
    ceph.fill(image, 116 * MIB)
    ticket = product.settled(ticket_id)

    [_, undo] = ticket["remediation_results"]["executed_actions"]
    assert outcomes(ticket) == [("expand_volume", "changed"), ("expand_volume", "refused")]
    assert undo["message"] == "Cannot be undone: because of cannot_shrink"
    assert checks(ticket)[f"service of {target(ceph, image)}"] is False
    assert checks(ticket)[f"pre-state of {target(ceph, image)}"] is False
    assert ticket["status"] == "partially_remediated"
    assert ceph.image(image)["size"] == 120 * MIB


def test_an_account_that_may_only_read_ends_the_ticket_refused_and_untouched(
    ceph: Ceph, image: str, tmp_path_factory: pytest.TempPathFactory
):
    ceph.fill(image, 76 * MIB)
    reading = [connection(ceph, "reader")]
    with running(tmp_path_factory.mktemp("reader"), reading) as product:
        ticket_id, _ = asked(product, "forbidden", f"The volume {image} is almost full.")
        ticket = product.approve(ticket_id)
    [outcome] = ticket["remediation_results"]["executed_actions"]

    assert (outcome["kind"], "Operation not permitted" in outcome["message"]) == ("refused", True)
    assert ceph.image(image)["size"] == 80 * MIB
