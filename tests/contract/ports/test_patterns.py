"""The contract of `PatternStore` in `ports/patterns.py`."""

import asyncio
from datetime import timedelta

import pytest
from tests.fakes.clock import NOON
from tests.fakes.samples import (
    a_diagnosis,
    a_feedback,
    a_pattern,
    a_score,
    a_ticket,
    a_verification,
    an_entry,
)
from tests.fakes.storage import Storage

from datacenter_docs.domain.audit import EntryKind
from datacenter_docs.domain.cases import CaseChange
from datacenter_docs.domain.errors import Invalid, NotFound
from datacenter_docs.domain.feedback import FeedbackType
from datacenter_docs.domain.masking import masked
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.patterns import PatternFilter
from datacenter_docs.ports.tickets import TicketFilter

FORBIDDEN = an_entry(EntryKind.PATTERN_CHANGED, None)
TEXT, OTHER, THIRD = masked("link down on r1"), masked("no light on the port"), masked("fan broke")


async def closed(
    storage: Storage, ticket_id: str, state: TicketState, minutes: int, **change
) -> None:
    """A ticket of pattern P-1 that ended in a state."""
    at = NOON + timedelta(minutes=minutes)
    await storage.cases.receive(a_ticket(ticket_id, at), an_entry())
    await storage.cases.change(
        ticket_id, CaseChange(at=at, state=TicketState.PROCESSING, pattern_id="P-1")
    )
    await storage.cases.change(ticket_id, CaseChange(at=at, state=state, **change))


async def test_a_pattern_comes_back_as_it_was(storage: Storage):
    pattern = a_pattern(occurrences=3, rating_sum=4.5, last_verification_failed=True)

    assert await storage.patterns.add(pattern, TEXT) == pattern
    assert await storage.patterns.get("P-1") == pattern


async def test_a_signature_is_stored_once(storage: Storage):
    first = await storage.patterns.add(a_pattern("P-1", signature="same"), TEXT)

    assert await storage.patterns.add(a_pattern("P-2", signature="same"), TEXT) == first
    with pytest.raises(NotFound):
        await storage.patterns.get("P-2")


async def test_of_two_who_find_the_same_pattern_at_once_both_get_one(storage: Storage):
    answers = await asyncio.gather(
        *(storage.patterns.add(a_pattern(f"P-{i}", signature="same"), TEXT) for i in range(4))
    )

    assert len({answer.pattern_id for answer in answers}) == 1


async def test_an_unknown_pattern_is_not_found(storage: Storage):
    with pytest.raises(NotFound):
        await storage.patterns.get("P-1")
    with pytest.raises(NotFound):
        await storage.patterns.refresh("P-1")
    with pytest.raises(NotFound):
        await storage.patterns.forbid_automation("P-1", forbidden=True, entry=FORBIDDEN)
    assert (await storage.journal.page()).items == []


async def test_lists_come_with_most_occurrences_first_then_by_id_in_pages(storage: Storage):
    for name, occurrences in (("P-b", 2), ("P-a", 2), ("P-c", 9), ("P-d", 0)):
        await storage.patterns.add(a_pattern(name, occurrences=occurrences), TEXT)
    seen, cursor = [], None
    for _ in range(2):
        page = await storage.patterns.find(PatternFilter(), cursor, 2)
        seen += [pattern.pattern_id for pattern in page.items]
        cursor = page.next_cursor

    assert seen == ["P-c", "P-a", "P-b", "P-d"]
    assert cursor is None


async def test_filters_restrict_together(storage: Storage):
    await storage.patterns.add(a_pattern("P-1", "network", occurrences=5), TEXT)
    await storage.patterns.add(a_pattern("P-2", "network", occurrences=4), TEXT)
    await storage.patterns.add(a_pattern("P-3", "storage", occurrences=5), TEXT)
    wanted = PatternFilter(category="network", min_occurrences=5)
    page = await storage.patterns.find(wanted, None, 10)

    assert [pattern.pattern_id for pattern in page.items] == ["P-1"]


async def test_a_cursor_of_another_list_is_invalid(storage: Storage):
    for i in range(2):
        await storage.patterns.add(a_pattern(f"P-{i}"), TEXT)
        await storage.cases.receive(a_ticket(f"P-{i}"), an_entry())
    foreign = (await storage.cases.find(TicketFilter(), None, 1)).next_cursor

    with pytest.raises(Invalid):
        await storage.patterns.find(PatternFilter(), foreign, 1)


