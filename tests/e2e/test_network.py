"""Stories on two real FRR routers."""

import sqlite3
from pathlib import Path

import pytest
from tests.e2e.devices import downs, is_up, shut
from tests.e2e.product import Product, dcdocs
from tests.peers.netlab import NetLab

pytestmark = [pytest.mark.peer, pytest.mark.timeout(180)]
DOWN = "The link between r1 and r2 is down."


def test_automation_is_earned_on_the_device_by_five_good_repairs(product: Product, lab: NetLab):
    product.policy("network")
    for _ in range(5):
        shut(lab, "r1", "eth1")
        ticket_id = product.submit("network", DOWN)
        ticket = product.approve(ticket_id)
        assert ticket["status"] == "resolved"
        assert is_up(lab, "r1", "eth1")
        product.praise(ticket_id)
    [pattern] = product.get("/patterns?category=network")["items"]
    assert pattern["eligible_for_auto_remediation"], pattern["missing_for_eligibility"]
    shut(lab, "r1", "eth1")
    ticket_id = product.submit("network", DOWN)
    ticket = product.settled(ticket_id)

    assert ticket["status"] == "resolved"
    assert ticket["remediation_decision"]["verdict"] == "auto_approved"
    assert is_up(lab, "r1", "eth1")
    assert "approval.given" not in product.kinds(ticket_id)
    assert (
        ticket["remediation_results"]["verification"]["checks"][-1]["seen"] == "oper_state is up"
    )


def test_an_unknown_pattern_waits_for_a_person(product: Product, lab: NetLab):
    product.policy("unknown")
    shut(lab, "r2", "eth1")
    ticket_id = product.submit("unknown", "The uplink eth1 of r2 is dead since the storm.")
    ticket = product.settled(ticket_id)

    assert ticket["status"] == "awaiting_approval"
    assert not is_up(lab, "r2", "eth1")
    assert any("not eligible" in reason for reason in ticket["remediation_decision"]["reasoning"])
    refused = {"ticket_id": ticket_id, "approve": False, "approver": "ada", "comment": "not now"}
    product.post(f"/tickets/{ticket_id}/approve-remediation", 202, **refused)


def test_a_policy_that_forbids_refuses_with_every_reason(product: Product, lab: NetLab):
    product.policy("frozen", allowed_systems=["storage"], forbidden_commands=["enable port"])
    shut(lab, "r1", "eth1")
    ticket_id = product.submit("frozen", DOWN)
    ticket = product.settled(ticket_id)
    reasons = " ".join(ticket["remediation_decision"]["reasoning"])

    assert (ticket["status"], ticket["remediation_decision"]["verdict"]) == ("proposed", "refused")
    assert "not among the allowed systems" in reasons
    assert "the policy forbids 'enable port'" in reasons
    problem = product.post(f"/tickets/{ticket_id}/execute", 409, approver="ada")
    assert "the policy forbids 'enable port'" in problem["detail"]
    assert not is_up(lab, "r1", "eth1")


def test_the_management_path_asks_a_person_even_where_automation_is_earned(
    product: Product, lab: NetLab
):
    product.policy("ports", allowed_action_types=["safe_write", "critical_write"])
    for _ in range(5):
        ticket_id = product.submit("ports", "The port eth2 of r2 is stuck.")
        assert product.approve(ticket_id)["status"] == "resolved"
        product.praise(ticket_id)
    before, management = downs(lab, "r2", "eth2"), downs(lab, "r2", "mgmt0")
    ticket = product.settled(product.submit("ports", "The port eth2 of r2 is stuck."))
    assert (ticket["status"], downs(lab, "r2", "eth2")) == ("resolved", before + 1)
    ticket_id = product.submit("ports", "The port mgmt0 of r2 is stuck.")
    ticket = product.settled(ticket_id)

    assert ticket["status"] == "awaiting_approval"
    decision = ticket["remediation_decision"]
    assert (decision["action_type"], decision["risk_level"]) == ("critical_write", "high")
    assert any("raised by management_path" in reason for reason in decision["reasoning"])
    assert downs(lab, "r2", "mgmt0") == management
    own = {"ticket_id": ticket_id, "approve": True, "approver": "Rita "}
    product.post(f"/tickets/{ticket_id}/approve-remediation", 409, **own)
    assert product.approve(ticket_id)["status"] == "resolved"
    assert (is_up(lab, "r2", "mgmt0"), downs(lab, "r2", "mgmt0")) == (True, management + 1)


def test_a_repair_that_does_not_heal_is_undone_and_the_pre_state_is_proven(
    product: Product, lab: NetLab
):
    shut(lab, "r1", "eth1")
    shut(lab, "r2", "eth1")
    ticket_id = product.submit("broken", "The link eth1 of r1 is down.")
    ticket = product.approve(ticket_id)

    assert ticket["status"] == "partially_remediated"
    assert not is_up(lab, "r1", "eth1")
    results = ticket["remediation_results"]
    assert [outcome["kind"] for outcome in results["executed_actions"]] == ["changed", "undone"]
    checks = {check["name"]: check["passed"] for check in results["verification"]["checks"]}
    assert checks["pre-state of network:lab:interface:r1/eth1"] is True
    assert checks["service of network:lab:interface:r1/eth1"] is False
    kinds = product.kinds(ticket_id)
    wanted = ["rollback.intended", "rollback.started", "rollback.finished", "plan.verified",
              "notice.sent", "ticket.changed"]  # fmt: skip
    assert kinds[kinds.index("rollback.intended") :][: len(wanted)] == wanted


def test_the_audit_trail_holds_and_one_changed_byte_is_found(
    product: Product, lab: NetLab, tmp_path: Path
):
    shut(lab, "r1", "eth1")
    ticket_id = product.submit("audit", DOWN)
    product.approve(ticket_id)
    kinds = product.kinds(ticket_id)
    for kind in ("ticket.received", "ticket.diagnosed", "ticket.scored", "ticket.decided",
                 "approval.requested", "approval.given", "action.intended", "action.started",
                 "action.finished", "plan.verified"):  # fmt: skip
        assert kinds.count(kind) == 1, kinds
    report = product.get("/audit/verify")
    assert report["ok"]
    assert dcdocs("audit", "verify", "--data-dir", str(product.data))[0] == 0
    copied = tmp_path / "copy"
    copied.mkdir()
    name = "datacenter-docs.sqlite"
    with sqlite3.connect(product.data / name) as source, sqlite3.connect(copied / name) as target:
        source.backup(target)
    source.close()
    target.close()
    code, held = dcdocs("audit", "verify", "--data-dir", str(copied))
    assert (code, held["ok"]) == (0, True)
    _change_one_byte(copied / name, seq=3)
    code, broken = dcdocs("audit", "verify", "--data-dir", str(copied))

    assert (code, broken["ok"], broken["bad_seq"]) == (6, False, 3)


def _change_one_byte(path: Path, seq: int) -> None:
    """As somebody with all rights would: the triggers dropped, one letter of a body replaced, the triggers back."""
    database = sqlite3.connect(path)
    triggers = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'"
    ).fetchall()
    for name, _ in triggers:
        database.execute(f"DROP TRIGGER {name}")
    [(body,)] = database.execute("SELECT body FROM journal WHERE seq = ?", (seq,)).fetchall()
    middle = len(body) // 2
    changed = body[:middle] + ("x" if body[middle] != "x" else "y") + body[middle + 1 :]
    database.execute("UPDATE journal SET body = ? WHERE seq = ?", (changed, seq))
    for _, sql in triggers:
        database.execute(sql)
    database.commit()
    database.close()
