"""Whatever is sent, the answer is a clear problem document, nothing is echoed, and nothing that was stored is lost."""

import json
from collections.abc import Iterator

import httpx2
import pytest
from tests.integration.api.product import is_problem, settled, submitted

TICKETS = "/api/v1/tickets"
JSON = {"Content-Type": "application/json"}
LIMIT = 1_048_576


def raw(client: httpx2.Client, body: bytes | str, **headers: str) -> httpx2.Response:
    return client.post(TICKETS, content=body, headers={**JSON, **headers})


def described(client: httpx2.Client, ticket_id: str, text: str) -> httpx2.Response:
    return client.post(TICKETS, json={"ticket_id": ticket_id, "description": text})


@pytest.mark.parametrize(
    "body",
    [
        "{",
        '{"ticket_id":',
        "{'ticket_id': 'x'}",
        '{"a":1}}',
        "hello",
        b"\xff\xfe\x00",
        b'{"ticket_id":"B-1","description":"\xff"}',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"description":' + "9" * 5_000 + "}",
    ],
    ids=range(10),
)
def test_what_is_not_json_is_a_bad_request(client: httpx2.Client, body: bytes | str) -> None:
    is_problem(raw(client, body), 400)


@pytest.mark.parametrize("body", ["[]", "null", '"text"', "7", "true", "[{}]", "NaN"])
def test_json_that_is_no_object_is_refused(client: httpx2.Client, body: str) -> None:
    told = is_problem(raw(client, body), 422)

    assert told["detail"] in ("body: must be a JSON object", "body: is missing")


def test_a_missing_body_is_told(client: httpx2.Client) -> None:
    for answer in (client.post(TICKETS), raw(client, "")):
        assert is_problem(answer, 422)["errors"] == {"body": "is missing"}


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "x", ""]
)
def test_another_media_type_is_told_what_to_send(client: httpx2.Client, media_type: str) -> None:
    body = '{"ticket_id":"B-media","description":"x"}'
    answer = client.post(TICKETS, content=body, headers={"Content-Type": media_type})

    assert "application/json" in is_problem(answer, 415)["detail"]
    is_problem(client.get(f"{TICKETS}/B-media"), 404)


def test_json_under_a_name_of_its_own_is_taken(client: httpx2.Client) -> None:
    body = '{"ticket_id":"B-merge","description":"x"}'
    headers = {"Content-Type": "application/merge-patch+json; charset=utf-8"}

    assert client.post(TICKETS, content=body, headers=headers).status_code == 202


def test_all_wrong_fields_are_told_at_once_without_their_values(client: httpx2.Client) -> None:
    secret = "hunter2"
    body = {
        "ticket_id": [secret],
        "title": {"x": secret},
        "description": 5.5,
        "category": "",
        "enable_auto_remediation": secret,
        "requester": None,
        "unknown": secret,
    }
    answer = client.post(TICKETS, json=body)
    told = is_problem(answer, 422)

    assert set(told["errors"]) == set(body)
    assert secret not in answer.text


def test_missing_fields_are_told_by_name(client: httpx2.Client) -> None:
    told = is_problem(client.post(TICKETS, json={}), 422)

    assert told["errors"] == {"ticket_id": "is missing", "description": "is missing"}


def test_ten_thousand_unknown_fields_get_a_short_answer(client: httpx2.Client) -> None:
    body = {"ticket_id": "B-wide", "description": "x", **{f"f{n}": n for n in range(10_000)}}
    answer = client.post(TICKETS, json=body)

    assert "and 9900 more" in is_problem(answer, 422)["detail"]
    assert len(answer.content) < 50_000


def test_a_huge_field_name_is_cut(client: httpx2.Client) -> None:
    body = {"ticket_id": "B-name", "description": "x", "n" * 500_000: 1}

    assert len(client.post(TICKETS, json=body).content) < 1_000


def test_a_body_above_the_limit_is_refused_before_it_is_read(client: httpx2.Client) -> None:
    told = is_problem(described(client, "B-big", "x" * LIMIT), 413)

    assert str(LIMIT) in told["detail"]
    is_problem(client.get(f"{TICKETS}/B-big"), 404)


def test_a_chunked_body_above_the_limit_is_refused(client: httpx2.Client) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"ticket_id":"B-chunks","description":"'
        for _ in range(20):
            yield b"x" * 65_536
        yield b'"}'

    is_problem(client.post(TICKETS, content=chunks(), headers=JSON), 413)
    is_problem(client.get(f"{TICKETS}/B-chunks"), 404)


def test_a_chunked_body_below_the_limit_is_taken(client: httpx2.Client) -> None:
    parts = iter([b'{"ticket_id":"B-few",', b'"description":"x"}'])

    assert client.post(TICKETS, content=parts, headers=JSON).status_code == 202


def test_a_description_of_100_000_characters_is_kept_whole(client: httpx2.Client) -> None:
    text = "".join(chr(0x4E00 + n % 20_000) for n in range(100_000))
    described(client, "B-long", text).raise_for_status()

    assert settled(client, "B-long")["description"] == text


def test_a_description_has_a_limit_that_is_told(client: httpx2.Client) -> None:
    told = is_problem(described(client, "B-longer", "x" * 200_001), 422)

    assert list(told["errors"]) == ["description"]


