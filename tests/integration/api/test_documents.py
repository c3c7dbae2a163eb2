"""Documents over the API, as they are and as they were, and how fresh they are."""

from collections.abc import Iterator

import httpx2
import pytest
from tests.fakes.walking import walked
from tests.integration.api.product import Product, is_problem, until
from tests.integration.api.surveyed import surveyed

from datacenter_docs.domain.citing import ProofKind

PORT = "network:fabric:interface:sw1/eth1"
API = "/api/v1"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with surveyed(tmp_path_factory.mktemp("product")) as started:
        yield started
        assert "Traceback" not in started.errors.read_text(encoding="utf-8")


def written(client: httpx2.Client) -> list[dict]:
    """All documents, once the first survey is written up."""
    return until(
        lambda: client.get(f"{API}/documents").json()["items"], lambda items: len(items) > 1
    )


def test_what_was_surveyed_is_written_up_and_fresh(client: httpx2.Client) -> None:
    items = written(client)

    assert [item["id"] for item in items] == sorted(item["id"] for item in items)
    assert {"overview", "network", "risks", "coverage"} <= {item["id"] for item in items}
    assert {item["freshness"]["state"] for item in items} == {"fresh"}


def test_every_value_of_a_page_is_a_fact_that_the_api_shows(client: httpx2.Client) -> None:
    page = client.get(f"{API}/documents/resource/{PORT}").json()
    values, loose = walked(page["markdown"])
    facts = {value.proof.id for value in values if value.proof.kind is ProofKind.FACT}
    answers = {client.get(f"{API}/facts/{one.replace('#', '%23')}").status_code for one in facts}

    assert len(facts) > 20
    assert answers == {200}
    assert not any(character.isdigit() for character in loose)


def test_markdown_alone_begins_with_how_fresh_it_is(client: httpx2.Client) -> None:
    written(client)
    answer = client.get(f"{API}/documents/overview", params={"format": "md"})

    assert answer.headers["content-type"].startswith("text/markdown")
    assert answer.text.startswith("> *fresh*, read ")
    assert "\n# Overview\n" in answer.text


def test_before_anything_was_known_there_was_no_document(client: httpx2.Client) -> None:
    written(client)
    before = {"at": "2001-01-01T00:00:00Z"}

    assert is_problem(client.get(f"{API}/documents/network", params=before), 404)
    assert is_problem(client.get(f"{API}/documents/resource/{PORT}", params=before), 404)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("nowhere", {}, 404),
        ("resource/nonsense", {}, 404),
        ("resource/network:fabric:device:nowhere", {}, 404),
        ("overview", {"at": "2999-01-01T00:00:00Z"}, 422),
        ("overview", {"at": "yesterday"}, 422),
        ("overview", {"at": "2020-01-01T00:00:00"}, 422),
        ("overview", {"format": "doc"}, 422),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(client, path: str, query: dict, status: int):
    assert is_problem(client.get(f"{API}/documents/{path}", params=query), status)


def test_freshness_is_a_metric(client: httpx2.Client) -> None:
    written(client)
    text = client.get("/metrics").text

    assert 'datacenter_docs_document_freshness{document="network",state="fresh"} 1.0' in text
