"""The contract of `ports/embedding.py`, for the fake and for the real client against a real server."""

from collections.abc import Iterator

import pytest
from tests.fakes.embedding import FakeEmbedder
from tests.peers.embeddings import KEY, Provider, provider

from datacenter_docs.adapters.platforms.blotting import blotted
from datacenter_docs.adapters.retrieval.embedding import AT_ONCE, LONGEST_TEXT, HttpEmbedder
from datacenter_docs.domain.errors import Broken, Refused, Unavailable
from datacenter_docs.ports.embedding import Embedder


@pytest.fixture
def server() -> Iterator[Provider]:
    with provider() as running:
        yield running


def client(server: Provider, key: str = KEY) -> HttpEmbedder:
    return HttpEmbedder(server.url, "small", lambda: key, 0.5, blotted)


@pytest.fixture(params=["fake", "http"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "fake":
        return FakeEmbedder()
    return client(request.getfixturevalue("server"))


async def test_each_text_has_its_vector_in_order(embedder: Embedder):
    texts = [f"{'car ' * (number % 5)} disk" for number in range(3 * AT_ONCE + 1)]
    vectors = await embedder.embed(texts)

    assert [vector[0] for vector in vectors] == [number % 5 for number in range(len(texts))]
    assert len({len(vector) for vector in vectors}) == 1


async def test_nothing_asked_is_nothing_answered(embedder: Embedder):
    assert list(await embedder.embed([])) == []


async def test_an_empty_text_has_a_vector_too(embedder: Embedder):
    [vector] = await embedder.embed([""])

    assert any(vector)


async def test_what_is_sent_is_what_the_protocol_says_and_no_more_than_is_read(server: Provider):
    await client(server).embed(["x" * 5_000])

    assert server.requests == [{"model": "small", "input": ["x" * LONGEST_TEXT], "encoding_format": "float"}]  # fmt: skip


@pytest.mark.parametrize("mood", ["429", "500", "503", "529", "slow", "cut"])
async def test_a_provider_that_cannot_now_is_unavailable(server: Provider, mood: str):
    server.mood = mood

    with pytest.raises(Unavailable):
        await client(server).embed(["car"])


async def test_a_provider_that_is_not_there_is_unavailable():
    with pytest.raises(Unavailable):
        await HttpEmbedder("http://127.0.0.1:9", "small", None, 0.5, blotted).embed(["car"])


async def test_a_wrong_key_is_refused_and_never_told(server: Provider):
    with pytest.raises(Refused) as refused:
        await client(server, "sk-wrong").embed(["car"])

    assert "sk-wrong" not in str(refused.value)


@pytest.mark.parametrize("mood", ["few", "zero", "words", "uneven"])
async def test_nonsense_is_broken(server: Provider, mood: str):
    server.mood = mood

    with pytest.raises(Broken):
        await client(server).embed(["car", "disk"])


async def test_secrets_do_not_leave_with_a_text(server: Provider):
    await client(server).embed(["the login password=s3cr3t-s3cr3t does not work"])

    assert "s3cr3t-s3cr3t" not in str(server.requests)
    assert "redacted" in str(server.requests)
