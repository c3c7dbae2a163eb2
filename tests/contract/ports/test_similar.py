"""The contract of `ports/similar.py`."""

from datetime import UTC, datetime, timedelta

from tests.fakes.storage import Storage

from datacenter_docs.domain.retrieval.answers import Wording

START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def told(
    name: str, title: str, body: str = "", category: str = "general", day: int = 0
) -> Wording:
    return Wording(name, title, body, category, START + timedelta(days=day))


PORT = told("T-1", "Uplink eth3 of the core switch keeps flapping", "Link state changes every minute.")  # fmt: skip
DISK = told("T-2", "Datastore is nearly full", "The datastore has two percent left; snapshots pile up.")  # fmt: skip
POD = told("T-3", "PaymentWorker pods restart", "java.lang.OutOfMemoryError\n at shop.PaymentWorker.run(PaymentWorker.java:17)")  # fmt: skip


async def ids(storage: Storage, asked: Wording, limit: int = 20) -> list[str]:
    return [alike.ticket_id for alike in await storage.similar.alike(asked, limit)]


async def test_an_empty_index_knows_nothing_alike(storage: Storage):
    assert await storage.similar.alike(PORT) == []
    assert await storage.similar.followed() == 0


async def test_what_is_said_in_other_words_is_found_first(storage: Storage):
    await storage.similar.add([PORT, DISK, POD], after=0, upto=3)

    assert (await ids(storage, told("", "a flapping uplink on the switch")))[0] == "T-1"
    assert (await ids(storage, told("", "snapshots fill the datastore")))[0] == "T-2"


async def test_a_part_of_an_identifier_is_enough(storage: Storage):
    await storage.similar.add([PORT, DISK, POD], after=0, upto=3)

    assert await ids(storage, told("", "the payment job dies")) == ["T-3"]


async def test_a_stack_trace_finds_the_same_one(storage: Storage):
    await storage.similar.add([PORT, DISK, POD], after=0, upto=3)
    trace = told("", "crash", "Exception\n  at shop.PaymentWorker.run(PaymentWorker.java:99)")

    assert (await ids(storage, trace))[0] == "T-3"


async def test_the_words_that_decided_are_told_as_the_question_spells_them(storage: Storage):
    await storage.similar.add([PORT, DISK], after=0, upto=2)
    [first] = await storage.similar.alike(told("", "Flapped UPLINK today"))

    assert sorted(first.words) == ["flapped", "uplink"]
    assert 0 < first.score <= 1


async def test_what_shares_no_word_is_not_told(storage: Storage):
    await storage.similar.add([PORT, DISK, POD], after=0, upto=3)

    assert await ids(storage, told("", "printer jam")) == []
    assert await ids(storage, told("", "")) == []
    assert await ids(storage, told("", "192.168.100.20 7f3a9c2b11dd 2026-03-01T08:00:00")) == []


async def test_a_ticket_is_not_like_itself(storage: Storage):
    await storage.similar.add([PORT, told("T-9", PORT.title, PORT.body)], after=0, upto=2)

    assert await ids(storage, PORT) == ["T-9"]


async def test_at_most_so_many_are_told_the_best_first(storage: Storage):
    many = [told(f"N-{n}", f"volume {'vault' if n == 7 else 'tape'} is slow", day=n) for n in range(30)]  # fmt: skip
    await storage.similar.add(many, after=0, upto=30)
    found = await storage.similar.alike(told("", "slow volume vault", day=31), 5)

    assert len(found) == 5
    assert found[0].ticket_id == "N-7"
    assert [a.score for a in found] == sorted((a.score for a in found), reverse=True)
    assert len(await ids(storage, told("", "slow volume"))) == 20


async def test_the_same_question_has_the_same_answer(storage: Storage):
    await storage.similar.add([told(f"N-{n}", "volume is slow") for n in range(40)], after=0, upto=9)  # fmt: skip
    asked = told("", "a slow volume")

    assert await storage.similar.alike(asked) == await storage.similar.alike(asked)


async def test_every_ticket_is_taken_in_once_whoever_follows(storage: Storage):
    assert await storage.similar.add([PORT], after=0, upto=1)
    assert not await storage.similar.add([PORT], after=0, upto=1)
    assert await storage.similar.add([DISK], after=1, upto=4)
    assert await storage.similar.followed() == 4
    assert await ids(storage, told("", "flapping uplink")) == ["T-1"]


async def test_records_without_tickets_are_followed_too(storage: Storage):
    assert await storage.similar.add([], after=0, upto=7)
    assert await storage.similar.followed() == 7


async def test_what_was_forgotten_is_not_found_and_can_be_taken_in_again(storage: Storage):
    await storage.similar.add([PORT], after=0, upto=5)
    await storage.similar.clear()

    assert await ids(storage, told("", "flapping uplink")) == []
    assert await storage.similar.add([PORT], after=0, upto=5)
    assert await ids(storage, told("", "flapping uplink")) == ["T-1"]


async def test_very_long_texts_are_read_in_part_and_found(storage: Storage):
    long = told("L", "Backup of ledger fails", "noise and more noise. " * 9_000)
    await storage.similar.add([long, told("E", "x", "word " * 40_000)], after=0, upto=2)

    assert await ids(storage, told("", "ledger backup", "y" * 100_000)) == ["L"]
