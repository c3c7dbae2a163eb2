"""Each curl line of the description, pasted, gives the answer whose shape stands there."""

import json
from typing import Any

import httpx2
import pytest
from tests.integration.api import seed
from tests.integration.api.product import A_SWITCH, is_problem, settled, submitted, until_state

ESTATE = A_SWITCH
SETTINGS = {"AUTO_REMEDIATION_ENABLED": "true", "AUTO_REMEDIATION_MIN_RELIABILITY": "0"}


def pasted(client: httpx2.Client, line: str) -> httpx2.Response:
    curl = seed.read(line)
    return client.request(curl.method, curl.path, headers=curl.headers, content=curl.body)


@pytest.fixture
def inc_12345(client: httpx2.Client) -> None:
    pasted(client, seed.CREATE).raise_for_status()
    settled(client, "INC-12345")


def test_a_ticket_is_created_and_the_answer_is_the_one_that_is_shown(
    client: httpx2.Client,
) -> None:
    body = json.loads(seed.read(seed.CREATE).body or "")
    answer = client.post("/api/v1/tickets", json={**body, "ticket_id": "INC-new"})

    assert answer.status_code == 202
    assert answer.json() == {**json.loads(seed.CREATED), "ticket_id": "INC-new"}


def test_the_line_is_read_as_a_shell_would(client: httpx2.Client) -> None:
    assert pasted(client, seed.CREATE).status_code in (200, 202)
    assert seed.read(seed.PATTERNS).path == "/api/v1/patterns?category=network&min_occurrences=5"


@pytest.mark.usefixtures("inc_12345")
def test_the_status_of_a_ticket_has_every_key_that_is_shown(client: httpx2.Client) -> None:
    ticket = pasted(client, seed.SHOW).json()

    assert ticket["ticket_id"] == "INC-12345"
    assert ticket["status"] == "proposed"
    assert isinstance(ticket["resolution"], str)
    assert isinstance(ticket["suggested_actions"], list)
    assert isinstance(ticket["confidence_score"], float)
    assert isinstance(ticket["reliability_score"], float)
    assert ticket["auto_remediation_enabled"] is True
    assert ticket["auto_remediation_executed"] is False
    assert ticket["remediation_results"] is None


@pytest.mark.usefixtures("inc_12345")
def test_the_reliability_breakdown_is_the_one_that_is_shown(client: httpx2.Client) -> None:
    breakdown = pasted(client, seed.SHOW).json()["reliability_breakdown"]

    assert isinstance(breakdown["overall_score"], float)
    assert breakdown["confidence_level"] in ("very_high", "high", "medium", "low")
    assert list(breakdown["breakdown"]) == [
        "ai_confidence",
        "human_validation",
        "success_history",
        "pattern_recognition",
    ]
    assert all(value.endswith("%") for value in breakdown["breakdown"].values())


@pytest.mark.usefixtures("inc_12345")
def test_the_decision_has_every_key_that_is_shown(client: httpx2.Client) -> None:
    decision = pasted(client, seed.SHOW).json()["remediation_decision"]

    assert isinstance(decision["allowed"], bool)
    assert isinstance(decision["requires_approval"], bool)
    assert decision["action_type"] in ("read_only", "safe_write", "critical_write")
    assert decision["risk_level"] in ("low", "medium", "high")
    assert all(isinstance(reason, str) for reason in decision["reasoning"])
    assert list(decision["safety_checks"]) == [
        "time_window_ok",
        "rate_limit_ok",
        "backup_available",
        "system_healthy",
        "all_passed",
    ]


def test_a_suggested_action_names_the_action_and_the_system(client: httpx2.Client) -> None:
    ticket = submitted(
        client, "INC-port", title="The link on sw1 port01 is down", category="network"
    )

    assert ticket["suggested_actions"][0]["system"] == "network:lab:interface:sw1/port01"
    assert ticket["suggested_actions"][0]["action"].startswith("Enable port")
    assert 0 < ticket["confidence_score"] <= 1


