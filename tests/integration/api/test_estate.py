"""The estate over the API: surveys, resources, facts back to the raw answer, changes, relations."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import httpx2
import pytest
from tests.integration.api.product import Product, is_problem
from tests.integration.api.surveyed import CONNECTIONS, finished, surveyed

PORT = "network:fabric:interface:sw1/eth1"
API = "/api/v1"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with surveyed(tmp_path_factory.mktemp("product")) as started:
        yield started
        assert "Traceback" not in started.errors.read_text(encoding="utf-8")


def test_a_resource_is_found_by_its_id_as_it_is_pasted(client: httpx2.Client) -> None:
    pasted = client.get(f"{API}/resources/{PORT}")
    encoded = client.get(f"{API}/resources/{quote(PORT, safe='')}")

    assert pasted.status_code == 200
    assert pasted.json() == encoded.json()
    assert pasted.json()["name_fact"] == f"{PORT}#_name@1"


def test_every_fact_of_a_resource_leads_to_its_call_and_its_raw_answer(
    client: httpx2.Client,
) -> None:
    resource = client.get(f"{API}/resources/{PORT}").json()
    ids = [fact["id"] for fact in resource["facts"]]
    ids += [resource["name_fact"], resource["parent_fact"]]
    for fact_id in ids:
        fact = client.get(f"{API}/facts/{quote(fact_id)}").json()
        raw = client.get(fact["source"]["payload"])
        assert client.get(fact["resource"]).json()["id"] == PORT
        assert (fact["source"]["connection"], fact["until"], fact["survey"]) == ("fabric", None, 1)
        assert raw.json()["sha256"] == fact["source"]["payload_sha256"]
        assert "admin_state" in raw.json()["body"]

    assert len(ids) > 20


def test_lists_are_filtered_and_have_cursors_of_their_own(client: httpx2.Client) -> None:
    ids, cursor = [], None
    while cursor is not None or not ids:
        query = {"connection": "fabric", "kind": "interface", "limit": 7, "cursor": cursor}
        page = client.get(f"{API}/resources", params={k: v for k, v in query.items() if v}).json()
        ids += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    named = client.get(
        f"{API}/resources", params={"name": "SW1 ETH", "platform": "network"}
    ).json()
    inside = client.get(f"{API}/resources", params={"parent": "network:fabric:device:sw1"}).json()

    assert ids == sorted(ids)
    assert len(ids) == len(set(ids)) > 10
    assert {one["name"][:7] for one in named["items"]} == {"sw1 eth"}
    assert PORT in [one["id"] for one in inside["items"]]
    assert client.get(f"{API}/resources", params={"vanished": True}).json()["items"] == []
    assert is_problem(client.get(f"{API}/resources", params={"cursor": "x"}), 422)


def test_relations_name_both_ends_and_their_proof(client: httpx2.Client) -> None:
    relations = client.get(f"{API}/resources/{PORT}/relations").json()["items"]

    assert relations == [
        {
            "rule": "part_of",
            "words": "is part of",
            "left": PORT,
            "right": "network:fabric:device:sw1",
            "proofs": [f"{PORT}#_parent@1"],
        }
    ]
    assert client.get(f"{API}/crowds").json() == {"items": [], "next_cursor": None}


def test_history_and_changes_tell_what_the_first_survey_found(client: httpx2.Client) -> None:
    history = client.get(f"{API}/resources/{PORT}/history").json()["items"]
    changes = client.get(f"{API}/changes", params={"resource_id": PORT}).json()["items"]
    none = client.get(f"{API}/changes", params={"until": "2020-01-01T00:00:00Z"}).json()["items"]

    assert history == changes
    assert [(one["kind"], one["survey"]) for one in history] == [("appeared", 1)]
    assert none == []


def test_any_time_can_be_asked(client: httpx2.Client) -> None:
    seen_at = client.get(f"{API}/resources/{PORT}").json()["first_seen_at"]
    then = client.get(f"{API}/resources/{PORT}", params={"at": seen_at})
    before = client.get(f"{API}/resources/{PORT}", params={"at": "2020-01-01T00:00:00Z"})

    assert then.status_code == 200
    assert is_problem(before, 404)
    assert is_problem(client.get(f"{API}/resources", params={"at": "2020-01-01T00:00:00"}), 422)


def test_a_survey_is_begun_and_followed_to_its_end(client: httpx2.Client) -> None:
    body = {"connections": ["fabric"], "requester": "rita"}
    headers = {"Idempotency-Key": "one"}
    begun = client.post(f"{API}/surveys", json=body, headers=headers)
    repeated = client.post(f"{API}/surveys", json=body, headers=headers)
    number = begun.json()["number"]
    with client.stream("GET", f"{API}/surveys/{number}/events") as stream:
        lines = [line for line in stream.iter_lines() if line.startswith(("event", "data"))]
    events = [line.partition(": ")[2] for line in lines]
    survey = finished(client, number)

    assert begun.status_code == 202
    assert repeated.json() == begun.json()
    assert events[0::2] == ["covered", "end"]
    assert json.loads(events[3])["number"] == number
    assert survey == client.get(f"{API}/surveys").json()["items"][0]
    assert is_problem(client.get(f"{API}/surveys/999"), 404)
    assert is_problem(client.post(f"{API}/surveys", json={"connections": ["nobody"]}), 422)


def test_coverage_tells_how_each_connection_was_read(client: httpx2.Client) -> None:
    coverage = client.get(f"{API}/coverage").json()["items"]

    assert [(one["connection"], one["state"]) for one in coverage] == [
        (name, "complete") for name in sorted(CONNECTIONS)
    ]
    assert all(one["read_at"] for one in coverage)


def test_where_nothing_is_doubted_nothing_is_accepted(client: httpx2.Client) -> None:
    answer = client.post(f"{API}/connections/fabric/accept-vanished", json={"actor": "rita"})

    assert answer.json() == {"connection": "fabric", "vanished": 0}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/resources/network:fabric:interface:nobody", 404),
        ("/resources/nonsense", 404),
        ("/facts/nonsense", 422),
        (f"/facts/{quote(PORT)}%23admin_state%4099", 404),
        ("/facts/a:b:c:d%23x%401", 404),
        ("/payloads/nonsense", 422),
        (f"/payloads/{'0' * 64}", 404),
        ("/surveys/0", 422),
    ],
)
def test_what_is_not_there_is_told(client: httpx2.Client, path: str, status: int) -> None:
    assert is_problem(client.get(f"{API}{path}"), status)


def test_the_metrics_tell_of_surveys(client: httpx2.Client) -> None:
    text = client.get("/metrics").text

    assert 'datacenter_docs_resources{platform="network"}' in text
    assert 'datacenter_docs_connection_age_seconds{connection="arrays"}' in text


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("net:of/history", "net:of"),
        ("net:of/relations", "net:of"),
        ("net:of%2Fhistory", "net:of/history"),
        ("net:of%2Frelations", "net:of/relations"),
        ("net:of%2Fhistory/history", "net:of/history"),
        ("net:of/relations/relations", "net:of/relations"),
        ("net%3Aof%2Frelations/history", "net:of/relations"),
    ],
)
def test_an_id_may_end_like_a_word_of_the_api(client, path: str, asked: str) -> None:
    told = is_problem(client.get(f"{API}/resources/network:fabric:{path}"), 404)

    assert told["detail"] == f"No survey has seen network:fabric:{asked}."
