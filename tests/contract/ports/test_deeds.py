"""The contract of `ports/deeds.py`."""

from datetime import datetime, timedelta

from tests.fakes.clock import NOON
from tests.fakes.samples import a_ticket, an_entry
from tests.fakes.storage import Storage

from datacenter_docs.domain.cases import CaseChange
from datacenter_docs.domain.outcomes import Outcome, OutcomeKind

WEB, DB = "vmware:lab:vm:web", "vmware:lab:vm:db"
HOUR = timedelta(hours=1)


def done(target: str, at: datetime, kind: OutcomeKind = OutcomeKind.CHANGED) -> Outcome:
    return Outcome(
        action_id=f"{target} {at}",
        operation="resize_vm",
        target=target,
        kind=kind,
        message="",
        finished_at=at,
    )


async def did(storage: Storage, ticket_id: str, *outcomes: Outcome) -> None:
    ticket = a_ticket(ticket_id, title=f"About {ticket_id}")
    await storage.cases.receive(ticket, an_entry(ticket_id=ticket_id))
    await storage.cases.change(ticket_id, CaseChange(at=NOON, outcomes=outcomes))


async def test_what_tickets_did_is_found_by_what_they_acted_upon_newest_first(storage: Storage):
    await did(storage, "T-1", done(WEB, NOON), done(DB, NOON + HOUR))
    await did(storage, "T-2", done(WEB, NOON + 2 * HOUR, OutcomeKind.UNDONE))
    found = await storage.deeds.upon([WEB])

    assert [(d.ticket_id, d.title, d.operation, d.kind) for d in found] == [
        ("T-2", "About T-2", "resize_vm", OutcomeKind.UNDONE),
        ("T-1", "About T-1", "resize_vm", OutcomeKind.CHANGED),
    ]
    assert [d.target for d in await storage.deeds.upon([WEB, DB], limit=2)] == [WEB, DB]


async def test_what_was_refused_was_not_done(storage: Storage):
    await did(storage, "T-1", done(WEB, NOON, OutcomeKind.REFUSED))

    assert await storage.deeds.upon([WEB]) == []


async def test_deeds_are_of_a_time_that_begins_after_its_first_moment(storage: Storage):
    await did(storage, "T-1", *(done(WEB, NOON + n * HOUR) for n in range(3)))
    found = await storage.deeds.upon([WEB], NOON, NOON + HOUR)

    assert [d.finished_at for d in found] == [NOON + HOUR]


async def test_upon_nothing_nothing_was_done(storage: Storage):
    assert await storage.deeds.upon([]) == []