@pytest.mark.parametrize(
    "text",
    [
        "שלום עולם مرحبا",
        "\u202eevil\u202c",
        "👩‍👩‍👧‍👦 🏳️‍🌈 💥",
        "e\u0301 vs é",
        "tab\tline\nreturn\r\u2028",
        "\x01\x02\x1b[31mred\x07\x7f\x9b",
        "\ufeffbom \ufffe \U0010ffff",
        "'; DROP TABLE tickets; --",
        "<script>alert(1)</script> {{7*7}} ${x} %s %n",
        "\\u0000 \\x00",
    ],
)
def test_text_comes_back_as_it_was_sent(client: httpx2.Client, text: str) -> None:
    ticket_id = f"B-text-{text.encode().hex()[:40]}"
    described(client, ticket_id, text).raise_for_status()

    assert settled(client, ticket_id)["description"] == text


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud800", "\\udfff", "\\ud800\\ud800"])
@pytest.mark.parametrize("field", ["title", "description", "category", "requester", "priority"])
def test_what_no_database_keeps_is_refused_in_every_field(
    client: httpx2.Client, escape: str, field: str
) -> None:
    body = {"ticket_id": "B-nul", "description": "x", field: "@"}
    told = is_problem(raw(client, json.dumps(body).replace("@", f"a{escape}b")), 422)

    assert list(told["errors"]) == [field]


def test_half_a_character_in_the_name_of_a_field_is_refused(client: httpx2.Client) -> None:
    is_problem(raw(client, '{"ticket_id":"B-h","description":"x","\\ud800":1}'), 422)


def test_a_pair_of_escapes_is_one_character(client: httpx2.Client) -> None:
    raw(client, '{"ticket_id":"B-pair","description":"\\ud83d\\udca5"}').raise_for_status()

    assert settled(client, "B-pair")["description"] == "💥"


def test_of_a_key_that_comes_twice_the_last_one_counts(client: httpx2.Client) -> None:
    raw(client, '{"ticket_id":"B-d1","ticket_id":"B-d2","description":"x"}').raise_for_status()

    is_problem(client.get(f"{TICKETS}/B-d1"), 404)
    assert client.get(f"{TICKETS}/B-d2").status_code == 200


@pytest.mark.parametrize(
    "ticket_id",
    [
        "",
        " ",
        "a b",
        "a/b",
        "../x",
        "%41",
        "a%2fb",
        ".",
        "..",
        "-x",
        "x" * 129,
        "ü",
        "a\nb",
        "a\x00",
    ],
)
def test_an_id_that_would_not_fit_into_a_url_is_refused(
    client: httpx2.Client, ticket_id: str
) -> None:
    told = is_problem(described(client, ticket_id, "x"), 422)

    assert list(told["errors"]) == ["ticket_id"]


@pytest.mark.parametrize("ticket_id", ["INC-1", "a.b_c:d#e@f-g", "0", "x" * 128])
def test_any_other_id_can_be_found_again(client: httpx2.Client, ticket_id: str) -> None:
    described(client, ticket_id, "x").raise_for_status()

    assert (
        client.get(f"{TICKETS}/{ticket_id.replace('#', '%23')}").json()["ticket_id"] == ticket_id
    )


@pytest.mark.parametrize("noun", ["tickets", "patterns", "policies"])
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("%00", 422),
        ("a%2Fb", 404),
        ("%2e%2e%2f%2e%2e%2fetc", 404),
        ("%ff", 404),
        ("%25", 404),
        ("a%20b", 404),
        ("%F0%9F%92%A5", 404),
        ("x" * 5_000, 422),
    ],
)
def test_an_odd_name_in_the_path_is_not_found(
    client: httpx2.Client, noun: str, name: str, status: int
) -> None:
    answer = client.get(f"/api/v1/{noun}/{name}")

    is_problem(answer, status)
    assert len(answer.content) < 6_000


def test_an_instance_is_a_uri_reference(client: httpx2.Client) -> None:
    told = is_problem(client.get("/api/v1/tickets/a%20b%0A%F0%9F%92%A5?x=%00"), 404)

    assert told["instance"] == "/api/v1/tickets/a%20b%0A%F0%9F%92%A5"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/patterns?min_occurrences=" + "9" * 30,
        "/api/v1/patterns?min_occurrences=-1",
        "/api/v1/policies/x?version=" + "9" * 30,
        "/api/v1/policies/x?version=0",
        "/api/v1/stats/reliability?days=0",
        "/api/v1/stats/auto-remediation?days=" + "9" * 30,
        "/api/v1/audit?kind=nonsense",
        "/api/v1/audit?ticket_id=%00",
        "/api/v1/tickets?status=nonsense",
        "/api/v1/tickets?category=",
        "/api/v1/tickets?pattern_id=%00",
    ],
)
def test_an_odd_query_is_refused(client: httpx2.Client, path: str) -> None:
    is_problem(client.get(path), 422)


@pytest.mark.parametrize("after", ["-1", "x", "9" * 30])
def test_an_odd_place_to_go_on_from_is_refused_before_the_stream(
    client: httpx2.Client, after: str
) -> None:
    submitted(client, "B-after")

    is_problem(client.get(f"{TICKETS}/B-after/events", params={"after": after}), 422)


def test_after_all_this_the_product_is_well(client: httpx2.Client) -> None:
    submitted(client, "B-well")
    client.patch(f"{TICKETS}/B-well", json={"status": "resolved"}).raise_for_status()

    assert client.get("/ready").json() == {"status": "ready"}
    assert client.get("/api/v1/audit/verify").json()["ok"] is True
    assert client.get(f"{TICKETS}/B-well").json()["status"] == "resolved"
