"""The fake of `ports/tokens.py`."""

from datetime import datetime

from tests.fakes.memory import Memory, page

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import NotFound, Refused
from datacenter_docs.domain.tokens import ApiToken
from datacenter_docs.ports.pages import Page
from datacenter_docs.ports.tokens import KeptToken


class FakeTokenStore:
    """Tokens in memory. `reads`: how often one was looked up."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._kept: dict[str, KeptToken] = {}
        self.reads = 0

    async def get(self, token_id: str) -> KeptToken:
        self.reads += 1
        if token_id not in self._kept:
            raise NotFound(f"There is no API token {token_id}.")
        return self._kept[token_id]

    async def find(self, cursor: str | None, limit: int) -> Page[ApiToken]:
        tokens = [kept.token for kept in self._kept.values()]
        oldest = sorted(tokens, key=lambda token: (token.created_at, token.token_id))
        return page("tokens", oldest, lambda token: token.token_id, cursor, limit)

    async def add(self, kept: KeptToken, entry: Entry) -> None:
        self._kept[kept.token.token_id] = kept
        self._memory.append([entry])

    async def rotate(self, new: KeptToken, old_ends_at: datetime, entry: Entry) -> None:
        old, secret_hash = await self.get(new.token.replaces or "")
        ended = old.ended(new.token.created_at)
        if ended is not None:
            raise Refused(f"The token {old.token_id} {ended}; create a new one instead.")
        ends_at = min(old.expires_at, old_ends_at)
        self._kept[old.token_id] = KeptToken(old.replaced(expires_at=ends_at), secret_hash)
        await self.add(new, entry)

    async def revoke(self, token_id: str, at: datetime, entry: Entry) -> ApiToken:
        token, secret_hash = await self.get(token_id)
        if token.revoked_at is not None:
            return token
        self._kept[token_id] = KeptToken(token.replaced(revoked_at=at), secret_hash)
        self._memory.append([entry])
        return self._kept[token_id].token

    async def used(self, token_id: str, at: datetime) -> None:
        kept = self._kept.get(token_id)
        if kept is None:
            return
        token, secret_hash = kept
        if token.last_used_at is None or token.last_used_at < at:
            self._kept[token_id] = KeptToken(token.replaced(last_used_at=at), secret_hash)
