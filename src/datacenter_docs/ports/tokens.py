"""Where API tokens are kept: what may be shown of each, and the hash of its secret."""

from datetime import datetime
from typing import NamedTuple, Protocol

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.tokens import ApiToken
from datacenter_docs.ports.pages import Page


class KeptToken(NamedTuple):
    """A token with the hash of its secret (`domain.tokens.hashed`)."""

    token: ApiToken
    secret_hash: str


class TokenStore(Protocol):
    """Tokens by their id. Every change carries its journal entry in the same commit; nothing is ever removed."""

    async def get(self, token_id: str) -> KeptToken:
        """A token, revoked and expired ones too. Raises `NotFound`."""
        ...

    async def find(self, cursor: str | None, limit: int) -> Page[ApiToken]:
        """All of them, oldest first. Raises `Invalid` for a cursor that was not given by this method."""
        ...

    async def add(self, kept: KeptToken, entry: Entry) -> None:
        """Store a new one."""
        ...

    async def rotate(self, new: KeptToken, old_ends_at: datetime, entry: Entry) -> None:
        """Store a new one that replaces `new.token.replaces`, which ends at `old_ends_at` unless it ends earlier anyway.

        Raises `NotFound`, and `Refused` when the old one is revoked, or expired when the new one is created.
        """
        ...

    async def revoke(self, token_id: str, at: datetime, entry: Entry) -> ApiToken:
        """Take it away for good. A second time changes and journals nothing. Raises `NotFound`."""
        ...

    async def used(self, token_id: str, at: datetime) -> None:
        """Remember that it was used; an earlier time than the known one, or an unknown token, changes nothing."""
        ...
