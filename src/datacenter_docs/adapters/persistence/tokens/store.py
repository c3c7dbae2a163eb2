"""`TokenStore` in the database."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, or_, select, tuple_, update
from sqlalchemy.sql import Update

from datacenter_docs.adapters.persistence import chain, cursors
from datacenter_docs.adapters.persistence.columns import microseconds, moment
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.tokens.tables import api_tokens
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import NotFound, Refused
from datacenter_docs.domain.tokens import ApiToken
from datacenter_docs.ports.pages import Page
from datacenter_docs.ports.tokens import KeptToken

_LISTING = "tokens"
_T = api_tokens.c


class SqlTokenStore:
    """Tokens as rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, token_id: str) -> KeptToken:
        return await self._database.read(lambda connection: _kept(connection, token_id))

    async def find(self, cursor: str | None, limit: int) -> Page[ApiToken]:
        query = select(api_tokens).order_by(_T.created_at, _T.token_id).limit(limit + 1)
        if cursor is not None:
            number, name = cursors.decode(_LISTING, cursor)
            query = query.where(tuple_(_T.created_at, _T.token_id) > (moment(number), name))
        rows = await self._database.read(lambda c: c.execute(query).mappings().all())
        found = [_token(row) for row in rows[:limit]]
        if len(rows) <= limit:
            return Page(found)
        last = found[-1]
        return Page(found, cursors.encode(_LISTING, microseconds(last.created_at), last.token_id))

    async def add(self, kept: KeptToken, entry: Entry) -> None:
        await self._database.writer.run(lambda connection: _insert(connection, kept, entry))

    async def rotate(self, new: KeptToken, old_ends_at: datetime, entry: Entry) -> None:
        def store(connection: Connection) -> None:
            old = _kept(connection, new.token.replaces or "").token
            ended = old.ended(new.token.created_at)
            if ended is not None:
                raise Refused(f"The token {old.token_id} {ended}; create a new one instead.")
            ends_at = min(old.expires_at, old_ends_at)
            connection.execute(_of(old.token_id).values(expires_at=ends_at))
            _insert(connection, new, entry)

        await self._database.writer.run(store)

    async def revoke(self, token_id: str, at: datetime, entry: Entry) -> ApiToken:
        def store(connection: Connection) -> ApiToken:
            token = _kept(connection, token_id).token
            if token.revoked_at is not None:
                return token
            connection.execute(_of(token_id).values(revoked_at=at))
            chain.append(connection, [entry])
            return token.replaced(revoked_at=at)

        return await self._database.writer.run(store)

    async def used(self, token_id: str, at: datetime) -> None:
        later = or_(_T.last_used_at.is_(None), _T.last_used_at < at)
        statement = _of(token_id).where(later).values(last_used_at=at)
        await self._database.writer.run(lambda connection: connection.execute(statement))


def _of(token_id: str) -> Update:
    return update(api_tokens).where(_T.token_id == token_id)


def _kept(connection: Connection, token_id: str) -> KeptToken:
    query = select(api_tokens).where(_T.token_id == token_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no API token {token_id}.")
    return KeptToken(_token(row), row["secret_hash"])


def _insert(connection: Connection, kept: KeptToken, entry: Entry) -> None:
    row = {**kept.token.model_dump(), "secret_hash": kept.secret_hash}
    connection.execute(insert(api_tokens), row)
    chain.append(connection, [entry])


def _token(row: RowMapping) -> ApiToken:
    return ApiToken(**{name: row[name] for name in ApiToken.model_fields})
