"""Every list over the API: complete, without doubles, in order, with cursors that only fit their own list."""

from typing import Any

import httpx2
import pytest
from tests.integration.api.product import is_problem, submitted, until_state

COUNT = 25
ESTATE = "connections:\n" + "".join(
    f"  - {{name: nobody-{number:02}, platform: storage, transport: http, "
    f"url: 'http://127.0.0.1:9/{number}'}}\n"
    for number in range(5)
)
LISTS = [
    "/api/v1/tickets",
    "/api/v1/patterns",
    "/api/v1/policies",
    "/api/v1/policies/policy-07/versions",
    "/api/v1/audit",
    "/api/v1/tickets/L-07/remediation-logs",
    "/api/v1/connections",
]


@pytest.fixture(scope="module", autouse=True)
def filled(client: httpx2.Client) -> None:
    """Tickets of different words (so that each is a pattern), policies, and versions of one policy."""
    for number in range(COUNT):
        name = f"{number:02}"
        words = f"gadget{chr(97 + number) * 5} of zone{chr(97 + number) * 4} {name} broke"
        body = {"ticket_id": f"L-{name}", "description": words, "category": f"kind-{name}"}
        client.post("/api/v1/tickets", json=body).raise_for_status()
        policy = {"name": f"policy-{name}", "category": f"kind-{name}", "enabled": number % 2 == 0}
        client.post("/api/v1/policies", json=policy).raise_for_status()
    for number in range(COUNT):
        policy = {"name": "policy-07", "category": "kind-07", "max_actions_per_hour": number}
        client.put("/api/v1/policies/policy-07", json=policy).raise_for_status()
    for number in range(COUNT):
        until_state(client, f"L-{number:02}", lambda state: state == "proposed")


def whole(client: httpx2.Client, path: str, limit: int, **query: Any) -> list[dict[str, Any]]:
    """All items, page by page; fails when a page is longer than asked."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = client.get(path, params={"limit": limit, **query, **cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items = page["logs"] if "logs" in page else page["items"]
        assert len(items) <= limit
        found += items
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 7])
def test_small_pages_and_one_big_page_show_the_same(
    client: httpx2.Client, path: str, limit: int
) -> None:
    big = whole(client, path, 500)

    assert whole(client, path, limit) == big
    assert len({str(item) for item in big}) == len(big)
    assert len(big) >= 4


def test_tickets_are_listed_newest_first(client: httpx2.Client) -> None:
    found = [item["ticket_id"] for item in whole(client, "/api/v1/tickets", 10)]

    assert found == [f"L-{number:02}" for number in reversed(range(COUNT))]


def test_versions_are_listed_newest_first(client: httpx2.Client) -> None:
    found = whole(client, "/api/v1/policies/policy-07/versions", 10)
    versions = [item["version"] for item in found]

    assert versions == sorted(versions, reverse=True)
    assert versions[-1] == 1
    assert len(versions) > 20


def test_the_journal_is_listed_oldest_first_without_a_gap(client: httpx2.Client) -> None:
    found = [item["seq"] for item in whole(client, "/api/v1/audit", 100)]

    assert found == list(range(1, len(found) + 1))


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("other", LISTS)
def test_a_cursor_of_another_list_is_refused(client: httpx2.Client, path: str, other: str) -> None:
    journal = {"/api/v1/audit", "/api/v1/tickets/L-07/remediation-logs"}
    if path == other or {path, other} == journal:  # one sequence of records: its cursors fit both
        return
    cursor = client.get(other, params={"limit": 1}).json()["next_cursor"]
    assert cursor
    told = is_problem(client.get(path, params={"cursor": cursor}), 422)

    assert "cursor" in told["errors"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "cursor", ["x", "-1", "0x10", "²", "%00", "a" * 999, "W10", "bnVsbA", "💥"]
)
def test_an_invented_cursor_is_refused(client: httpx2.Client, path: str, cursor: str) -> None:
    told = is_problem(client.get(path, params={"cursor": cursor}), 422)

    assert "cursor" in told["errors"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", ["0", "-1", "501", "x", "1.5", "9" * 40])
def test_a_limit_is_between_1_and_500(client: httpx2.Client, path: str, limit: str) -> None:
    told = is_problem(client.get(path, params={"limit": limit}), 422)

    assert "limit" in told["errors"]


def test_tickets_are_filtered_by_state_category_and_pattern(client: httpx2.Client) -> None:
    one = client.get("/api/v1/tickets/L-03").json()

    def ids(**query: str) -> list[str]:
        return [item["ticket_id"] for item in whole(client, "/api/v1/tickets", 5, **query)]

    assert len(ids(status="proposed")) == COUNT
    assert ids(status="resolved") == []
    assert ids(category="kind-03") == ["L-03"]
    assert ids(category=" KIND-03 ") == ["L-03"]
    assert ids(pattern_id=one["pattern_id"]) == ["L-03"]
    assert ids(category="kind-03", status="failed") == []


def test_patterns_are_filtered_by_category_and_occurrences(client: httpx2.Client) -> None:
    assert len(whole(client, "/api/v1/patterns", 500, category="kind-03")) == 1
    assert whole(client, "/api/v1/patterns", 500, min_occurrences=2) == []


def test_the_journal_is_filtered_by_ticket_and_kind(client: httpx2.Client) -> None:
    kinds = ["ticket.received", "ticket.decided"]
    found = whole(client, "/api/v1/audit", 3, kind=kinds, ticket_id="L-04")

    assert [record["kind"] for record in found] == kinds
    assert {record["ticket_id"] for record in found} == {"L-04"}


def test_one_pattern_can_be_read(client: httpx2.Client) -> None:
    pattern = client.get("/api/v1/patterns", params={"limit": 1}).json()["items"][0]

    alone = client.get(f"/api/v1/patterns/{pattern['pattern_id']}").json()

    assert isinstance(alone.pop("remedies"), list)
    assert alone == pattern
    is_problem(client.get("/api/v1/patterns/pat-none"), 404)


def test_a_person_forbids_a_pattern_and_allows_it_again(client: httpx2.Client) -> None:
    submitted(client, "L-forbid", category="forbid")
    pattern_id = client.get("/api/v1/tickets/L-forbid").json()["pattern_id"]
    path = f"/api/v1/patterns/{pattern_id}/automation"
    forbidden = client.post(path, json={"forbidden": True, "actor": "ann"}).json()
    allowed = client.post(path, json={"forbidden": False, "actor": "ann"}).json()

    assert (forbidden["automation_forbidden"], allowed["automation_forbidden"]) == (True, False)
    is_problem(client.post("/api/v1/patterns/pat-none/automation", json={"forbidden": True}), 404)
