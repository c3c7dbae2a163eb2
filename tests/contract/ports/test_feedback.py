"""The contracts of `FeedbackStore` and `History` in `ports/patterns.py`."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.fakes.clock import NOON
from tests.fakes.samples import a_feedback, a_ticket, an_entry
from tests.fakes.storage import Storage

from datacenter_docs.domain.cases import CaseChange
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.feedback import Feedback, FeedbackType
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.patterns import ClosedCounts, Put, Said


async def received(storage: Storage, ticket_id: str = "T-1", category: str = "network") -> None:
    await storage.cases.receive(a_ticket(ticket_id, category=category), an_entry())


async def of_ticket(storage: Storage) -> Sequence[Feedback]:
    return (await storage.feedback.said_of("T-1", None, "network", 9)).of_ticket


async def test_every_field_of_feedback_comes_back(storage: Storage):
    await received(storage)
    word = a_feedback(
        rating=4,
        was_helpful=True,
        resolution_accurate=False,
        comment="thanks 🙏",
        actual_actions_taken=["reload", {"host": "r1"}],
        time_to_resolve=12.5,
        author="ada",
    )
    stored = await storage.feedback.put(word, an_entry())

    assert stored == Put(replaced=False, set_aside=None)
    assert list(await of_ticket(storage)) == [word]


async def test_a_second_word_of_the_same_author_replaces_the_first(storage: Storage):
    await received(storage)
    await storage.feedback.put(a_feedback("F-1"), an_entry())
    second = a_feedback("F-2", kind=FeedbackType.NEGATIVE)

    assert (await storage.feedback.put(second, an_entry())).replaced
    assert list(await of_ticket(storage)) == [second]
    assert len((await storage.journal.page()).items) == 3


async def test_of_many_words_of_one_author_at_once_one_stays(storage: Storage):
    await received(storage)
    answers = await asyncio.gather(
        *(storage.feedback.put(a_feedback(f"F-{i}"), an_entry()) for i in range(5))
    )

    assert sorted(answer.replaced for answer in answers) == [False, True, True, True, True]
    assert len(await of_ticket(storage)) == 1


async def test_feedback_on_an_unknown_ticket_is_not_found_and_not_journaled(storage: Storage):
    with pytest.raises(NotFound):
        await storage.feedback.put(a_feedback(), an_entry())
    assert (await storage.journal.page()).items == []


async def test_a_ticket_shows_its_latest_feedback_first(storage: Storage):
    await received(storage)
    for i, author in enumerate(("bob", "ada", "eve")):
        word = a_feedback(f"F-{i}", at=NOON - timedelta(minutes=i), author=author)
        await storage.feedback.put(word, an_entry())

    authors = [word.request.author for word in await of_ticket(storage)]

    assert authors == ["bob", "ada", "eve"]


async def test_patterns_and_categories_show_the_latest_up_to_the_limit(storage: Storage):
    for i in range(4):
        await received(storage, f"T-{i}", "storage" if i == 3 else "network")
        word = a_feedback(f"F-{i}", f"T-{i}", at=NOON + timedelta(minutes=i))
        await storage.feedback.put(word, an_entry())
    for i in (0, 2, 3):
        await storage.cases.change(f"T-{i}", CaseChange(at=NOON, pattern_id="P-1"))
    said = await storage.feedback.said_of("T-0", "P-1", "network", 2)

    assert [word.feedback_id for word in said.of_ticket] == ["F-0"]
    assert [word.feedback_id for word in said.of_pattern] == ["F-3", "F-2"]
    assert [word.feedback_id for word in said.of_category] == ["F-2", "F-1"]


async def test_a_ticket_without_a_pattern_hears_nothing_of_other_tickets_without_one(
    storage: Storage,
):
    await received(storage)
    await storage.feedback.put(a_feedback(), an_entry())

    assert (await storage.feedback.said_of("T-2", None, "storage", 9)) == Said([], [], [])


async def test_history_counts_closed_tickets_of_the_category_since_then(storage: Storage):
    ends = {
        "T-1": (TicketState.RESOLVED, 10),
        "T-2": (TicketState.FAILED, 10),
        "T-3": (TicketState.RESOLVED, 1),
        "T-4": (TicketState.PROPOSED, 10),
    }
    await received(storage, "T-elsewhere", "storage")
    for ticket_id, (state, minutes) in ends.items():
        await received(storage, ticket_id)
        at = NOON + timedelta(minutes=minutes)
        for step in (TicketState.PROCESSING, state):
            await storage.cases.change(ticket_id, CaseChange(at=at, state=step))
    since = NOON + timedelta(minutes=10)

    assert await storage.history.closed_counts("network", since) == ClosedCounts(1, 2)
    assert await storage.history.closed_counts("network", NOON) == ClosedCounts(2, 3)
    assert await storage.history.closed_counts("storage", NOON) == ClosedCounts(0, 0)