async def test_a_persons_no_is_kept_and_journaled_and_survives_a_recount(storage: Storage):
    await storage.patterns.add(a_pattern(), TEXT)
    await storage.patterns.forbid_automation("P-1", forbidden=True, entry=FORBIDDEN)
    await storage.patterns.refresh("P-1")

    assert (await storage.patterns.get("P-1")).automation_forbidden
    assert [r.kind for r in (await storage.journal.page()).items] == ["pattern.changed"]
    again = await storage.patterns.forbid_automation("P-1", forbidden=False, entry=FORBIDDEN)
    assert not again.automation_forbidden


async def test_a_recount_counts_what_is_stored_and_nothing_twice(storage: Storage):
    await storage.patterns.add(a_pattern(occurrences=99, positive=99), TEXT)
    await closed(
        storage,
        "T-1",
        TicketState.RESOLVED,
        1,
        diagnosis=a_diagnosis(0.9),
        score=a_score(80.0),
        executed=True,
        verification=a_verification(),
    )
    await closed(
        storage,
        "T-2",
        TicketState.FAILED,
        2,
        score=a_score(90.0),
        executed=True,
        verification=a_verification(passed=False),
    )
    await closed(storage, "T-3", TicketState.PROPOSED, 3)
    await storage.cases.receive(a_ticket("T-other"), an_entry())
    words = [
        a_feedback("F-1", "T-1", rating=5),
        a_feedback("F-2", "T-1", rating=2, author="bob", actions_worked=False),
        a_feedback("F-3", "T-2", FeedbackType.NEGATIVE),
        a_feedback("F-4", "T-other", FeedbackType.NEGATIVE, rating=1),
    ]
    for word in words:
        await storage.feedback.put(word, an_entry())
    counted = await storage.patterns.refresh("P-1")

    assert counted == a_pattern(
        occurrences=3,
        resolved=1,
        failed=1,
        positive=1,
        neutral=1,
        negative=1,
        rating_sum=7.0,
        rating_count=2,
        confidence_sum=0.9,
        confidence_count=1,
        reliability_sum=170.0,
        reliability_count=2,
        executions=2,
        executions_succeeded=1,
        last_verification_failed=True,
    ).replaced(first_seen_at=NOON + timedelta(minutes=1), last_seen_at=NOON + timedelta(minutes=3))
    assert await storage.patterns.refresh("P-1") == counted
    assert await storage.patterns.get("P-1") == counted


async def test_a_later_success_clears_the_failed_verification(storage: Storage):
    await storage.patterns.add(a_pattern(), TEXT)
    failed = {"executed": True, "verification": a_verification(passed=False)}
    await closed(storage, "T-1", TicketState.FAILED, 1, **failed)
    await closed(storage, "T-2", TicketState.RESOLVED, 2, verification=a_verification())

    assert not (await storage.patterns.refresh("P-1")).last_verification_failed


async def test_a_pattern_without_tickets_counts_nothing(storage: Storage):
    await storage.patterns.add(a_pattern(occurrences=5, resolved=5, rating_sum=3.0), TEXT)

    assert await storage.patterns.refresh("P-1") == a_pattern()


@pytest.mark.parametrize("spoken_of", [False, True])
async def test_tickets_that_join_a_pattern_count_as_if_all_were_counted_anew(
    storage: Storage, spoken_of: bool
):
    """Joining adds to what was counted; feedback that came before the decision is not forgotten."""
    await storage.patterns.add(a_pattern().replaced(last_seen_at=NOON + timedelta(hours=9)), TEXT)
    for number, minutes in enumerate((30, 10, 20)):
        at = NOON + timedelta(minutes=minutes)
        await storage.cases.receive(a_ticket(f"T-{number}", at), an_entry())
        if spoken_of and number == 1:
            await storage.feedback.put(a_feedback(ticket_id="T-1"), an_entry())
        diagnosis = a_diagnosis(0.5 + number / 10) if number else None
        change = CaseChange(
            at=at, state=TicketState.PROPOSED, pattern_id="P-1",
            diagnosis=diagnosis, score=a_score(60.0 + number),
        )  # fmt: skip
        await storage.cases.change(f"T-{number}", change)
    joined = await storage.patterns.get("P-1")
    again = await storage.patterns.refresh("P-1")

    assert joined.occurrences == 3
    assert joined.confidence_count == 2
    assert joined.first_seen_at == NOON + timedelta(minutes=10)
    assert joined.positive == spoken_of
    assert joined.confidence_sum == pytest.approx(again.confidence_sum)
    assert joined.replaced(confidence_sum=again.confidence_sum) == again


