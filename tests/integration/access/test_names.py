"""Names come from the login: another name in a body or a query is refused, and four eyes are four eyes."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from tests.integration.access.door import API, Door, made
from tests.integration.api.product import A_SWITCH, asked, is_problem, submitted, until_state

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
    "approvers": ["approver", "admin", "olga"],
}
Clients = dict[str, httpx2.Client]


@pytest.fixture(scope="module")
def clients(door: Door) -> Iterator[Clients]:
    people = {who: door.client(who) for who in ("viewer", "operator", "approver", "admin")}
    olga = made(people["admin"], "olga", "approver")
    people["olga"] = httpx2.Client(
        base_url=door.product.url, headers={"Authorization": f"Bearer {olga}"}, timeout=30
    )
    people["admin"].post(f"{API}/policies", json=POLICY).raise_for_status()
    yield people
    for client in people.values():
        client.close()


def approve(client: httpx2.Client, ticket_id: str, **body: Any) -> httpx2.Response:
    path = f"{API}/tickets/{ticket_id}/approve-remediation"
    return client.post(path, json={"approve": True, **body})


def test_the_requester_and_the_approver_are_who_is_logged_in(clients: Clients) -> None:
    ticket = asked(clients["operator"], "N-1", "port01")
    given = approve(clients["approver"], "N-1")
    until_state(clients["viewer"], "N-1", lambda state: state == "resolved")
    logs = clients["viewer"].get(f"{API}/tickets/N-1/remediation-logs").json()["logs"]

    assert ticket["requester"] == "operator"
    assert given.json()["approver"] == "approver"
    assert {log["actor"] for log in logs if log["kind"] == "ticket.received"} == {"operator"}
    assert {log["actor"] for log in logs if log["kind"] == "approval.given"} == {"approver"}


def test_an_approver_of_another_name_is_refused_and_the_question_stands(clients: Clients) -> None:
    asked(clients["operator"], "N-2", "port02")
    told = is_problem(approve(clients["approver"], "N-2", approver="admin"), 403)

    assert told["field"] == "approver"
    assert "logged in as approver" in told["detail"]
    assert clients["viewer"].get(f"{API}/tickets/N-2").json()["status"] == "awaiting_approval"
    assert approve(clients["approver"], "N-2", approver="Approver").status_code == 202


def test_who_asked_for_a_critical_action_cannot_approve_it_and_somebody_else_can(
    clients: Clients,
) -> None:
    asked(clients["olga"], "N-3", "mgmt01")
    told = is_problem(approve(clients["olga"], "N-3"), 409)
    is_problem(approve(clients["olga"], "N-3", approver="approver"), 403)
    is_problem(approve(clients["operator"], "N-3"), 403)

    assert "other than the one who asked" in told["detail"]
    assert approve(clients["approver"], "N-3").status_code == 202


def test_somebody_who_is_not_on_the_policys_list_cannot_approve(clients: Clients) -> None:
    stranger = made(clients["admin"], "stranger", "approver")
    asked(clients["operator"], "N-4", "port03")
    with httpx2.Client(
        base_url=clients["admin"].base_url, headers={"Authorization": f"Bearer {stranger}"}
    ) as client:
        told = is_problem(approve(client, "N-4"), 409)

    assert "not among the approvers" in told["detail"]


def test_whoever_may_not_execute_does_not_and_the_one_who_does_is_named(clients: Clients) -> None:
    body = {"title": "The link on sw1 port04 is down", "category": "network"}
    submitted(clients["operator"], "N-5", **body)
    path = f"{API}/tickets/N-5/execute"
    is_problem(clients["operator"].post(path, json={}), 403)
    is_problem(clients["approver"].post(path, json={"approver": "olga"}), 403)
    given = clients["approver"].post(path, json={})

    assert (given.status_code, given.json()["approver"]) == (202, "approver")


ANOTHER_NAME = [
    ("POST", "tickets", {"ticket_id": "N-6", "description": "x", "requester": "bob"}, "requester"),
    ("PATCH", "tickets/N-7", {"resolution": "done", "actor": "bob"}, "actor"),
    (
        "POST",
        "feedback",
        {"ticket_id": "N-7", "feedback_type": "positive", "author": "bob"},
        "author",
    ),
    ("POST", "surveys", {"requester": "bob"}, "requester"),
    ("POST", "connections/lab/accept-vanished", {"actor": "bob"}, "actor"),
    ("POST", "kill-switch", {"on": True, "actor": "bob"}, "actor"),
    ("POST", "patterns/p/automation", {"forbidden": True, "actor": "bob"}, "actor"),
    ("POST", "patterns/p/name", {"name": "x", "actor": "bob"}, "actor"),
    ("POST", "patterns/p/merge", {"into": "q", "actor": "bob"}, "actor"),
    ("POST", "patterns/p/split", {"ticket_ids": ["N-7"], "actor": "bob"}, "actor"),
    ("PUT", "policies/network?author=bob", POLICY, "author"),
    ("POST", "policies?author=bob", {**POLICY, "name": "n", "category": "n"}, "author"),
    ("DELETE", "policies/network?author=bob", None, "author"),
    ("PUT", "notes/coverage?author=bob", {"text": "x"}, "author"),
    ("DELETE", "notes/coverage?author=bob", None, "author"),
]


@pytest.mark.parametrize(("method", "path", "body", "field"), ANOTHER_NAME)
def test_no_route_takes_another_name_than_the_logins(
    clients: Clients, method: str, path: str, body: Any, field: str
) -> None:
    told = is_problem(clients["admin"].request(method, f"{API}/{path}", json=body), 403)

    assert told["field"] == field


def test_every_name_that_a_body_or_a_query_can_hold_is_in_the_list_above() -> None:
    """Found in the OpenAPI document, so that a new one is not forgotten."""
    from tests.integration.access.test_table import DOCUMENT, ROUTES

    schemas = DOCUMENT["components"]["schemas"]
    names = {"actor", "author", "approver", "requester"}
    found = set()
    for route, told in ROUTES.items():
        reference = str(told.get("requestBody", ""))
        held = {p["name"] for p in told.get("parameters", []) if p["in"] == "query"}
        for name, schema in schemas.items():
            if f"schemas/{name}'" in reference:
                held |= schema.get("properties", {}).keys()
        found |= {(route, name) for name in held & names}
    tried = {(method, path.split("?")[0].split("/")[0], field) for method, path, _, field in ANOTHER_NAME}  # fmt: skip

    assert len(found) == len(ANOTHER_NAME) + 2  # approving and executing have tests of their own
    assert {
        (route.split()[0], route.split()[1].removeprefix(f"{API}/").split("/")[0], name)
        for route, name in found
        if name != "approver"
    } == tried


def test_feedback_is_counted_for_whoever_is_logged_in(clients: Clients) -> None:
    submitted(clients["operator"], "N-8")
    word = {"ticket_id": "N-8", "feedback_type": "positive"}
    first = clients["operator"].post(f"{API}/feedback", json=word).json()
    again = clients["operator"].post(f"{API}/feedback", json={**word, "author": "operator"}).json()
    other = clients["approver"].post(f"{API}/feedback", json=word).json()

    assert [one["replaced"] for one in (first, again, other)] == [False, True, False]


def test_stopping_takes_less_than_going_on(clients: Clients) -> None:
    stop, go = {"on": True, "reason": "drill"}, {"on": False}
    is_problem(clients["viewer"].post(f"{API}/kill-switch", json=stop), 403)
    stopped = clients["operator"].post(f"{API}/kill-switch", json=stop).json()
    told = is_problem(clients["operator"].post(f"{API}/kill-switch", json=go), 403)
    still = clients["viewer"].get(f"{API}/kill-switch").json()
    going = clients["approver"].post(f"{API}/kill-switch", json=go).json()

    assert (stopped["on"], stopped["actor"]) == (True, "operator")
    assert told["permission"] == "kill_switch.off"
    assert still["on"] is True
    assert (going["on"], going["actor"]) == (False, "approver")


def test_nobody_gets_the_answer_to_somebody_elses_request(clients: Clients) -> None:
    key, body = {"Idempotency-Key": "same"}, {"ticket_id": "N-9", "description": "x"}
    first = clients["operator"].post(f"{API}/tickets", json=body, headers=key)
    again = clients["operator"].post(f"{API}/tickets", json=body, headers=key)
    other = clients["approver"].post(f"{API}/tickets", json=body, headers=key)

    assert (first.status_code, again.headers["Idempotency-Replayed"]) == (202, "true")
    is_problem(other, 409)
    assert "Idempotency-Replayed" not in other.headers


def test_a_stream_ends_before_the_first_event_that_its_reader_may_not_see(
    door: Door, clients: Clients
) -> None:
    asked(clients["operator"], "N-10", "port10")
    events = f"{API}/tickets/N-10/events"
    reader = made(clients["admin"], "reader", "viewer")
    headers = {"Authorization": f"Bearer {reader}"}
    seen: list[str] = []
    with httpx2.stream("GET", door.product.url + events, headers=headers, timeout=30) as stream:
        for line in stream.iter_lines():
            if not line.startswith("event: "):
                continue
            seen.append(line.removeprefix("event: "))
            if seen[-1] == "approval.requested":
                token_id = reader.split("_")[1]
                clients["admin"].delete(f"{API}/tokens/{token_id}").raise_for_status()
                approve(clients["approver"], "N-10").raise_for_status()
    whole = clients["viewer"].get(events).text

    assert seen[-1] == "approval.requested"
    assert "event: approval.given" in whole
    assert "event: end" in whole
