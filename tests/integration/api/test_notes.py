"""People's notes over the API."""

from collections.abc import Iterator

import httpx2
import pytest
from tests.integration.api.product import Product, is_problem
from tests.integration.api.surveyed import surveyed

PORT = "network:fabric:interface:sw1/eth1"
NOTES = "/api/v1/notes"
ON_PORT = f"{NOTES}/resource/{PORT}"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with surveyed(tmp_path_factory.mktemp("product")) as started:
        yield started
        assert "Traceback" not in started.errors.read_text(encoding="utf-8")


def put(client: httpx2.Client, path: str = ON_PORT, author: str = "ada", **fields: object) -> dict:
    answer = client.put(path, json=fields, params={"author": author})
    assert answer.status_code == 200, answer.text
    shown: dict = answer.json()
    return shown


def test_a_note_is_written_read_and_stands_in_the_document(client: httpx2.Client) -> None:
    written = put(
        client, owner="Core team", contacts=["noc@example.org"], text="**Do not touch.**"
    )
    page = client.get(f"/api/v1/documents/resource/{PORT}").json()["markdown"]

    assert client.get(ON_PORT).json() == written
    assert (written["version"], written["author"]) == (1, "ada")
    assert "## What people say" in page
    assert "> **Do not touch.**" in page


def test_every_version_stays_readable_also_after_the_note_is_gone(client: httpx2.Client) -> None:
    path = f"{NOTES}/coverage"
    put(client, path, text="one")
    put(client, path, "bob", text="two")
    gone = client.delete(path, params={"author": "eve"})
    versions = client.get(f"{path}/versions").json()["items"]

    assert gone.status_code == 204
    assert [(v["version"], v["author"], v["deleted"]) for v in versions] == [(3, "eve", True), (2, "bob", False), (1, "ada", False)]  # fmt: skip
    assert is_problem(client.get(path), 404)
    assert client.get(path, params={"version": 1}).json()["text"] == "one"


def test_who_wrote_is_in_the_journal_and_the_words_are_not(client: httpx2.Client) -> None:
    put(client, text="the words of a person")
    records = client.get("/api/v1/audit", params={"kind": "note.changed"}).text

    assert '"ada"' in records
    assert "the words of a person" not in records


def test_a_note_that_names_what_never_was_is_flagged(client: httpx2.Client) -> None:
    put(client, text="Like [[no-such-thing]].")
    flags = client.get(f"{NOTES}/flags").json()["items"]

    assert [(f["name"], f["reference"]) for f in flags] == [(f"resource/{PORT}", "no-such-thing")]


def test_notes_are_listed(client: httpx2.Client) -> None:
    put(client, text="x")
    listed = client.get(NOTES, params={"limit": 1}).json()

    assert [item["subject"] for item in listed["items"]] == [f"resource/{PORT}"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"{NOTES}/nowhere", {"text": "x"}, 404),
        (f"{NOTES}/resource/network:fabric:device:nowhere", {"text": "x"}, 404),
        (ON_PORT, {}, 422),
        (ON_PORT, {"text": "  "}, 422),
        (ON_PORT, {"text": "x" * 20_001}, 422),
        (ON_PORT, {"text": "x\x00"}, 422),
        (ON_PORT, {"title": "x"}, 422),
    ],
)
def test_what_cannot_be_a_note_is_told_why(client, path: str, body: dict, status: int) -> None:
    assert is_problem(client.put(path, json=body), status)
