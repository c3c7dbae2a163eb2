"""The contract of `ports/tickets.py`."""

import asyncio
from datetime import timedelta

import pytest
from tests.fakes.clock import NOON
from tests.fakes.samples import (
    a_decision,
    a_diagnosis,
    a_score,
    a_ticket,
    a_verification,
    an_entry,
    an_outcome,
)
from tests.fakes.storage import Storage

from datacenter_docs.domain.audit import EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.errors import Conflict, Invalid, NotFound, Refused
from datacenter_docs.domain.tickets import MOVES, TicketState
from datacenter_docs.ports.tickets import TicketFilter

LATER = NOON + timedelta(minutes=5)


async def received(storage: Storage, ticket_id: str = "T-1", minutes: int = 0, **request) -> Case:
    ticket = a_ticket(ticket_id, NOON + timedelta(minutes=minutes), **request)
    await storage.cases.receive(ticket, an_entry(EntryKind.TICKET_RECEIVED, ticket_id))
    return await storage.cases.get(ticket_id)


async def test_a_received_ticket_is_there_journaled_and_in_the_outbox(storage: Storage):
    ticket = a_ticket()
    answer = await storage.cases.receive(ticket, an_entry(EntryKind.TICKET_RECEIVED))

    assert answer.created
    assert await storage.cases.get("T-1") == Case(ticket=ticket)
    assert await storage.cases.undelivered(10) == ["T-1"]
    assert [r.kind for r in (await storage.journal.page()).items] == ["ticket.received"]


async def test_the_same_ticket_again_is_neither_stored_nor_journaled(storage: Storage):
    await received(storage)
    again = await storage.cases.receive(a_ticket(at=LATER), an_entry(EntryKind.TICKET_RECEIVED))

    assert not again.created
    assert again.ticket.received_at == NOON
    assert len((await storage.journal.page()).items) == 1


async def test_an_id_with_other_content_is_a_conflict_that_shows_the_difference(storage: Storage):
    await received(storage, priority="high")

    with pytest.raises(Conflict) as caught:
        await storage.cases.receive(a_ticket(description="Another."), an_entry())
    assert caught.value.differences == {
        "description": ("The link is down.", "Another."),
        "priority": ("high", None),
    }
    assert len((await storage.journal.page()).items) == 1


async def test_many_senders_at_once_create_each_ticket_once(storage: Storage):
    answers = await asyncio.gather(
        *(storage.cases.receive(a_ticket(f"T-{i % 20}"), an_entry()) for i in range(100))
    )

    assert sum(answer.created for answer in answers) == 20
    assert len(await storage.cases.undelivered(100)) == 20
    assert len((await storage.journal.page()).items) == 20


async def test_a_conflict_harms_nobody_who_arrives_at_the_same_time(storage: Storage):
    await received(storage)
    tickets = [a_ticket(description="Other."), *(a_ticket(f"N-{i}") for i in range(10))]
    answers = await asyncio.gather(
        *(storage.cases.receive(ticket, an_entry()) for ticket in tickets),
        return_exceptions=True,
    )

    assert isinstance(answers[0], Conflict)
    assert all(answer.created for answer in answers[1:])


@pytest.mark.parametrize(
    "text",
    [
        "🔥 the rack 🧯",
        "\u202eright to left\u202c שלום عالم",
        "line\r\nline\ttab",
        "x" * 100_000,
        "'; --",
    ],
    ids=["emoji", "right-to-left", "control", "long", "quotes"],
)
async def test_any_text_comes_back_as_it_was(storage: Storage, text: str):
    case = await received(storage, description=text, title=text[:1_000])
    changed = await storage.cases.change(
        "T-1", CaseChange(at=LATER, resolution=text), [an_entry(text=text)]
    )

    assert case.ticket.request.description == text
    assert changed.ticket.resolution == text
    assert (await storage.cases.get("T-1")).ticket.resolution == text
    assert (await storage.journal.verify()).ok


