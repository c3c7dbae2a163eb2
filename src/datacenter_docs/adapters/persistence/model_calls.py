"""Calls of a model in the database."""

from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Index,
    Integer,
    RowMapping,
    Table,
    Text,
    and_,
    func,
    insert,
    or_,
    select,
)

from datacenter_docs.adapters.persistence import cursors
from datacenter_docs.adapters.persistence.columns import Name, UtcTime, microseconds, moment
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.tables import metadata
from datacenter_docs.domain.model_calls import ModelCall, Spent
from datacenter_docs.ports.pages import Page

_LISTING = "model-calls"
model_calls = Table(
    "model_calls",
    metadata,
    Column("call_id", Name, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("purpose", Name, nullable=False),
    Column("subject", Name, nullable=False),
    Column("model", Name, nullable=False),
    Column("outcome", Name, nullable=False),
    Column("error", Text),
    Column("messages", Text, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("usd", Float),
    Column("seconds", Float, nullable=False),
    Index("ix_model_calls_at", "at"),
    Index("ix_model_calls_subject", "subject", "at"),
)


class SqlModelCalls:
    """One row per call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, call: ModelCall) -> None:
        def store(connection: Connection) -> None:
            connection.execute(insert(model_calls).values(dict(call)))

        await self._database.writer.run(store)

    async def spent(self, since: datetime) -> Spent:
        tokens = func.sum(model_calls.c.input_tokens + model_calls.c.output_tokens)
        query = select(func.coalesce(tokens, 0), func.coalesce(func.sum(model_calls.c.usd), 0.0))
        query = query.where(model_calls.c.at >= since)
        row = await self._database.read(lambda connection: connection.execute(query).one())
        return Spent(tokens=int(row[0]), usd=float(row[1]))

    async def about(self, subject: str, cursor: str | None, limit: int) -> Page[ModelCall]:
        query = (
            select(model_calls)
            .where(model_calls.c.subject == subject)
            .order_by(model_calls.c.at.desc(), model_calls.c.call_id)
        )
        if cursor is not None:
            number, name = cursors.decode(_LISTING, cursor)
            at = moment(number)
            same = and_(model_calls.c.at == at, model_calls.c.call_id > name)
            query = query.where(or_(model_calls.c.at < at, same))
        bounded = query.limit(limit + 1)
        rows = await self._database.scan(lambda c: c.execute(bounded).mappings().all())
        items = [_call_of(row) for row in rows[:limit]]
        more = len(rows) > limit
        return Page(items, _cursor_after(items[-1]) if more else None)


def _cursor_after(call: ModelCall) -> str:
    return cursors.encode(_LISTING, microseconds(call.at), call.call_id)


def _call_of(row: RowMapping) -> ModelCall:
    return ModelCall.model_validate(dict(row))
