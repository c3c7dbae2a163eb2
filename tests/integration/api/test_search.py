"""Search over the API, in a running product."""

from collections.abc import Iterator

import httpx2
import pytest
from tests.integration.api.product import Product, is_problem, until
from tests.integration.api.surveyed import surveyed

PORT = "network:fabric:interface:sw1/eth1"
SEARCH = "/api/v1/search"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with surveyed(tmp_path_factory.mktemp("product")) as started:
        yield started
        assert "Traceback" not in started.errors.read_text(encoding="utf-8")


def ask(client: httpx2.Client, q: str, **filters: object) -> dict:
    answer = client.get(SEARCH, params={"q": q, **filters})
    assert answer.status_code == 200, answer.text
    found: dict = answer.json()
    return found


def found(client: httpx2.Client, q: str, **filters: object) -> dict:
    """The answer, once there is one: a worker indexes what was surveyed or written a moment ago."""
    return until(lambda: ask(client, q, **filters), lambda answer: bool(answer["items"]))


def test_a_resource_is_found_by_its_name_and_read_at_its_url(client: httpx2.Client) -> None:
    first = found(client, "sw1 eth1")["items"][0]

    assert (first["kind"], first["id"], first["state"]) == ("resource", PORT, "present")
    assert client.get(first["url"]).json()["id"] == f"resource/{PORT}"


def test_a_snippet_marks_what_was_looked_for(client: httpx2.Client) -> None:
    hit = found(client, "admin state up", kind="resource")["items"][0]
    words = {hit["snippet"][start:end] for start, end in hit["marks"]}

    assert {"admin", "state", "up"} <= words


def test_tickets_notes_and_documents_are_found_too(client: httpx2.Client) -> None:
    ticket = {"ticket_id": "INC-77", "title": "Zebra is slow", "description": "It crawls."}
    client.post("/api/v1/tickets", json=ticket).raise_for_status()
    client.put(f"/api/v1/notes/resource/{PORT}", json={"owner": "Zebra team"}).raise_for_status()
    answer = until(lambda: ask(client, "zebra"), lambda answer: len(answer["items"]) == 2)
    section = found(client, "network", kind="document")["items"][0]

    assert [(hit["kind"], hit["id"]) for hit in answer["items"]] == [("ticket", "INC-77"), ("note", f"resource/{PORT}")]  # fmt: skip
    assert section["id"] == "network"
    for hit in (*answer["items"], section):
        assert client.get(hit["url"]).status_code == 200


def test_a_misspelt_name_is_put_right(client: httpx2.Client) -> None:
    found(client, "network")
    answer = ask(client, "netwrok", kind="document")

    assert answer["understood_as"] == "network"
    assert answer["items"]


def test_filters_and_cursors_work_together(client: httpx2.Client) -> None:
    found(client, "sw1 eth1")
    ids, cursor = [], None
    while cursor is not None or not ids:
        query = {"kind": "resource", "resource_kind": "interface", "connection": "fabric", "limit": 3, **({"cursor": cursor} if cursor else {})}  # fmt: skip
        page = ask(client, "sw1", **query)
        ids += [hit["id"] for hit in page["items"]]
        cursor = page["next_cursor"]

    assert len(ids) == len(set(ids)) > 3
    assert all(one.startswith("network:fabric:interface:") for one in ids)
    assert ask(client, "sw1", platform="storage", kind="resource")["items"] == []


@pytest.mark.parametrize(
    "query",
    [{}, {"q": ""}, {"q": "x" * 10_001}, {"q": "x\x00"}, {"q": "x", "kind": "thing"}, {"q": "x", "platform": "moon"}, {"q": "x", "cursor": "1"}, {"q": "x", "limit": 0}],
)  # fmt: skip
def test_a_wrong_question_is_told_what_is_wrong(client: httpx2.Client, query: dict) -> None:
    is_problem(client.get(SEARCH, params=query), 422)


@pytest.mark.parametrize("q", ['"', "a OR (", "* NEAR", "'; DROP TABLE findables; --", "%", "𝔘𝔫𝔦", "<script>"])  # fmt: skip
def test_any_text_is_a_question(client: httpx2.Client, q: str) -> None:
    assert ask(client, q)["cut"] is False


def test_a_rebuilt_index_finds_again(client: httpx2.Client) -> None:
    before = [hit["id"] for hit in found(client, "sw1 eth1")["items"]]
    assert client.post(f"{SEARCH}/rebuild").status_code == 204
    after = until(lambda: ask(client, "sw1 eth1")["items"], lambda hits: len(hits) >= len(before))

    assert {hit["id"] for hit in after} == set(before)
