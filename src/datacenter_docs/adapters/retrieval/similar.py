"""`SimilarTickets` in the database: the same answers on SQLite and PostgreSQL."""

import asyncio
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from sqlalchemy import Connection, delete, insert, select, update

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.retrieval import postings, ranking, weighing
from datacenter_docs.adapters.retrieval.gathering import MOST_ASKED, Shared, gather
from datacenter_docs.adapters.retrieval.ranking import Kept
from datacenter_docs.adapters.retrieval.tables import (
    similar_postings,
    similar_state,
    similar_tickets,
)
from datacenter_docs.adapters.retrieval.weighing import Question
from datacenter_docs.domain.retrieval.answers import Alike, Wording
from datacenter_docs.domain.retrieval.terms import Terms, terms
from datacenter_docs.ports.similar import MOST

_STATE_ID = 1
_COUNT = "SELECT coalesce(max(number) + 1, 0) FROM similar_tickets"


class SqlSimilarTickets:
    """Tickets by their words, as postings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def alike(self, asked: Wording, limit: int = MOST) -> Sequence[Alike]:
        found = terms(asked.title, asked.body)
        question = weighing.question(found, MOST_ASKED)
        return await self._database.scan(
            lambda connection: _alike(connection, asked, found, question, limit)
        )

    async def add(self, tickets: Sequence[Wording], *, after: int, upto: int) -> bool:
        weighed = await asyncio.to_thread(_weighed, tickets)

        def store(connection: Connection) -> bool:
            if _followed(connection) != after:
                return False
            _store(connection, weighed)
            _follow(connection, upto)
            return True

        return await self._database.writer.run(store)

    async def followed(self) -> int:
        return await self._database.read(_followed)

    async def clear(self) -> None:
        def empty(connection: Connection) -> None:
            for table in (similar_postings, similar_tickets, similar_state):
                connection.execute(delete(table))

        await self._database.writer.run(empty)


def category_hash(category: str) -> int:
    """What is kept of a category."""
    return crc32(category.encode())


def _weighed(tickets: Sequence[Wording]) -> list[tuple[Wording, Terms]]:
    return [(ticket, terms(ticket.title, ticket.body)) for ticket in tickets]


def _store(connection: Connection, weighed: Sequence[tuple[Wording, Terms]]) -> None:
    if not weighed:
        return
    first = _count(connection)
    rows, hashes, numbers = [], [], []
    codes = []
    for number, (ticket, found) in enumerate(weighed, first):
        rows.append(
            {
                "number": number,
                "ticket_id": ticket.ticket_id,
                "received_second": int(ticket.at.timestamp()),
                "category_hash": category_hash(ticket.category),
                "body_length": found.body_length,
            }
        )
        if found.counts:
            hashes += [postings.hashed(term) for term in found.counts]
            numbers += [number] * len(found.counts)
            codes.append(weighing.codes(found))
    connection.execute(insert(similar_tickets), rows)
    if codes:
        together = np.concatenate(codes)
        postings.append(connection, np.array(hashes), np.array(numbers), together)
    postings.settle(connection, first, first + len(weighed))


def _alike(
    connection: Connection, asked: Wording, found: Terms, question: Question, limit: int
) -> Sequence[Alike]:
    shared, rows, ids = candidates(connection, asked, question)
    scores = ranking.scores(rows)
    order = np.lexsort((-shared.numbers, -scores)).tolist()
    best = [slot for slot in order if ids[slot] != asked.ticket_id][:limit]
    words = ranking.deciding(question, shared, best)
    return [
        Alike(ids[slot], round(float(scores[slot]), 4), tuple(found.spelt[term] for term in own))
        for slot, own in zip(best, words, strict=True)
    ]


def candidates(
    connection: Connection, asked: Wording, question: Question
) -> tuple[Shared, np.ndarray[tuple[int, int], np.dtype[np.float64]], list[str]]:
    """The candidates, their features, and the ids of their tickets."""
    shared = gather(connection, question, _count(connection))
    by_number = postings.tickets(connection, shared.numbers.tolist())
    rows = [by_number[number] for number in shared.numbers.tolist()]
    told = np.array([row[1:] for row in rows], np.int64).reshape(-1, 3)
    kept = Kept(
        received_second=told[:, 0],
        same_category=told[:, 1] == category_hash(asked.category),
        body_length=told[:, 2],
    )
    features = ranking.features(question, shared, kept, int(asked.at.timestamp()))
    return shared, features, [row[0] for row in rows]


def _count(connection: Connection) -> int:
    """How many tickets were taken in: their numbers go without a gap."""
    [found] = connection.exec_driver_sql(_COUNT).scalars()
    return int(found)


def _followed(connection: Connection) -> int:
    return connection.scalar(select(similar_state.c.record)) or 0


def _follow(connection: Connection, upto: int) -> None:
    if not connection.execute(update(similar_state).values(record=upto)).rowcount:
        connection.execute(insert(similar_state).values(id=_STATE_ID, record=upto))