async def test_every_field_of_a_request_comes_back(storage: Storage):
    fields = {
        "title": "Link",
        "category": "network",
        "enable_auto_remediation": True,
        "requester": "ada@example.org",
        "priority": "high",
    }
    case = await received(storage, **fields)

    assert case.ticket == a_ticket(**fields)


async def test_an_unknown_ticket_is_not_found(storage: Storage):
    with pytest.raises(NotFound):
        await storage.cases.get("T-1")
    with pytest.raises(NotFound):
        await storage.cases.change("T-1", CaseChange(at=NOON), [an_entry()])
    assert (await storage.journal.page()).items == []


async def test_a_change_keeps_every_paper_and_leaves_the_rest(storage: Storage):
    await received(storage)
    first = CaseChange(
        at=NOON,
        state=TicketState.PROCESSING,
        diagnosis=a_diagnosis(),
        score=a_score(),
        decision=a_decision(),
        pattern_id="P-1",
        approval_expires_at=LATER,
    )
    await storage.cases.change("T-1", first)
    second = CaseChange(
        at=LATER, outcomes=(an_outcome(),), verification=a_verification(), executed=True
    )
    returned = await storage.cases.change("T-1", second)
    case = await storage.cases.get("T-1")

    assert returned == case
    assert case == Case(
        ticket=a_ticket().replaced(
            state=TicketState.PROCESSING,
            updated_at=LATER,
            pattern_id="P-1",
            approval_expires_at=LATER,
        ),
        diagnosis=a_diagnosis(),
        score=a_score(),
        decision=a_decision(),
        outcomes=(an_outcome(),),
        verification=a_verification(),
        executed=True,
    )


async def test_not_a_number_in_a_paper_is_kept_and_does_not_lock_the_case(storage: Storage):
    await received(storage)
    await storage.cases.change("T-1", CaseChange(at=NOON, diagnosis=a_diagnosis(float("nan"))))
    case = await storage.cases.get("T-1")

    assert case.diagnosis is not None
    assert case.diagnosis.confidence != case.diagnosis.confidence


@pytest.mark.parametrize("wanted", TicketState)
async def test_only_the_arrows_of_the_table_are_allowed(storage: Storage, wanted: TicketState):
    await received(storage)
    await storage.cases.change("T-1", CaseChange(at=NOON, state=TicketState.PROCESSING))
    change = CaseChange(at=LATER, state=wanted)
    if wanted in MOVES[TicketState.PROCESSING] | {TicketState.PROCESSING}:
        await storage.cases.change("T-1", change, [an_entry()])
    else:
        with pytest.raises(Refused):
            await storage.cases.change("T-1", change, [an_entry()])
        assert (await storage.cases.get("T-1")).ticket.state is TicketState.PROCESSING
        assert len((await storage.journal.page()).items) == 1


async def test_a_change_with_expected_states_is_refused_in_any_other(storage: Storage):
    await received(storage)
    change = CaseChange(at=LATER, resolution="x", expected=frozenset({TicketState.PROPOSED}))

    with pytest.raises(Refused, match="proposed"):
        await storage.cases.change("T-1", change, [an_entry()])
    assert (await storage.cases.get("T-1")).ticket.resolution is None


async def test_of_two_who_resolve_at_once_one_is_refused(storage: Storage):
    await received(storage)
    change = CaseChange(
        at=LATER, state=TicketState.PROCESSING, expected=frozenset({TicketState.RECEIVED})
    )
    answers = await asyncio.gather(
        *(storage.cases.change("T-1", change, [an_entry()]) for _ in range(2)),
        return_exceptions=True,
    )

    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
    assert len((await storage.journal.page()).items) == 2


async def test_closing_sets_the_time_and_repeating_it_keeps_it(storage: Storage):
    await received(storage)
    for state in (TicketState.PROCESSING, TicketState.FAILED):
        await storage.cases.change("T-1", CaseChange(at=NOON, state=state))
    await storage.cases.change("T-1", CaseChange(at=LATER, state=TicketState.FAILED))

    assert (await storage.cases.get("T-1")).ticket.closed_at == NOON


