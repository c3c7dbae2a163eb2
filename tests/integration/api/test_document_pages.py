"""Documents as pages of the API: complete, led to each other and to the facts, and allowed to run nothing."""

import re
from collections.abc import Iterator
from html import unescape

import httpx2
import pytest
from tests.integration.api.product import until
from tests.integration.api.surveyed import surveyed


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with (
        surveyed(tmp_path_factory.mktemp("pages")) as product,
        httpx2.Client(base_url=product.url, timeout=30) as client,
    ):
        until(lambda: page(client, "overview").status_code, lambda status: status == 200)
        yield client


def page(client: httpx2.Client, document: str) -> httpx2.Response:
    return client.get(f"/api/v1/documents/{document}", params={"format": "html"})


def led(body: str) -> set[str]:
    return {unescape(url) for url in re.findall(r'href="([^"]+)"', body)}


def test_a_page_says_how_fresh_it_is_and_runs_nothing(client: httpx2.Client):
    answer = page(client, "network")

    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert 'class="freshness fresh"' in answer.text
    assert "<script" not in answer.text
    assert "<svg" in answer.text


def test_every_link_of_the_sections_leads_somewhere(client: httpx2.Client):
    found = {
        url
        for document in ("overview", "network", "storage", "coverage")
        for url in led(page(client, document).text)
        if not url.startswith("#") and "/derivations/" not in url
    }

    assert len(found) > 100
    assert {url for url in sorted(found) if client.get(url).status_code != 200} == set()


def test_a_name_leads_to_the_page_of_its_resource(client: httpx2.Client):
    name = next(url for url in led(page(client, "network").text) if "resource/" in url)
    answer = client.get(name)

    assert "Where it comes from" in answer.text
    assert any("/facts/" in url for url in led(answer.text))
