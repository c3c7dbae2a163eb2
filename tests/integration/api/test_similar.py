"""Similar tickets, categories and runbooks over the API, in a running product."""

import httpx2
import pytest
from tests.integration.api.product import is_problem, until

TICKETS = "/api/v1/tickets"


def send(
    client: httpx2.Client, name: str, title: str, text: str, category: str = "general"
) -> None:
    body = {"ticket_id": name, "title": title, "description": text, "category": category}
    client.post(TICKETS, json=body).raise_for_status()


def like(client: httpx2.Client, name: str) -> list[dict]:
    """The answer, once there is one: a worker takes in what came a moment ago."""
    return until(lambda: client.get(f"{TICKETS}/{name}/similar").json()["items"], bool)


def test_a_ticket_is_told_which_ones_are_like_it_and_why(client: httpx2.Client):
    send(client, "SIM-1", "Zeppelin hangar door jammed", "The hangar door does not open.")
    send(client, "SIM-2", "Cafeteria is out of coffee", "No beans are left.")
    send(client, "SIM-3", "Hangar door", "The door of the zeppelin hangar is stuck again.")
    [first] = like(client, "SIM-3")

    assert first["ticket_id"] == "SIM-1"
    assert {"hangar", "door", "zeppelin"} <= {word.lower() for word in first["words"]}
    assert 0 < first["score"] <= 1
    assert client.get(first["url"]).json()["title"] == "Zeppelin hangar door jammed"


def test_any_text_may_ask(client: httpx2.Client):
    send(client, "SIM-4", "Periscope lens cracked", "It leaks.")
    query = {"text": "cracked lens\nof the periscope", "limit": 1}
    items = until(lambda: client.get("/api/v1/similar", params=query).json()["items"], bool)

    assert [item["ticket_id"] for item in items] == ["SIM-4"]


def test_a_category_is_suggested_once_it_was_learned(client: httpx2.Client):
    for number in range(12):
        send(client, f"CAT-{number}", "gondola rope frayed", "The rope of the gondola is thin.", "ropeway")  # fmt: skip
        send(client, f"DOG-{number}", "kennel heater cold", "The heater of the kennel is off.", "animals")  # fmt: skip
    send(client, "CAT-X", "frayed rope", "A gondola's rope is thin.")
    send(client, "CAT-Y", "gondola rope frayed", "The rope of the gondola is thin.", "ropeway")
    answer = until(
        lambda: client.get(f"{TICKETS}/CAT-X/category").json(), lambda found: found["suggested"]
    )

    assert (answer["category"], answer["suggested"]) == ("general", "ropeway")
    assert 0.6 <= answer["probability"] <= 1
    assert client.get(f"{TICKETS}/CAT-X").json()["category"] == "general"
    assert client.get(f"{TICKETS}/CAT-Y/category").json()["suggested"] is None


def test_runbooks_are_found_for_a_ticket_and_for_a_text(client: httpx2.Client):
    send(client, "RUN-1", "Deployment has no pods", "The shop is scaled to zero replicas.")
    of_ticket = client.get(f"{TICKETS}/RUN-1/runbooks").json()["items"]
    of_text = client.get("/api/v1/runbooks", params={"text": "deployment scaled to zero", "limit": 1}).json()["items"]  # fmt: skip

    assert "deployment-at-zero" in [item["page"] for item in of_ticket]
    assert [item["page"] for item in of_text] == ["deployment-at-zero"]


@pytest.mark.parametrize("what", ["similar", "category", "runbooks"])
def test_an_unknown_ticket_is_a_problem(client: httpx2.Client, what: str):
    is_problem(client.get(f"{TICKETS}/NOBODY/{what}"), 404)


@pytest.mark.parametrize("query", [{}, {"text": ""}, {"text": "x" * 10_001}, {"text": "x", "limit": 0}, {"text": "x\x00"}])  # fmt: skip
def test_a_wrong_question_is_told_what_is_wrong(client: httpx2.Client, query: dict):
    is_problem(client.get("/api/v1/similar", params=query), 422)
    is_problem(client.get("/api/v1/runbooks", params=query), 422)


@pytest.mark.parametrize("text", ["%", "'; DROP TABLE tickets; --", "𝔘𝔫𝔦", "   ", "\n\n"])
def test_any_text_is_a_question(client: httpx2.Client, text: str):
    assert client.get("/api/v1/similar", params={"text": text}).status_code == 200
    assert client.get("/api/v1/runbooks", params={"text": text}).status_code == 200
