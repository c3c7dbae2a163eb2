"""Changes that share a commit: each ticket ends as its last change left it, in whatever company."""

from tests.fakes.clock import NOON
from tests.fakes.samples import a_ticket, an_entry
from tests.fakes.storage import Storage

from datacenter_docs.adapters.persistence.cases import Wish, apply_all
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.domain.cases import CaseChange
from datacenter_docs.domain.tickets import TicketState


async def test_two_changes_of_one_ticket_in_one_commit_keep_their_order(
    storage: Storage, database: Database
):
    for ticket_id in ("T-1", "T-2"):
        await storage.cases.receive(a_ticket(ticket_id), an_entry())
    told = {"state": TicketState.PROPOSED, "resolution": "told"}
    wishes = [
        Wish("T-2", CaseChange(at=NOON, **told)),
        Wish("T-1", CaseChange(at=NOON, state=TicketState.PROCESSING)),
        Wish("T-1", CaseChange(at=NOON, **told)),
    ]
    answers = await database.writer.run(lambda connection: apply_all(connection, wishes))

    assert (await storage.cases.get("T-1")).ticket.state is TicketState.PROPOSED
    assert await storage.cases.get("T-1") == answers[2]
