"""A person's yes and no over the API: asked, bound to the plan that was shown, given once, and never by the wrong one."""

from typing import Any

import httpx2
import pytest
from tests.integration.api.product import (
    A_SWITCH,
    asked,
    is_problem,
    settled,
    submitted,
    until_state,
)

ESTATE = A_SWITCH
SETTINGS = {
    "AUTO_REMEDIATION_ENABLED": "true",
    "AUTO_REMEDIATION_MIN_RELIABILITY": "0",
    "AUTO_REMEDIATION_MAX_ACTIONS_PER_HOUR": "1000",
}
POLICY = {
    "name": "network",
    "category": "network",
    "min_confidence_score": 0,
    "allowed_action_types": ["safe_write", "critical_write"],
    "allowed_systems": ["network"],
    "max_actions_per_hour": 1_000,
}


@pytest.fixture(scope="module", autouse=True)
def policy(client: httpx2.Client) -> None:
    client.post("/api/v1/policies", json=POLICY).raise_for_status()


def answered(client: httpx2.Client, to: str, **body: Any) -> httpx2.Response:
    body = {"approve": True, "approver": "ann", **body}
    return client.post(f"/api/v1/tickets/{to}/approve-remediation", json=body)


def test_an_approved_plan_runs_and_the_ticket_shows_it_as_in_the_seed(
    client: httpx2.Client,
) -> None:
    ticket = asked(client, "INC-yes", "port01")
    given = answered(client, "INC-yes", plan_hash=ticket["plan_hash"], comment="go").json()
    done = until_state(client, "INC-yes", lambda state: state == "resolved")

    assert given["approved"] is True
    assert given["approver"] == "ann"
    assert given["plan_hash"] == ticket["plan_hash"]
    assert given["status"] == "remediating"
    assert done["auto_remediation_executed"] is True
    assert done["remediation_results"]["success"] is True
    assert done["suggested_actions"][0]["operation"] == "enable_port"
    assert done["suggested_actions"][0]["system"] == "network:lab:interface:sw1/port01"
    assert [o["kind"] for o in done["remediation_results"]["executed_actions"]] == ["changed"]


def test_no_is_the_end_and_nothing_is_done(client: httpx2.Client) -> None:
    asked(client, "INC-no", "port02")
    answered(client, "INC-no", approve=False).raise_for_status()
    ticket = until_state(client, "INC-no", lambda state: state != "awaiting_approval")

    assert ticket["status"] == "rejected"
    assert ticket["auto_remediation_executed"] is False
    assert ticket["remediation_results"] is None


def test_a_second_answer_is_refused_with_the_state(client: httpx2.Client) -> None:
    asked(client, "INC-twice", "port03")
    first = answered(client, "INC-twice", approve=False)
    second = answered(client, "INC-twice", approve=True)

    assert first.status_code == 202
    is_problem(second, 409)
    ticket = until_state(client, "INC-twice", lambda state: state != "awaiting_approval")
    assert ticket["status"] == "rejected"


def test_an_answer_where_nothing_was_asked_is_refused(client: httpx2.Client) -> None:
    submitted(client, "INC-unasked", category="network", enable_auto_remediation=False)
    told = is_problem(answered(client, "INC-unasked"), 409)

    assert told["state"] == "proposed"


def test_an_answer_for_another_plan_is_refused_and_the_question_stands(
    client: httpx2.Client,
) -> None:
    ticket = asked(client, "INC-other", "port04")
    told = is_problem(answered(client, "INC-other", plan_hash="0" * 64), 409)

    assert ticket["plan_hash"] in told["detail"]
    assert settled(client, "INC-other")["status"] == "awaiting_approval"


def test_a_body_of_another_ticket_is_refused(client: httpx2.Client) -> None:
    asked(client, "INC-body", "port05")
    told = is_problem(answered(client, "INC-body", ticket_id="INC-else"), 422)

    assert told["errors"] == {"ticket_id": "must be INC-body"}
    assert settled(client, "INC-body")["status"] == "awaiting_approval"


def test_a_late_answer_is_refused_and_the_ticket_counts_as_rejected(client: httpx2.Client) -> None:
    hasty = {**POLICY, "name": "hasty", "category": "hasty", "approval_timeout_seconds": 0.01}
    client.post("/api/v1/policies", json=hasty).raise_for_status()
    body = {
        "ticket_id": "INC-late",
        "description": "The link on sw1 port06 is down",
        "category": "hasty",
        "enable_auto_remediation": True,
    }
    client.post("/api/v1/tickets", json=body).raise_for_status()
    ticket = until_state(client, "INC-late", lambda state: state == "rejected")

    assert ticket["remediation_decision"]["requires_approval"] is True
    is_problem(answered(client, "INC-late"), 409)