async def told(storage: Storage, number: int = 0) -> list[tuple[str, str, int | None]]:
    return [
        (one.pattern_id, one.text.signature, one.removes)
        for one in await storage.patterns.prototypes_after(number)
    ]


async def test_prototypes_come_in_order_and_each_once(storage: Storage):
    await storage.patterns.add(a_pattern("P-1"), TEXT)
    await storage.patterns.add(a_pattern("P-2"), OTHER)
    await storage.patterns.remember("P-1", OTHER)
    await storage.patterns.remember("P-1", OTHER)
    first, *rest = await storage.patterns.prototypes_after(0)

    assert first.text == TEXT
    assert [one.pattern_id for one in rest] == ["P-2", "P-1"]
    assert await told(storage, first.number) == [
        ("P-2", OTHER.signature, None),
        ("P-1", OTHER.signature, None),
    ]
    with pytest.raises(NotFound):
        await storage.patterns.remember("P-9", TEXT)


async def test_a_known_signature_gets_the_text_as_a_prototype(storage: Storage):
    await storage.patterns.add(a_pattern("P-1", signature="same"), TEXT)
    await storage.patterns.add(a_pattern("P-2", signature="same"), OTHER)

    assert [one[0] for one in await told(storage)] == ["P-1", "P-1"]


async def test_a_name_is_kept_and_taken_away_and_journaled(storage: Storage):
    await storage.patterns.add(a_pattern(), TEXT)
    await storage.patterns.rename("P-1", "Uplinks", FORBIDDEN)

    assert (await storage.patterns.get("P-1")).name == "Uplinks"
    assert (await storage.patterns.rename("P-1", None, FORBIDDEN)).name is None
    assert len((await storage.journal.page()).items) == 2
    with pytest.raises(NotFound):
        await storage.patterns.rename("P-9", "x", FORBIDDEN)


async def test_a_merge_gives_tickets_prototypes_and_a_no_to_the_survivor(storage: Storage):
    await storage.patterns.add(a_pattern("P-1", signature="one"), TEXT)
    await storage.patterns.add(a_pattern("P-2", signature="two"), OTHER)
    await storage.patterns.forbid_automation("P-1", forbidden=True, entry=FORBIDDEN)
    await closed(storage, "T-1", TicketState.RESOLVED, 1)
    kept = await storage.patterns.merge("P-1", "P-2", FORBIDDEN)

    assert (kept.pattern_id, kept.occurrences, kept.resolved) == ("P-2", 1, 1)
    assert kept.automation_forbidden
    assert (await storage.cases.get("T-1")).ticket.pattern_id == "P-2"
    gone = await storage.patterns.get("P-1")
    assert (gone.merged_into, gone.occurrences) == ("P-2", 0)
    listed = await storage.patterns.find(PatternFilter(), None, 9)
    assert [pattern.pattern_id for pattern in listed.items] == ["P-2"]
    assert (await told(storage))[2:] == [("P-1", TEXT.signature, 1), ("P-2", TEXT.signature, None)]
    found = await storage.patterns.add(a_pattern("P-3", signature="one"), THIRD)
    assert found.pattern_id == "P-2"
    with pytest.raises(NotFound):
        await storage.patterns.merge("P-9", "P-2", FORBIDDEN)


async def test_a_split_takes_the_tickets_and_what_they_say(storage: Storage):
    await storage.patterns.add(a_pattern("P-1"), TEXT)
    await storage.patterns.remember("P-1", OTHER)
    await closed(storage, "T-1", TicketState.RESOLVED, 1)
    await closed(storage, "T-2", TicketState.FAILED, 2)
    new = a_pattern("P-2")
    made = await storage.patterns.split("P-1", ["T-2", "T-unknown"], new, [OTHER], FORBIDDEN)

    assert (made.pattern_id, made.occurrences, made.failed) == ("P-2", 1, 1)
    assert (await storage.patterns.get("P-1")).occurrences == 1
    assert (await storage.cases.get("T-2")).ticket.pattern_id == "P-2"
    assert (await told(storage))[2:] == [
        ("P-1", OTHER.signature, 2),
        ("P-2", OTHER.signature, None),
    ]
    with pytest.raises(NotFound):
        await storage.patterns.split("P-9", [], a_pattern("P-3"), [], FORBIDDEN)
