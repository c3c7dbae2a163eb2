"""The contract of `ports/categories.py`."""

from datetime import UTC, datetime

from tests.fakes.storage import Storage

from datacenter_docs.domain.retrieval.answers import Wording

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
TEXTS = {
    "network": ("uplink port flapping", "switch port lost carrier", "vlan missing on the uplink"),
    "storage": ("datastore nearly full", "snapshot fills the datastore", "volume out of inodes"),
}


def told(name: str, text: str, category: str) -> Wording:
    return Wording(name, text, text, category, AT)


def lessons(rounds: int) -> list[Wording]:
    return [
        told(f"{category}-{turn}-{number}", text, category)
        for turn in range(rounds)
        for number in range(3)
        for category, texts in TEXTS.items()
        for text in (texts[number],)
    ]


async def test_nothing_is_guessed_before_anything_was_learned(storage: Storage):
    await storage.categories.take_in([told("T-1", "a port is flapping", "general")], upto=1)

    assert await storage.categories.guessed("T-1") is None
    assert await storage.categories.guessed("nobody") is None


async def test_the_category_of_a_ticket_without_one_is_guessed(storage: Storage):
    await storage.categories.take_in(lessons(10), upto=60)
    new = [told("N", "flapping uplink", "general"), told("S", "datastore full of snapshots", "general")]  # fmt: skip
    await storage.categories.take_in(new, upto=62)
    network, stores = await storage.categories.guessed("N"), await storage.categories.guessed("S")

    assert network is not None
    assert network.category == "network"
    assert stores is not None
    assert stores.category == "storage"
    assert 0.5 < network.probability <= 1


async def test_a_ticket_is_guessed_before_its_category_is_learned(storage: Storage):
    wrong = told("W", "datastore nearly full", "network")
    await storage.categories.take_in([*lessons(10), wrong], upto=61)
    guess = await storage.categories.guessed("W")

    assert guess is not None
    assert guess.category == "storage"


async def test_what_was_taken_in_is_not_taken_in_again(storage: Storage):
    await storage.categories.take_in(lessons(10), upto=60)
    await storage.categories.take_in([told("X", "datastore full", "general")], upto=60)

    assert await storage.categories.guessed("X") is None
