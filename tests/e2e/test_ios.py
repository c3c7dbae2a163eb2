"""Stories on a Cisco-like switch."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.product import Product, running
from tests.peers.switch import PORT, UPLINK, Switch

pytestmark = [pytest.mark.peer, pytest.mark.timeout(180)]
FIRST, SECOND = PORT.format(1), PORT.format(2)


@pytest.fixture(scope="module")
def backups(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where configurations are kept."""
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(scope="module")
def product(
    cisco: Switch, backups: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    connection = {"name": "lab", "platform": "network", "allow_writes": True,
                  "settings": {**cisco.settings(), "backup_folder": str(backups)}}  # fmt: skip
    with running(tmp_path_factory.mktemp("product"), [connection]) as product:
        yield product


@pytest.fixture(autouse=True)
def _mended(cisco: Switch) -> Iterator[None]:
    cisco.mend()
    yield
    cisco.mend()


def test_counted_errors_are_cleared_after_approval_and_the_journal_keeps_them(
    product: Product, cisco: Switch
):
    cisco.order(errors={FIRST: 7})
    product.policy("errors")
    ticket_id = product.submit("errors", f"CRC errors on the port {FIRST} of sw9.")
    waiting = product.settled(ticket_id)
    untouched = cisco.order()["errors"]
    ticket = product.approve(ticket_id)
    [outcome] = ticket["remediation_results"]["executed_actions"]

    assert (waiting["status"], untouched) == ("awaiting_approval", {FIRST: 7})
    assert (ticket["status"], cisco.order()["errors"]) == ("resolved", {FIRST: 0})
    assert (outcome["operation"], outcome["kind"]) == ("clear_interface_errors", "changed")
    assert "rx_errors 7" in outcome["message"]


def test_a_shut_port_is_enabled_after_approval_and_the_configuration_before_is_kept(
    product: Product, cisco: Switch, backups: Path
):
    cisco.order(shut=[SECOND])
    product.policy("ports")
    ticket = product.approve(product.submit("ports", f"The port {SECOND} of sw9 is down."))
    newest = max((backups / "sw9").iterdir())

    assert (ticket["status"], cisco.order()["shut"]) == ("resolved", [])
    assert f"interface {SECOND}\n" in newest.read_text()
    assert "\n shutdown" in newest.read_text()


def test_a_port_without_a_cable_is_shut_again(product: Product, cisco: Switch):
    cisco.order(shut=[SECOND], unplugged=[SECOND])
    product.policy("cables")
    ticket = product.approve(product.submit("cables", f"The port {SECOND} of sw9 is down."))
    outcomes = ticket["remediation_results"]["executed_actions"]

    assert ticket["status"] == "partially_remediated"
    assert [outcome["kind"] for outcome in outcomes] == ["changed", "undone"]
    assert cisco.order()["shut"] == [SECOND]


def test_a_port_that_hangs_is_restarted_after_approval_and_works_again(
    product: Product, cisco: Switch
):
    cisco.order(hung=[FIRST])
    product.policy("stuck")
    ticket_id = product.submit("stuck", f"The port {FIRST} of sw9 is stuck.")
    waiting = product.settled(ticket_id)
    untouched = cisco.order()["hung"]
    ticket = product.approve(ticket_id)
    [outcome] = ticket["remediation_results"]["executed_actions"]

    assert (waiting["status"], untouched) == ("awaiting_approval", [FIRST])
    assert (outcome["operation"], outcome["kind"]) == ("restart_interface", "changed")
    assert ticket["status"] == "resolved"
    assert (cisco.order()["hung"], cisco.order()["shut"]) == ([], [])


def test_a_restart_that_does_not_help_leaves_the_port_as_it_was_and_says_so(
    product: Product, cisco: Switch
):
    cisco.order(unplugged=[SECOND])
    product.policy("dead")
    ticket_id = product.submit("dead", f"The port {SECOND} of sw9 is stuck.")
    ticket = product.approve(ticket_id)
    results = ticket["remediation_results"]
    checks = {check["name"].partition(" ")[0]: check["passed"]
              for check in results["verification"]["checks"]}  # fmt: skip

    assert ticket["status"] == "partially_remediated"
    assert [outcome["kind"] for outcome in results["executed_actions"]] == ["changed"]
    assert (checks["service"], checks["pre-state"]) == (False, True)
    assert cisco.order()["shut"] == []


def test_the_port_that_carries_our_session_is_left_alone_whoever_asks(
    product: Product, cisco: Switch
):
    product.policy("uplink", allowed_action_types=["safe_write", "critical_write"])
    ticket_id = product.submit("uplink", f"The port {UPLINK} of sw9 is stuck.")
    waiting = product.settled(ticket_id)
    ticket = product.approve(ticket_id)
    [outcome] = ticket["remediation_results"]["executed_actions"]

    assert waiting["remediation_decision"]["action_type"] == "critical_write"
    assert (ticket["status"], outcome["kind"]) == ("proposed", "refused")
    assert "may carry our own session" in outcome["message"]
    assert cisco.order()["shut"] == []
