"""The contract of `ports/grants.py`."""

import asyncio
from datetime import timedelta

import pytest
from tests.fakes.clock import NOON
from tests.fakes.samples import a_grant, a_ticket, an_entry
from tests.fakes.storage import Storage

from datacenter_docs.domain.audit import EntryKind
from datacenter_docs.domain.cases import CaseChange
from datacenter_docs.domain.errors import NotFound, Refused
from datacenter_docs.domain.grants import Grant
from datacenter_docs.domain.tickets import TicketState

WAITING = frozenset({TicketState.AWAITING_APPROVAL})
GIVEN = an_entry(EntryKind.APPROVAL_GIVEN)
TAKEN_UP = CaseChange(at=NOON, state=TicketState.REMEDIATING)
EXPIRED = CaseChange(at=NOON, state=TicketState.REJECTED, resolution="Nobody answered.")


@pytest.fixture
async def waiting(storage: Storage) -> Storage:
    """A storage whose ticket T-1 waits for approval."""
    await storage.cases.receive(a_ticket(), an_entry())
    for state in (TicketState.PROCESSING, TicketState.AWAITING_APPROVAL):
        await storage.cases.change("T-1", CaseChange(at=NOON, state=state))
    return storage


async def give(storage: Storage, grant: Grant) -> Grant:
    return await storage.grants.give(grant, expected=WAITING, entries=[GIVEN])


async def approvals(storage: Storage) -> int:
    return len((await storage.journal.page(kinds=[EntryKind.APPROVAL_GIVEN])).items)


async def test_an_answer_is_pending_in_the_outbox_and_journaled(waiting: Storage):
    grant = a_grant(comment="go on ✅")

    assert await give(waiting, grant) == grant
    assert await waiting.grants.get("G-1") == grant
    assert await waiting.grants.pending("T-1") == grant
    assert list(await waiting.grants.undelivered(10)) == [grant]
    assert await approvals(waiting) == 1


async def test_a_ticket_that_does_not_wait_cannot_be_answered(storage: Storage):
    await storage.cases.receive(a_ticket(), an_entry())

    with pytest.raises(Refused, match="received"):
        await give(storage, a_grant())
    assert await storage.grants.pending("T-1") is None
    assert await approvals(storage) == 0


async def test_an_unknown_ticket_or_grant_is_not_found(storage: Storage):
    with pytest.raises(NotFound):
        await give(storage, a_grant())
    with pytest.raises(NotFound):
        await storage.grants.get("G-1")
    with pytest.raises(NotFound):
        await storage.grants.settle("G-1", "T-1", TAKEN_UP, [])
    with pytest.raises(NotFound):
        await storage.grants.expire("T-1", EXPIRED, [])


async def test_a_plan_is_answered_once_until_it_is_settled(waiting: Storage):
    await give(waiting, a_grant())

    with pytest.raises(Refused):
        await give(waiting, a_grant("G-2", approver="bob"))
    assert await give(waiting, a_grant("G-3", plan_hash="c" * 64))
    assert await approvals(waiting) == 2


async def test_of_many_answers_at_once_one_counts(waiting: Storage):
    answers = await asyncio.gather(
        *(give(waiting, a_grant(f"G-{i}")) for i in range(5)), return_exceptions=True
    )

    assert sum(isinstance(answer, Refused) for answer in answers) == 4
    assert await approvals(waiting) == 1


async def test_settling_changes_the_case_once_and_empties_the_outbox(waiting: Storage):
    await give(waiting, a_grant())
    for _ in range(2):
        await waiting.grants.settle("G-1", "T-1", TAKEN_UP, [an_entry(EntryKind.TICKET_DECIDED)])
    decided = await waiting.journal.page(kinds=[EntryKind.TICKET_DECIDED])

    assert (await waiting.cases.get("T-1")).ticket.state is TicketState.REMEDIATING
    assert await waiting.grants.pending("T-1") is None
    assert list(await waiting.grants.undelivered(10)) == []
    assert len(decided.items) == 1


async def test_a_settlement_that_the_state_forbids_settles_nothing(waiting: Storage):
    await give(waiting, a_grant())
    forbidden = CaseChange(at=NOON, state=TicketState.RECEIVED)

    with pytest.raises(Refused):
        await waiting.grants.settle("G-1", "T-1", forbidden, [])
    assert await waiting.grants.pending("T-1") == a_grant()


async def test_after_settling_the_same_plan_may_be_answered_again(waiting: Storage):
    await give(waiting, a_grant())
    await waiting.grants.settle("G-1", "T-1", CaseChange(at=NOON), [])

    assert (await give(waiting, a_grant("G-2"))).grant_id == "G-2"


async def test_without_an_answer_the_ticket_expires(waiting: Storage):
    entry = an_entry(EntryKind.APPROVAL_EXPIRED)

    assert await waiting.grants.expire("T-1", EXPIRED, [entry]) is None
    assert (await waiting.cases.get("T-1")).ticket.state is TicketState.REJECTED
    with pytest.raises(Refused):
        await give(waiting, a_grant())


async def test_an_answer_in_the_last_moment_wins_over_expiry(waiting: Storage):
    await give(waiting, a_grant())
    entry = an_entry(EntryKind.APPROVAL_EXPIRED)

    assert await waiting.grants.expire("T-1", EXPIRED, [entry]) == a_grant()
    assert (await waiting.cases.get("T-1")).ticket.state is TicketState.AWAITING_APPROVAL
    assert (await waiting.journal.page(kinds=[EntryKind.APPROVAL_EXPIRED])).items == []


async def test_either_the_answer_or_the_expiry_happens_never_both(waiting: Storage):
    given, expired = await asyncio.gather(
        give(waiting, a_grant()),
        waiting.grants.expire("T-1", EXPIRED, []),
        return_exceptions=True,
    )

    assert (isinstance(given, Refused)) == (expired is None)


async def test_the_outbox_gives_the_oldest_first_until_delivered(waiting: Storage):
    for i in range(3):
        grant = a_grant(f"G-{i}", plan_hash=str(i) * 64, granted_at=NOON - timedelta(minutes=i))
        await give(waiting, grant)
    before = [grant.grant_id for grant in await waiting.grants.undelivered(2)]
    await waiting.grants.mark_delivered(["G-2", "G-unknown"])
    after = [grant.grant_id for grant in await waiting.grants.undelivered(10)]

    assert (before, after) == (["G-2", "G-1"], ["G-1", "G-0"])
    assert await waiting.grants.pending("T-1") == await waiting.grants.get("G-2")