async def test_a_closed_ticket_that_is_opened_again_is_not_closed(storage: Storage):
    await received(storage)
    states = (TicketState.PROCESSING, TicketState.REMEDIATING, TicketState.AMBIGUOUS)
    for state in states:
        await storage.cases.change("T-1", CaseChange(at=NOON, state=state))

    assert (await storage.cases.get("T-1")).ticket.closed_at is None


async def test_lists_come_newest_first_in_pages_without_gaps(storage: Storage):
    for i in range(7):
        await received(storage, f"T-{i}", minutes=i // 2)
    seen, cursor = [], None
    while True:
        page = await storage.cases.find(TicketFilter(), cursor, 2)
        seen += [ticket.id for ticket in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == ["T-6", "T-5", "T-4", "T-3", "T-2", "T-1", "T-0"]


async def test_ids_are_ordered_by_code_point_where_the_time_is_the_same(storage: Storage):
    for name in ("a", "B", "a-1", "A", "b"):
        await received(storage, name)
    page = await storage.cases.find(TicketFilter(), None, 10)

    assert [ticket.id for ticket in page.items] == ["b", "a-1", "a", "B", "A"]


async def test_a_ticket_that_arrives_while_somebody_pages_is_not_in_the_way(storage: Storage):
    for i in range(4):
        await received(storage, f"T-{i}", minutes=i)
    first = await storage.cases.find(TicketFilter(), None, 2)
    await received(storage, "T-new", minutes=9)
    second = await storage.cases.find(TicketFilter(), first.next_cursor, 2)

    assert [ticket.id for ticket in second.items] == ["T-1", "T-0"]
    assert second.next_cursor is None


async def test_filters_restrict_together(storage: Storage):
    await received(storage, "T-1", 0, category="network")
    await received(storage, "T-2", 5, category="network")
    await received(storage, "T-3", 5, category="storage")
    await storage.cases.change(
        "T-2", CaseChange(at=LATER, state=TicketState.PROCESSING, pattern_id="P-1")
    )

    async def ids(**wanted) -> list[str]:
        page = await storage.cases.find(TicketFilter(**wanted), None, 10)
        return [ticket.id for ticket in page.items]

    assert await ids(category="network") == ["T-2", "T-1"]
    assert await ids(state=TicketState.PROCESSING) == ["T-2"]
    assert await ids(pattern_id="P-1") == ["T-2"]
    assert await ids(since=LATER) == ["T-3", "T-2"]
    assert await ids(since=LATER, category="storage") == ["T-3"]
    assert await ids(state=TicketState.RECEIVED, pattern_id="P-1") == []


@pytest.mark.parametrize(
    "cursor", ["", "nonsense", "W10", "WyJwYXR0ZXJucyIsMSwiUC0xIl0", "é", "|"]
)
async def test_a_foreign_cursor_is_invalid(storage: Storage, cursor: str):
    await received(storage)

    with pytest.raises(Invalid):
        await storage.cases.find(TicketFilter(), cursor, 10)


async def test_a_delivered_ticket_is_processing_unless_it_went_further_already(storage: Storage):
    for ticket_id in ("T-1", "T-2"):
        await storage.cases.receive(a_ticket(ticket_id), an_entry())
    await storage.cases.change("T-2", CaseChange(at=NOON, state=TicketState.PROPOSED))
    await storage.cases.mark_delivered(["T-1", "T-2"])
    states = [(await storage.cases.get(name)).ticket.state for name in ("T-1", "T-2")]

    assert states == [TicketState.PROCESSING, TicketState.PROPOSED]


async def test_the_outbox_gives_the_oldest_first_until_delivered(storage: Storage):
    for i in range(3):
        await received(storage, f"T-{i}", minutes=-i)
    before = await storage.cases.undelivered(2)
    await storage.cases.mark_delivered(["T-2", "T-unknown"])
    await storage.cases.mark_delivered([])

    assert before == ["T-2", "T-1"]
    assert await storage.cases.undelivered(10) == ["T-1", "T-0"]
