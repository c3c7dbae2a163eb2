"""People put patterns right over the API, on a real database."""

import httpx2
from tests.integration.api.product import is_problem, submitted

PATH = "/api/v1/patterns"


def pattern_of(client: httpx2.Client, ticket_id: str, told: str, category: str = "curated") -> str:
    submitted(client, ticket_id, title=told, description="see the title", category=category)
    return str(client.get(f"/api/v1/tickets/{ticket_id}").json()["pattern_id"])


def change(client: httpx2.Client, pattern_id: str, what: str, **body: object) -> httpx2.Response:
    return client.post(f"{PATH}/{pattern_id}/{what}", json={"actor": "ada", **body})


def test_merged_split_and_named_patterns_are_what_the_next_ticket_meets(client: httpx2.Client):
    down = pattern_of(client, "P-1", "the uplink of the hall is down")
    dark = pattern_of(client, "P-2", "no light on the fibre")
    named = change(client, down, "name", name="Uplinks").json()
    kept = change(client, dark, "merge", into=down).json()

    assert (named["name"], kept["pattern_id"], kept["occurrence_count"]) == ("Uplinks", down, 2)
    assert client.get(f"{PATH}/{dark}").json()["merged_into"] == down
    assert pattern_of(client, "P-3", "no light on the fibre") == down
    listed = client.get(PATH, params={"category": "curated"}).json()["items"]
    assert [one["pattern_id"] for one in listed] == [down]

    made = change(client, down, "split", ticket_ids=["P-2", "P-3"]).json()
    assert made["occurrence_count"] == 2
    assert pattern_of(client, "P-4", "no light on the fibre") == made["pattern_id"]
    assert pattern_of(client, "P-5", "the uplink of the hall is down") == down


def test_what_makes_no_sense_is_a_problem(client: httpx2.Client):
    one = pattern_of(client, "P-6", "the badge reader blinks", "badges")
    other = pattern_of(client, "P-7", "the tape robot is stuck", "tapes")

    is_problem(change(client, one, "merge", into=one), 422)
    is_problem(change(client, one, "merge", into=other), 422)
    is_problem(change(client, one, "merge", into="pat-unknown"), 404)
    is_problem(change(client, one, "split", ticket_ids=["P-6"]), 422)
    is_problem(change(client, one, "split", ticket_ids=["P-7"]), 422)
    is_problem(change(client, one, "split", ticket_ids=[]), 422)
    is_problem(change(client, one, "name", name=""), 422)
    assert change(client, one, "name", name=None).json()["name"] is None
