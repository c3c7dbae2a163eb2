"""Policies over the API: made, changed, read back in every version, and refused with a sentence."""

from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from tests.integration.api.product import is_problem

PATH = "/api/v1/policies"


def make(client: httpx2.Client, called: str, **fields: Any) -> httpx2.Response:
    return client.post(PATH, json={"name": called, "category": called, **fields})


def test_a_new_policy_is_version_one(client: httpx2.Client) -> None:
    made = client.post(PATH, params={"author": "ann"}, json={"name": "new", "category": "new"})

    assert made.status_code == 201
    assert (made.json()["version"], made.json()["author"]) == (1, "ann")
    assert made.json()["deleted"] is False


def test_the_same_policy_again_changes_nothing(client: httpx2.Client) -> None:
    first = make(client, "same").json()

    assert make(client, "same").json() == first


def test_another_policy_of_the_same_name_is_a_conflict_that_shows_the_difference(
    client: httpx2.Client,
) -> None:
    make(client, "taken", max_actions_per_hour=1)
    told = is_problem(make(client, "taken", max_actions_per_hour=2), 409)

    assert told["differences"] == {"max_actions_per_hour": {"stored": 1, "sent": 2}}


def test_a_category_has_one_enabled_policy(client: httpx2.Client) -> None:
    make(client, "one", category="shared").raise_for_status()
    is_problem(make(client, "two", category="shared"), 409)
    is_problem(make(client, "two", category=" SHARED "), 409)

    assert make(client, "two", category="shared", enabled=False).status_code == 201


def test_a_change_is_the_next_version_and_the_old_one_stays(client: httpx2.Client) -> None:
    make(client, "change", max_actions_per_hour=1)
    body = {"name": "change", "category": "change", "max_actions_per_hour": 2}
    changed = client.put(f"{PATH}/change", json=body).json()
    again = client.put(f"{PATH}/change", json=body).json()
    old = client.get(f"{PATH}/change", params={"version": 1}).json()

    assert changed["version"] == again["version"] == 2
    assert changed["content_hash"] != old["content_hash"]
    assert old["policy"]["max_actions_per_hour"] == 1
    assert client.get(f"{PATH}/change").json() == changed


def test_put_makes_a_policy_that_is_not_there(client: httpx2.Client) -> None:
    body = {"name": "put", "category": "put"}

    assert client.put(f"{PATH}/put", json=body).json()["version"] == 1


def test_a_body_that_names_another_policy_is_refused(client: httpx2.Client) -> None:
    told = is_problem(client.put(f"{PATH}/this", json={"name": "that", "category": "c"}), 422)

    assert told["errors"] == {"name": "must be this"}


def test_a_deleted_policy_is_gone_and_its_versions_are_readable(client: httpx2.Client) -> None:
    make(client, "gone")
    assert client.delete(f"{PATH}/gone", params={"author": "ann"}).status_code == 204
    versions = client.get(f"{PATH}/gone/versions").json()["items"]

    is_problem(client.get(f"{PATH}/gone"), 404)
    assert [v["deleted"] for v in versions] == [True, False]
    assert versions[0]["author"] == "ann"
    assert "gone" not in [p["name"] for p in client.get(PATH).json()["items"]]
    assert make(client, "gone").json()["version"] == 3


def test_a_policy_that_is_not_there_is_not_found(client: httpx2.Client) -> None:
    is_problem(client.get(f"{PATH}/none"), 404)
    is_problem(client.get(f"{PATH}/none/versions"), 404)
    is_problem(client.delete(f"{PATH}/none"), 404)
    make(client, "young")
    is_problem(client.get(f"{PATH}/young", params={"version": 2}), 404)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("time_zone", ""),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "x" * 100_000),
        ("allowed_hours_start", 25),
        ("allowed_hours_start", -1),
        ("allowed_hours_end", 6.5),
        ("allowed_days", ["caturday"]),
        ("min_confidence_score", 1.1),
        ("min_confidence_score", 85),
        ("min_reliability_score", 101),
        ("auto_approve_threshold", -1),
        ("max_actions_per_hour", -1),
        ("max_actions_per_hour", 10**30),
        ("allowed_action_types", ["dangerous"]),
        ("forbidden_commands", ["***"]),
        ("approvers", [""]),
        ("approvers", ["a\x00"]),
        ("approval_timeout_seconds", 0),
        ("requires_approvals", True),
        ("name", "a/b"),
        ("name", ".."),
        ("name", ""),
        ("name", "x" * 201),
        ("category", "  "),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_by_field(
    client: httpx2.Client, field: str, value: object
) -> None:
    told = is_problem(make(client, "wrong", **{field: value}), 422)

    assert [name.split(".")[0] for name in told["errors"]] == [field]
    assert len(told["detail"]) < 500


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_threshold_is_a_number(client: httpx2.Client, number: str) -> None:
    body = '{"name":"nan","category":"nan","min_reliability_score":' + number + "}"
    headers = {"Content-Type": "application/json"}
    told = is_problem(client.post(PATH, content=body, headers=headers), 422)

    assert list(told["errors"]) == ["min_reliability_score"]


def test_all_wrong_fields_are_told_at_once(client: httpx2.Client) -> None:
    told = is_problem(make(client, "many", time_zone="x", allowed_hours_end=99, nonsense=1), 422)

    assert set(told["errors"]) == {"time_zone", "allowed_hours_end", "nonsense"}


@pytest.mark.parametrize("name", ["with blank", "50%", "ünï", "a?b#c", "💥", "a.b", "q&a=1"])
def test_a_name_of_any_characters_can_be_found_again(client: httpx2.Client, name: str) -> None:
    make(client, name).raise_for_status()
    listed = client.get(PATH, params={"limit": 500}).json()["items"]
    found = next(policy for policy in listed if policy["name"] == name)

    assert client.get(f"{PATH}/{quote(name, safe='')}").json() == found