@pytest.mark.usefixtures("inc_12345")
def test_feedback_is_taken(client: httpx2.Client) -> None:
    answer = pasted(client, seed.FEEDBACK)

    assert answer.status_code == 201
    assert answer.json()["ticket_id"] == "INC-12345"
    assert answer.json()["feedback_type"] == "positive"


def test_feedback_with_every_field_is_taken(client: httpx2.Client) -> None:
    submitted(client, "INC-001")

    assert client.post("/api/v1/feedback", json=seed.ALL_FEEDBACK).status_code == 201


@pytest.mark.usefixtures("inc_12345")
def test_an_approval_where_nothing_is_asked_says_so(client: httpx2.Client) -> None:
    told = is_problem(pasted(client, seed.APPROVE), 409)

    assert told["state"] == "proposed"


def test_an_approval_is_taken_where_one_is_asked(client: httpx2.Client) -> None:
    policy = {**seed.POLICY, "approvers": ["john.doe@company.com"], "min_confidence_score": 0}
    always = {"min_reliability_score": 0, "allowed_hours_start": 0, "allowed_hours_end": 24}
    week = {"allowed_days": [*policy["allowed_days"], "saturday", "sunday"]}
    client.post("/api/v1/policies", json={**policy, **always, **week}).raise_for_status()
    submitted(
        client,
        "INC-ask",
        title="The link on sw1 port02 is down",
        category="network",
        enable_auto_remediation=True,
    )
    curl = seed.read(seed.APPROVE.replace("INC-12345", "INC-ask"))
    answer = client.post(curl.path, headers=curl.headers, content=curl.body)
    done = until_state(client, "INC-ask", lambda state: state == "resolved")

    assert answer.status_code == 202
    assert answer.json()["approver"] == "john.doe@company.com"
    assert done["remediation_results"]["success"] is True
    assert len(done["remediation_results"]["executed_actions"]) == 1


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        (
            seed.RELIABILITY,
            {
                "avg_reliability_score",
                "avg_confidence_score",
                "resolution_rate",
                "positive_feedback_rate",
                "negative_feedback_rate",
                "avg_rating",
            },
        ),
        (
            seed.REMEDIATION,
            {
                "execution_rate",
                "success_rate",
                "approval_rate",
                "eligible_patterns",
                "pattern_success_rate",
            },
        ),
    ],
)
def test_the_statistics_hold_every_metric_of_the_description(
    client: httpx2.Client, line: str, keys: set[str]
) -> None:
    answer = pasted(client, line)

    assert answer.status_code == 200
    assert answer.json()["days"] == 30
    assert keys <= set(answer.json())


def test_patterns_are_listed_with_the_statistics_of_the_description(client: httpx2.Client) -> None:
    submitted(client, "INC-pattern", title="Disk full on web01", category="storage")
    listed = client.get("/api/v1/patterns", params={"category": "storage"}).json()["items"]

    assert pasted(client, seed.PATTERNS).status_code == 200
    assert listed[0]["category"] == "storage"
    assert len(listed[0]["hash"]) == 64
    assert listed[0]["occurrence_count"] == 1
    assert listed[0]["eligible_for_auto_remediation"] is False
    assert listed[0]["key_terms"]


def test_the_logs_of_a_ticket_are_there(client: httpx2.Client) -> None:
    submitted(client, "TICKET-ID")
    logs: dict[str, Any] = pasted(client, seed.LOGS).json()

    assert logs["ticket_id"] == "TICKET-ID"
    assert logs["logs"][0]["kind"] == "ticket.received"


def test_the_policy_of_the_description_is_kept_field_by_field(client: httpx2.Client) -> None:
    policy = {**seed.POLICY, "name": "as-shown", "category": "as-shown"}
    client.post("/api/v1/policies", json=policy).raise_for_status()
    kept = client.get("/api/v1/policies/as-shown").json()["policy"]

    assert {field: kept[field] for field in policy} == policy