def test_the_requester_may_not_approve_a_critical_action_and_somebody_else_may(
    client: httpx2.Client,
) -> None:
    ticket = asked(client, "INC-four", "mgmt01", requester="rob")
    refused = is_problem(answered(client, "INC-four", approver="rob"), 409)
    accepted = answered(client, "INC-four", approver="ann")

    assert ticket["remediation_decision"]["action_type"] == "critical_write"
    assert ticket["remediation_decision"]["risk_level"] == "high"
    assert "other than" in refused["detail"]
    assert accepted.status_code == 202


@pytest.mark.parametrize("name", ["ROB", " rob ", "Rob"])
def test_the_requester_is_the_requester_in_any_spelling(client: httpx2.Client, name: str) -> None:
    port = f"mgmt0{2 + ['ROB', ' rob ', 'Rob'].index(name)}"
    asked(client, f"INC-{port}", port, requester="rob")

    is_problem(answered(client, f"INC-{port}", approver=name), 409)


def test_an_approver_needs_a_name(client: httpx2.Client) -> None:
    asked(client, "INC-nameless", "port07")

    is_problem(answered(client, "INC-nameless", approver=""), 422)
    is_problem(answered(client, "INC-nameless", approver="   "), 422)


def test_an_unknown_ticket_can_be_neither_approved_nor_executed(client: httpx2.Client) -> None:
    is_problem(answered(client, "INC-unknown"), 404)
    is_problem(client.post("/api/v1/tickets/INC-unknown/execute", json={"approver": "ann"}), 404)


def test_a_person_runs_a_proposed_plan(client: httpx2.Client) -> None:
    proposed = submitted(
        client, "INC-run", title="The link on sw1 port08 is down", category="network"
    )
    given = client.post("/api/v1/tickets/INC-run/execute", json={"approver": "ann"})
    done = until_state(client, "INC-run", lambda state: state not in ("proposed", "remediating"))

    assert proposed["status"] == "proposed"
    assert given.status_code == 202
    assert done["status"] == "resolved"


def test_a_ticket_without_a_plan_cannot_be_executed(client: httpx2.Client) -> None:
    submitted(client, "INC-planless")
    told = is_problem(
        client.post("/api/v1/tickets/INC-planless/execute", json={"approver": "ann"}), 409
    )

    assert "no plan" in told["detail"]


def test_the_kill_switch_holds_back_a_person_too_until_it_is_off_again(
    client: httpx2.Client,
) -> None:
    submitted(client, "INC-held", title="The link on sw1 port09 is down", category="network")
    run = {"approver": "ann"}
    client.post("/api/v1/kill-switch", json={"on": True, "reason": "drill", "actor": "ann"})
    try:
        told = is_problem(client.post("/api/v1/tickets/INC-held/execute", json=run), 409)
    finally:
        client.post("/api/v1/kill-switch", json={"on": False, "actor": "ann"})

    assert any("kill switch" in reason for reason in told["reasons"])
    assert client.post("/api/v1/tickets/INC-held/execute", json=run).status_code == 202


def test_the_same_approval_under_one_key_is_answered_once(client: httpx2.Client) -> None:
    asked(client, "INC-key", "port10")
    body = {"approve": True, "approver": "ann"}
    path, key = "/api/v1/tickets/INC-key/approve-remediation", {"Idempotency-Key": "k1"}
    first = client.post(path, json=body, headers=key)
    again = client.post(path, json=body, headers=key)

    assert again.status_code == first.status_code == 202
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"


def test_the_timeline_ends_with_the_ticket_and_its_records_are_in_order(
    client: httpx2.Client,
) -> None:
    asked(client, "INC-time", "port11")
    answered(client, "INC-time").raise_for_status()
    with client.stream("GET", "/api/v1/tickets/INC-time/events") as stream:
        lines = list(stream.iter_lines())
    events = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    ids = [int(line.removeprefix("id: ")) for line in lines if line.startswith("id: ")]

    assert events[:4] == ["ticket.received", "ticket.diagnosed", "ticket.scored", "ticket.decided"]
    assert events[-1] == "end"
    assert events.count("end") == 1
    assert events.index("approval.given") < events.index("action.intended")
    assert events.index("action.intended") < events.index("action.finished")
    assert ids == sorted(set(ids))
