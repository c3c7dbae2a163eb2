"""The queries that run all day find their rows through an index, without sorting."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.storage import Storage
from tests.peers.databases import opened
from tests.peers.stores import sql_storage

from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.queries import SearchFilter, pieces
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.estate import ResourceFilter
from datacenter_docs.ports.patterns import PatternFilter
from datacenter_docs.ports.searching import Asked
from datacenter_docs.ports.tickets import TicketFilter

QUERIES = {
    "the newest tickets": lambda s: s.cases.find(TicketFilter(), None, 10),
    "tickets since": lambda s: s.cases.find(TicketFilter(since=NOON), None, 10),
    "tickets of a state": lambda s: s.cases.find(TicketFilter(state=TicketState.FAILED), None, 10),
    "tickets of a category": lambda s: s.cases.find(TicketFilter(category="network"), None, 10),
    "tickets of a pattern": lambda s: s.cases.find(TicketFilter(pattern_id="P-1"), None, 10),
    "the outbox": lambda s: s.cases.undelivered(10),
    "closed tickets": lambda s: s.history.closed_counts("network", NOON - timedelta(days=180)),
    "a ticket's records": lambda s: s.journal.page(ticket_id="T-1"),
    "records of a kind": lambda s: s.journal.page(kinds=["kill_switch.set"]),
    "the policy of a category": lambda s: s.policies.for_category("network"),
    "prototypes that came since": lambda s: s.patterns.prototypes_after(3),
    "the biggest patterns": lambda s: s.patterns.find(PatternFilter(), None, 10),
    "what was said of a ticket": lambda s: s.feedback.said_of("T-1", "P-1", "network", 9),
    "answers to tell of": lambda s: s.grants.undelivered(10),
    "an answer that is pending": lambda s: s.grants.pending("T-1"),
    "a note": lambda s: s.notes.get("risks"),
    "an old note": lambda s: s.notes.get("risks", 1),
    "the notes": lambda s: s.notes.find(None, 10),
    "a document": lambda s: s.documents.get_all(["risks"]),
    "parts of a document": lambda s: s.documents.all("network/interface/"),
    "what tickets did": lambda s: s.deeds.upon([VM], NOON, None, 10),
    "a resource": lambda s: s.estate.get_all([VM]),
    "resources of a connection": lambda s: s.estate.find(
        ResourceFilter(connection="lab"), None, 9
    ),
    "resources of a kind": lambda s: s.estate.find(ResourceFilter("vmware", kind="vm"), None, 9),
    "what a resource contains": lambda s: s.estate.find(ResourceFilter(parent=VM), None, 9),
    "relations": lambda s: s.estate.related([VM], ["part_of"]),
    "what a survey touched": lambda s: s.estate.touched(7),
    "what is called so": lambda s: s.search.called("web 1", SearchFilter(), 10),
    "what has these words": lambda s: s.search.match(
        [Asked(pieces("web 1"), SearchFilter(), False)], 10
    ),
    "what is called by these words": lambda s: s.search.match(
        [Asked(pieces("web 1"), SearchFilter(), True)], 10
    ),
    "words alike": lambda s: s.search.similar(["webshop"], 10),
    "texts of hits": lambda s: s.search.texts([1, 2]),
}
VM = "vmware:lab:vm:web-1"
WAYS = ("USING INDEX", "USING COVERING INDEX", "USING INTEGER PRIMARY KEY", "VIRTUAL TABLE INDEX")
SORTED = {
    "what was said of a ticket",
    "an answer that is pending",
    "what tickets did",
    "what a resource contains",
    "what is called so",
    "words alike",
}
"""What sorts the few rows that it found."""


@pytest.mark.parametrize("name", QUERIES)
async def test_a_query_goes_through_an_index(sqlite_url: str, name: str, tmp_path):
    plans: list[str] = []

    def explain(connection: Connection, cursor, statement, parameters, *_rest) -> None:
        if statement.startswith("SELECT"):
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in cursor.fetchall())

    with opened(sqlite_url) as database:
        storage: Storage = sql_storage(database, tmp_path / "anchors", FakeClock())
        for readers in (database._readers, database._scanners):
            event.listen(readers._engine, "before_cursor_execute", explain)
        with suppress(NotFound):
            await QUERIES[name](storage)

    assert plans
    of_tables = [
        plan for plan in plans if plan.startswith(("SEARCH", "SCAN")) and "anon" not in plan
    ]
    assert all(any(way in plan for way in WAYS) for plan in of_tables), plans
    if name not in SORTED:
        assert not any("TEMP B-TREE" in plan for plan in plans), plans
