"""Tickets over the API: created once, found again, moved by hand along the allowed arrows only."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from tests.integration.api.product import is_problem, settled, submitted

PATH = "/api/v1/tickets"


def post(client: httpx2.Client, key: str | None = None, **body: Any) -> httpx2.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(PATH, json={"description": "x", **body}, headers=headers)


def test_the_same_ticket_again_is_the_same_ticket(client: httpx2.Client) -> None:
    first = post(client, ticket_id="T-same")
    settled(client, "T-same")
    again = post(client, ticket_id="T-same")

    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json()["status"] == "proposed"


def test_other_content_under_the_same_id_is_a_conflict_that_shows_the_difference(
    client: httpx2.Client,
) -> None:
    post(client, ticket_id="T-other", title="one")
    told = is_problem(post(client, ticket_id="T-other", title="two", category="storage"), 409)

    assert told["differences"] == {
        "title": {"stored": "one", "sent": "two"},
        "category": {"stored": "general", "sent": "storage"},
    }
    assert settled(client, "T-other")["title"] == "one"


def test_the_same_ticket_sent_by_many_at_once_is_created_once(client: httpx2.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: post(client, ticket_id="T-many").status_code, range(16)))
    logs = client.get(f"{PATH}/T-many/remediation-logs").json()["logs"]

    assert sorted(codes) == [200] * 15 + [202]
    assert [record["kind"] for record in logs].count("ticket.received") == 1


def test_a_key_gives_the_same_answer_again(client: httpx2.Client) -> None:
    first = post(client, "k-1", ticket_id="T-key")
    settled(client, "T-key")
    again = post(client, "k-1", ticket_id="T-key")

    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers


def test_a_key_with_another_body_is_refused(client: httpx2.Client) -> None:
    post(client, "k-2", ticket_id="T-key-2")

    is_problem(post(client, "k-2", ticket_id="T-key-3"), 409)
    is_problem(client.get(f"{PATH}/T-key-3"), 404)


def test_a_new_key_with_a_known_ticket_says_that_it_is_known(client: httpx2.Client) -> None:
    post(client, "k-3", ticket_id="T-key-4")

    assert post(client, "k-4", ticket_id="T-key-4").status_code == 200


def test_a_key_is_free_again_after_a_request_that_failed(client: httpx2.Client) -> None:
    post(client, ticket_id="T-key-5", title="one")
    is_problem(post(client, "k-5", ticket_id="T-key-5", title="two"), 409)

    assert post(client, "k-5", ticket_id="T-key-6").status_code == 202


def test_one_key_used_by_many_at_once_does_its_work_once(client: httpx2.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(client, "k-6", ticket_id="T-key-7"), range(16)))

    assert {answer.status_code for answer in answers} <= {202, 503}
    assert sum("Idempotency-Replayed" not in a.headers for a in answers if a.is_success) == 1
    assert all(a.headers["Retry-After"] == "1" for a in answers if a.status_code == 503)
    assert post(client, "k-6", ticket_id="T-key-7").status_code == 202


def test_a_key_is_for_one_path_only(client: httpx2.Client) -> None:
    submitted(client, "T-key-8")
    feedback = {"ticket_id": "T-key-8", "feedback_type": "neutral"}
    first = post(client, "k-7", ticket_id="T-key-9")
    other = client.post("/api/v1/feedback", json=feedback, headers={"Idempotency-Key": "k-7"})

    assert (first.status_code, other.status_code) == (202, 201)


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_has_a_length(client: httpx2.Client, key: str) -> None:
    headers = {"Idempotency-Key": key}
    told = is_problem(
        client.post(PATH, json={"ticket_id": "T-k", "description": "x"}, headers=headers), 422
    )

    assert "idempotency-key" in told["errors"]


def test_automation_is_off_unless_it_is_asked_for(client: httpx2.Client) -> None:
    assert post(client, ticket_id="T-off").json()["auto_remediation_enabled"] is False


def test_a_ticket_can_be_closed_by_hand_with_a_resolution(client: httpx2.Client) -> None:
    submitted(client, "T-close")
    body = {"status": "resolved", "resolution": "Rebooted it.", "actor": "ann"}
    closed = client.patch(f"{PATH}/T-close", json=body)
    logs = client.get(f"{PATH}/T-close/remediation-logs").json()["logs"]

    assert closed.status_code == 200
    assert (closed.json()["status"], closed.json()["resolution"]) == ("resolved", "Rebooted it.")
    assert closed.json()["closed_at"] is not None
    assert any(r["kind"] == "ticket.changed" and r["actor"] == "ann" for r in logs)


def test_what_is_resolved_stays_resolved(client: httpx2.Client) -> None:
    submitted(client, "T-done")
    client.patch(f"{PATH}/T-done", json={"status": "resolved"}).raise_for_status()
    is_problem(client.patch(f"{PATH}/T-done", json={"status": "failed"}), 409)

    assert settled(client, "T-done")["status"] == "resolved"


def test_a_proposed_ticket_was_not_remediated_so_not_partially_either(
    client: httpx2.Client,
) -> None:
    submitted(client, "T-part")

    is_problem(client.patch(f"{PATH}/T-part", json={"status": "partially_remediated"}), 409)


@pytest.mark.parametrize(
    "state", ["remediating", "processing", "received", "ambiguous", "nonsense"]
)
def test_a_person_cannot_set_a_state_that_only_the_product_sets(
    client: httpx2.Client, state: str
) -> None:
    submitted(client, "T-state")
    told = is_problem(client.patch(f"{PATH}/T-state", json={"status": state}), 422)

    assert "status" in told["errors"]


def test_a_rejected_ticket_can_still_be_resolved(client: httpx2.Client) -> None:
    submitted(client, "T-back")
    client.patch(f"{PATH}/T-back", json={"status": "rejected"}).raise_for_status()

    assert (
        client.patch(f"{PATH}/T-back", json={"status": "resolved"}).json()["status"] == "resolved"
    )


def test_an_unknown_ticket_is_not_found_anywhere(client: httpx2.Client) -> None:
    for answer in (
        client.get(f"{PATH}/T-none"),
        client.patch(f"{PATH}/T-none", json={"status": "resolved"}),
        client.get(f"{PATH}/T-none/remediation-logs"),
        client.get(f"{PATH}/T-none/events"),
    ):
        told = is_problem(answer, 404)

        assert told["detail"] == "There is no ticket T-none."
