"""`Categories` in the database: the guesses as rows, the model in memory and written down now and then.

Every process that follows the journal has a model of its own; since the same tickets make the same model, they agree.
"""

import asyncio
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.retrieval.softmax import Softmax, features
from datacenter_docs.adapters.retrieval.tables import category_guesses, category_model
from datacenter_docs.domain.retrieval.answers import MISSING_CATEGORY, Guess, Wording

FIRST_WRITTEN, WRITTEN_SHARE, LONGEST_UNWRITTEN = 200, 0.1, 20_000
"""The model is written down after this share more tickets than it knew, at least the first number of them and at most the last."""
_MODEL_ID = 1
_KNOWN = select(category_guesses.c.ticket_id).where(
    category_guesses.c.ticket_id.in_(bindparam("ids", expanding=True))
)


class SqlCategories:
    """What was learned of categories."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = asyncio.Lock()
        self._model: Softmax | None = None
        self._followed = 0
        self._written = 0

    async def take_in(self, tickets: Sequence[Wording], *, upto: int) -> None:
        async with self._lock:
            model = await self._loaded()
            if upto <= self._followed:
                return
            guesses = await asyncio.to_thread(_guess_and_learn, model, tickets)
            due = _due(model.learned, self._written)
            payload = await asyncio.to_thread(model.written) if due else None

            def store(connection: Connection) -> None:
                _store(connection, guesses)
                if payload is not None:
                    _write(connection, payload, upto)

            try:
                await self._database.writer.run(store)
            except BaseException:
                self._model = None  # it knows more than was stored: begin again from what is
                raise
            self._followed = upto
            self._written = model.learned if due else self._written

    async def guessed(self, ticket_id: str) -> Guess | None:
        query = select(category_guesses).where(category_guesses.c.ticket_id == ticket_id)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else Guess(row.category, row.probability)

    async def followed(self) -> int:
        async with self._lock:
            await self._loaded()
            return self._followed

    async def _loaded(self) -> Softmax:
        if self._model is None:
            query = select(category_model)
            row = await self._database.scan(lambda c: c.execute(query).one_or_none())
            self._model = await asyncio.to_thread(Softmax.read, row.payload) if row else Softmax()
            self._followed = row.record if row else 0
            self._written = self._model.learned
        return self._model


def _guess_and_learn(model: Softmax, tickets: Sequence[Wording]) -> list[tuple[str, Guess]]:
    guesses = []
    for ticket in tickets:
        given = features(f"{ticket.title}\n{ticket.body}")
        guess = model.guess(given)
        if guess is not None:
            guesses.append((ticket.ticket_id, guess))
        if ticket.category != MISSING_CATEGORY:
            model.learn(given, ticket.category)
    return guesses


def _due(learned: int, written: int) -> bool:
    return learned - written >= min(max(FIRST_WRITTEN, WRITTEN_SHARE * written), LONGEST_UNWRITTEN)


def _store(connection: Connection, guesses: Sequence[tuple[str, Guess]]) -> None:
    """Those that are not there yet: the first guess of a ticket stands."""
    ids = [ticket_id for ticket_id, _ in guesses]
    known = set(connection.execute(_KNOWN, {"ids": ids}).scalars()) if ids else set()
    rows = [
        {"ticket_id": one, "category": guess.category, "probability": guess.probability}
        for one, guess in guesses
        if one not in known
    ]
    if rows:
        connection.execute(insert(category_guesses), rows)


def _write(connection: Connection, payload: bytes, record: int) -> None:
    values = {"payload": payload, "record": record}
    if not connection.execute(
        update(category_model).where(category_model.c.record <= record).values(values)
    ).rowcount and not connection.scalar(select(category_model.c.id)):
        connection.execute(insert(category_model).values(id=_MODEL_ID, **values))
