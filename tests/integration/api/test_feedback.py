"""Feedback over the API: one word per person and ticket, and only what makes sense."""

from typing import Any

import httpx2
import pytest
from tests.integration.api.product import is_problem, submitted

PATH = "/api/v1/feedback"


def give(client: httpx2.Client, ticket_id: str, **fields: Any) -> httpx2.Response:
    return client.post(PATH, json={"ticket_id": ticket_id, "feedback_type": "positive", **fields})


def test_a_second_word_of_the_same_person_replaces_the_first(client: httpx2.Client) -> None:
    submitted(client, "F-1", category="f-1")
    first = give(client, "F-1", author="ann", rating=5).json()
    second = give(client, "F-1", author="ann", feedback_type="negative", rating=1).json()
    pattern = client.get("/api/v1/patterns", params={"category": "f-1"}).json()["items"][0]

    assert (first["replaced"], second["replaced"]) == (False, True)
    assert second["reliability_score"] < first["reliability_score"]
    assert pattern["feedback"] == {"positive": 0, "neutral": 0, "negative": 1}


def test_blanks_around_a_name_make_no_second_person(client: httpx2.Client) -> None:
    submitted(client, "F-2", category="f-2")
    give(client, "F-2", author="ann")

    assert give(client, "F-2", author=" ann ").json()["replaced"] is True


def test_words_of_two_people_both_count(client: httpx2.Client) -> None:
    submitted(client, "F-3", category="f-3")
    give(client, "F-3", author="ann")
    give(client, "F-3", author="ben", feedback_type="neutral")
    pattern = client.get("/api/v1/patterns", params={"category": "f-3"}).json()["items"][0]

    assert pattern["feedback"] == {"positive": 1, "neutral": 1, "negative": 0}
    assert pattern["positive_feedback_rate"] == 0.5


def test_praise_for_actions_that_did_not_work_is_neutral(client: httpx2.Client) -> None:
    submitted(client, "F-4", category="f-4")
    give(client, "F-4", actions_worked=False)
    pattern = client.get("/api/v1/patterns", params={"category": "f-4"}).json()["items"][0]

    assert pattern["feedback"] == {"positive": 0, "neutral": 1, "negative": 0}


def test_feedback_on_an_unknown_ticket_is_not_found(client: httpx2.Client) -> None:
    is_problem(give(client, "F-none"), 404)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rating", 0),
        ("rating", 6),
        ("rating", 4.5),
        ("rating", "many"),
        ("feedback_type", "splendid"),
        ("feedback_type", None),
        ("time_to_resolve", -1),
        ("was_helpful", "perhaps"),
        ("author", "  "),
        ("comment", "x" * 20_001),
        ("actual_actions_taken", "restart"),
        ("stars", 5),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    client: httpx2.Client, field: str, value: object
) -> None:
    submitted(client, "F-5", category="f-5")
    told = is_problem(give(client, "F-5", **{field: value}), 422)

    assert list(told["errors"]) == [field]


@pytest.mark.parametrize(
    "taken",
    [
        pytest.param("[1e999]", id="infinity"),
        pytest.param("[NaN]", id="nan"),
        pytest.param('["\\ud800"]', id="half-a-character"),
        pytest.param('[{"\\udfff": 1}]', id="half-a-character-in-a-key"),
        pytest.param("[" * 300 + "]" * 300, id="deep"),
        pytest.param('{"a":' * 300 + "1" + "}" * 300, id="deep-object"),
    ],
)
@pytest.mark.parametrize("key", [None, "one"])
def test_actions_that_cannot_be_stored_are_refused(
    client: httpx2.Client, taken: str, key: str | None
) -> None:
    submitted(client, "F-6", category="f-6")
    body = '{"ticket_id":"F-6","feedback_type":"neutral","actual_actions_taken":' + taken + "}"
    headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})}
    told = is_problem(client.post(PATH, content=body, headers=headers), 422)

    assert "actual_actions_taken" in told["errors"]


def test_any_other_json_is_kept_as_an_action(client: httpx2.Client) -> None:
    submitted(client, "F-7", category="f-7")
    taken = ["restart", {"step": 1, "text": "\x00 \\u0000 💥"}, None, 10**30]
    give(client, "F-7", actual_actions_taken=taken).raise_for_status()
    logs = client.get("/api/v1/tickets/F-7/remediation-logs").json()["logs"]
    given = next(r["body"] for r in logs if r["kind"] == "feedback.given")

    assert given["request"]["actual_actions_taken"] == taken


def test_feedback_under_a_key_is_given_once(client: httpx2.Client) -> None:
    submitted(client, "F-8", category="f-8")
    body = {"ticket_id": "F-8", "feedback_type": "positive"}
    first = client.post(PATH, json=body, headers={"Idempotency-Key": "f"})
    again = client.post(PATH, json=body, headers={"Idempotency-Key": "f"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


def test_what_people_say_helped_is_shown_with_the_pattern(client: httpx2.Client) -> None:
    for number, author in ((1, "ann"), (2, "ben")):
        submitted(client, f"F-R{number}", category="f-remedy")
        told = f"Reseated the optics of sw{number}."
        give(client, f"F-R{number}", author=author, actual_resolution=told)
    pattern = client.get("/api/v1/patterns", params={"category": "f-remedy"}).json()["items"][0]
    [remedy] = client.get(f"/api/v1/patterns/{pattern['pattern_id']}").json()["remedies"]

    assert remedy == {
        "text": "Reseated the optics of sw1.",
        "operations": [],
        "people": 2,
        "tickets": 2,
        "confirmed": True,
    }
