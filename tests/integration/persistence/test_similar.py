"""Similar tickets on both databases: with a second opinion, over many parts, within the budget, and after a restart."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.fakes.embedding import FakeEmbedder
from tests.peers.databases import opened

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.retrieval import gathering, postings
from datacenter_docs.adapters.retrieval.categories import FIRST_WRITTEN, SqlCategories
from datacenter_docs.adapters.retrieval.fused import FusedSimilarTickets
from datacenter_docs.adapters.retrieval.similar import SqlSimilarTickets
from datacenter_docs.domain.retrieval.answers import Wording

START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def told(name: str, text: str, category: str = "general", day: int = 0) -> Wording:
    return Wording(name, text, text, category, START + timedelta(days=day))


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database


async def ids(similar: SqlSimilarTickets | FusedSimilarTickets, text: str, limit: int = 20) -> list[str]:  # fmt: skip
    return [alike.ticket_id for alike in await similar.alike(told("", text, day=99), limit)]


async def test_tickets_of_every_part_are_found(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(postings, "PART", 256)
    monkeypatch.setattr(postings, "CHUNK", 64)
    monkeypatch.setattr(gathering, "PART", 256)
    similar = SqlSimilarTickets(db)
    marked = {0, 255, 256, 700, 999}
    many = [told(f"T-{n}", "zeppelin hangar" if n in marked else f"common noise {n % 7}") for n in range(1_000)]  # fmt: skip
    for start in range(0, 1_000, 300):
        await similar.add(many[start : start + 300], after=start, upto=start + 300)

    assert sorted(await ids(similar, "zeppelin")) == sorted(f"T-{n}" for n in marked)
    assert len(await ids(similar, "common noise")) == 20


async def test_how_tickets_came_changes_no_answer(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(postings, "CHUNK", 16)
    similar = SqlSimilarTickets(db)
    many = [told(f"T-{n}", f"the {('red', 'blue', 'green')[n % 3]} lamp {n % 11} blinks") for n in range(100)]  # fmt: skip
    for place, one in enumerate(many):
        await similar.add([one], after=place, upto=place + 1)
    one_by_one = await similar.alike(told("", "red lamp 7"))
    await similar.clear()
    await similar.add(many, after=0, upto=100)

    assert await similar.alike(told("", "red lamp 7")) == one_by_one
    assert len(one_by_one) == 20


async def test_of_a_word_that_too_many_have_the_newest_count(
    db: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gathering, "BUDGET", 50)
    similar = SqlSimilarTickets(db)
    await similar.add([told(f"T-{n}", "server down") for n in range(400)], after=0, upto=1)
    found = await ids(similar, "server", 100)

    assert found
    assert min(int(one.removeprefix("T-")) for one in found) >= 350


async def test_what_was_taken_in_survives_a_restart(database_url: str):
    with opened(database_url) as database:
        await SqlSimilarTickets(database).add([told("T-1", "zeppelin hangar")], after=0, upto=4)
    with opened(database_url) as database:
        similar = SqlSimilarTickets(database)

        assert await similar.followed() == 4
        assert await ids(similar, "zeppelin") == ["T-1"]


async def test_what_was_learned_of_categories_survives_a_restart(database_url: str):
    texts = {"network": "port flapping uplink", "storage": "disk full volume"}
    lessons = [told(f"{c}-{n}", text, c) for n in range(FIRST_WRITTEN) for c, text in texts.items()]  # fmt: skip
    with opened(database_url) as database:
        await SqlCategories(database).take_in(lessons, upto=400)
    with opened(database_url) as database:
        categories = SqlCategories(database)
        followed = await categories.followed()
        await categories.take_in([told("N", "uplink port")], upto=401)
        guess = await categories.guessed("N")

    assert followed == 400
    assert guess is not None
    assert guess.category == "network"


async def test_lessons_that_were_not_written_down_are_learned_again(database_url: str):
    few = [told("A", "port uplink", "network"), told("B", "disk volume", "storage"), told("C", "port")]  # fmt: skip
    with opened(database_url) as database:
        categories = SqlCategories(database)
        await categories.take_in(few, upto=3)
        before = await categories.guessed("C")
    with opened(database_url) as database:
        categories = SqlCategories(database)
        assert await categories.followed() == 0
        await categories.take_in(few, upto=3)

        assert await categories.guessed("C") == before
        assert before is not None


def fused(database: Database, embedder: FakeEmbedder, model: str = "m") -> FusedSimilarTickets:
    return FusedSimilarTickets(SqlSimilarTickets(database), embedder, database, model, 1.0)


async def test_a_second_opinion_brings_what_means_the_same_forward(db: Database):
    similar = fused(db, FakeEmbedder())
    texts = {
        "SAID": "report thing today",
        "MEANT": "vehicle report thing",
        "ALSO": "report automobile vehicle",
        "TOO": "report vehicle vehicle vehicle",
    }
    await similar.add([told(name, text) for name, text in texts.items()], after=0, upto=4)
    asked = told("", "car report thing today", day=99)
    by_words = await SqlSimilarTickets(db).alike(asked)
    found = await similar.alike(asked)

    assert [alike.ticket_id for alike in by_words][:2] == ["SAID", "MEANT"]
    assert [alike.ticket_id for alike in found][:2] == ["MEANT", "SAID"]
    assert all(0 < alike.score <= 1 for alike in found)
    assert [alike.score for alike in found] == sorted((a.score for a in found), reverse=True)
    assert [a.ticket_id for a in await similar.alike(asked, 1)] == ["MEANT"]


async def test_without_the_provider_the_answer_by_words_stands(db: Database):
    embedder = FakeEmbedder()
    embedder.away = True
    similar = fused(db, embedder)

    assert await similar.add([told("T-1", "disk slow")], after=0, upto=1)
    assert await similar.alike(told("", "slow disk")) == await SqlSimilarTickets(db).alike(told("", "slow disk"))  # fmt: skip
    embedder.away = False
    assert await ids(similar, "slow disk") == ["T-1"]


async def test_vectors_of_another_model_are_not_compared(db: Database):
    await fused(db, FakeEmbedder(), "old").add([told("T-1", "disk slow"), told("T-2", "disk car")], after=0, upto=1)  # fmt: skip
    other = fused(db, FakeEmbedder(), "new")

    assert await ids(other, "slow disk") == await ids(SqlSimilarTickets(db), "slow disk")


async def test_what_is_forgotten_is_forgotten_with_its_vectors(db: Database):
    similar = fused(db, FakeEmbedder())
    await similar.add([told("T-1", "disk slow")], after=0, upto=1)
    await similar.clear()

    assert await ids(similar, "slow disk") == []
    assert await similar.followed() == 0
