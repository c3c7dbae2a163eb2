"""What changed, over the API: differences between two times, and derived numbers that are made again."""

from collections.abc import Iterator
from urllib.parse import quote

import httpx2
import pytest
from tests.fakes.walking import walked
from tests.integration.api.product import Product, is_problem, until
from tests.integration.api.surveyed import surveyed

from datacenter_docs.domain.citing import ProofKind

API = "/api/v1"
LONG_AGO = "2001-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with surveyed(tmp_path_factory.mktemp("product")) as started:
        yield started
        assert "Traceback" not in started.errors.read_text(encoding="utf-8")


@pytest.mark.parametrize("section", ["overview", "network", "capacity", "dependencies"])
def test_every_derived_number_of_a_section_is_made_again_by_its_id(client, section: str) -> None:
    until(lambda: client.get(f"{API}/documents").json()["items"], lambda items: len(items) > 1)
    values, _ = walked(client.get(f"{API}/documents/{section}").json()["markdown"])
    derived = {v.proof.id: v.text for v in values if v.proof.kind is ProofKind.DERIVED}
    again = {one: client.get(f"{API}/derivations/{quote(one, safe='')}").json() for one in derived}

    assert derived
    assert all(again[one]["id"] == one and again[one]["words"] for one in derived)
    assert {one: text for one, text in derived.items() if "(" not in text and not text.startswith(again[one]["text"])} == {}  # fmt: skip
    assert all(again[one]["made_of"] for one in derived)


def test_a_difference_is_data_and_prose_that_leads_to_facts(client: httpx2.Client) -> None:
    found = client.get(f"{API}/changes/diff", params={"since": LONG_AGO, "platform": "network"}).json()  # fmt: skip
    values, loose = walked(found["markdown"])
    facts = [v.proof.id for v in values if v.proof.kind is ProofKind.FACT]

    assert {change["kind"] for change in found["changes"]} == {"appeared"}
    assert len(facts) >= len(found["changes"]) > 10
    assert client.get(f"{API}/facts/{quote(facts[0])}").status_code == 200
    assert not any(character.isdigit() for character in loose)


def test_between_two_times_without_a_survey_nothing_is_different(client: httpx2.Client) -> None:
    span = {"since": LONG_AGO, "until": "2002-01-01T00:00:00Z"}
    found = client.get(f"{API}/changes/diff", params=span).json()

    assert (found["changes"], found["deeds"], found["cut"]) == ([], [], False)
    assert "Nothing is different." in found["markdown"]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("changes/diff", {}, 422),
        ("changes/diff", {"since": "yesterday"}, 422),
        ("changes/diff", {"since": LONG_AGO, "until": "2000-01-01T00:00:00Z"}, 422),
        ("derivations/nonsense", {}, 422),
        ("derivations/count%3Fplatform=network", {}, 422),
        ("derivations/share%3Fof=network:fabric:device:nobody", {}, 404),
        ("derivations/growth%3Fof=x", {}, 422),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(client, path: str, query: dict, status: int):
    is_problem(client.get(f"{API}/{path}", params=query), status)
