"""API tokens are made, rotated and revoked. The written token leaves here once, and is not kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from datacenter_docs.domain import tokens
from datacenter_docs.domain.access import Role, is_reserved
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.tokens import LONGEST, LONGEST_OVERLAP, ApiToken, Written
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.pages import Page
from datacenter_docs.ports.tokens import KeptToken, TokenStore

ID_BYTES, SECRET_BYTES = 6, 32


class Issued(NamedTuple):
    """A new token, and how its holder writes it."""

    token: ApiToken
    written: str


class Issuing:
    """Hands out tokens. `random_hex`: so many random bytes from the system as hex digits. `changed`: told the id of a token that
    ends sooner than was known.
    """

    def __init__(
        self,
        store: TokenStore,
        clock: Clock,
        random_hex: Callable[[int], str],
        changed: Callable[[str], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._random_hex = random_hex
        self._changed = changed

    async def create(
        self, name: str, role: Role, note: str, valid: timedelta, *, by: str
    ) -> Issued:
        """A new token of somebody. Raises `Invalid` for a name that the journal uses itself, and for a time that is none or too
        long.
        """
        if is_reserved(name):
            raise Invalid(f"Nobody can be called {name}.", {"name": "is reserved"})
        if not timedelta() < valid <= LONGEST:
            raise Invalid(f"A token is valid for at most {LONGEST.days} days.")
        issued, kept = self._new(name, role, note, valid, by, replaces=None)
        await self._store.add(kept, self._entry(EntryKind.TOKEN_CREATED, by, issued.token))
        return issued

    async def rotate(self, token_id: str, overlap: timedelta, *, by: str) -> Issued:
        """A new token in place of an old one, which goes on for `overlap` so that its holder can change over. The new one is
        valid for as long as the old one was. Raises `NotFound`, `Invalid`, and `Refused` when the old one has ended.
        """
        if not timedelta() <= overlap <= LONGEST_OVERLAP:
            raise Invalid(f"The old token may go on for {LONGEST_OVERLAP.days} days at most.")
        old = (await self._store.get(token_id)).token
        valid = old.expires_at - old.created_at
        issued, kept = self._new(old.name, old.role, old.note, valid, by, replaces=token_id)
        entry = self._entry(EntryKind.TOKEN_ROTATED, by, issued.token)
        await self._store.rotate(kept, issued.token.created_at + overlap, entry)
        self._changed(token_id)
        return issued

    async def revoke(self, token_id: str, *, by: str) -> ApiToken:
        """Take a token away, now and for good. Twice is fine. Raises `NotFound`."""
        token = (await self._store.get(token_id)).token
        entry = self._entry(EntryKind.TOKEN_REVOKED, by, token)
        revoked = await self._store.revoke(token_id, entry.at, entry)
        self._changed(token_id)
        return revoked

    async def find(self, cursor: str | None, limit: int) -> Page[ApiToken]:
        """All tokens, oldest first. Raises `Invalid` for a foreign cursor."""
        return await self._store.find(cursor, limit)

    def _new(
        self, name: str, role: Role, note: str, valid: timedelta, by: str, *, replaces: str | None
    ) -> tuple[Issued, KeptToken]:
        written = Written(self._random_hex(ID_BYTES), self._random_hex(SECRET_BYTES))
        now = self._clock.now()
        token = ApiToken(
            token_id=written.token_id,
            name=name,
            role=role,
            note=note,
            created_by=by,
            created_at=now,
            expires_at=now + valid,
            replaces=replaces,
        )
        return Issued(token, str(written)), KeptToken(token, tokens.hashed(written.secret))

    def _entry(self, kind: EntryKind, by: str, token: ApiToken) -> Entry:
        told = token.model_dump(mode="json", include={"token_id", "name", "role", "note", "expires_at", "replaces"})  # fmt: skip
        return Entry(kind=kind, at=self._clock.now(), actor=by, body=told)
