"""Who asks: an API token of ours, or a token of the identity provider.

A token that was read a moment ago is not read again, so that most requests cost a look into memory. What is revoked or expires
elsewhere is therefore seen within `FRESH`, and in this process at once.
"""

from collections import OrderedDict
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from datacenter_docs.domain import tokens
from datacenter_docs.domain.access import Login, Principal
from datacenter_docs.domain.errors import NotFound, Unauthenticated, Unavailable
from datacenter_docs.domain.tokens import ApiToken, Written
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.logins import LoginProvider
from datacenter_docs.ports.tokens import KeptToken, TokenStore
from datacenter_docs.services.throttling import Throttling

FRESH = timedelta(seconds=1)
"""For so long a token is believed to be what it was."""
MOST_KNOWN = 10_000
"""Tokens that are remembered; only those whose secret was shown are."""
USED_EVERY = timedelta(minutes=1)
"""How often the last use is written down."""
NOTHING_SHOWN = "Log in: send an API token or a token of your identity provider as `Authorization: Bearer ...`."


class _Known(NamedTuple):
    """A token whose secret was shown before, and when it was read."""

    kept: KeptToken
    principal: Principal
    read_at: datetime


class Authenticating:
    """Knows people by what they show. `provider` None: there is no identity provider."""

    def __init__(
        self,
        store: TokenStore,
        provider: LoginProvider | None,
        throttling: Throttling,
        clock: Clock,
    ) -> None:
        self._store = store
        self._provider = provider
        self._throttling = throttling
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def principal(self, authorization: str | None, address: str) -> Principal:
        """Who asks, by the header `Authorization`. `address`: where from, for counting failures.

        Raises `Unauthenticated`, `Throttled` for an address that failed too often, and what the provider raises.
        """
        shown = _bearer(authorization)
        written = tokens.read(shown)
        if written is None:
            return await self._foreign(shown, address)
        known = self._known.get(written.token_id)
        now = self._clock.now()
        if known is not None and tokens.opens(written.secret, known.kept.secret_hash):
            # Whoever showed it before is not shut out by the failures of others at the same address.
            if timedelta() <= now - known.read_at < FRESH:
                return _still(known, now)
        else:
            self._throttling.must_not_wait(address)
        return _still(await self._read(written, address, now), now)

    def forget(self, token_id: str) -> None:
        """Read this token anew when it is shown next."""
        self._known.pop(token_id, None)

    async def _read(self, written: Written, address: str, now: datetime) -> _Known:
        try:
            kept = await self._store.get(written.token_id)
        except NotFound:
            kept = None
        if kept is None or not tokens.opens(written.secret, kept.secret_hash):
            raise self._failure(address, "This API token is not known.")
        known = _Known(kept, _principal(kept.token), now)
        self._known[written.token_id] = known
        self._known.move_to_end(written.token_id)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        last = kept.token.last_used_at
        if kept.token.ended(now) is None and (last is None or now - last >= USED_EVERY):
            with suppress(Unavailable):  # who asks is known all the same
                await self._store.used(written.token_id, now)
        return known

    async def _foreign(self, shown: str, address: str) -> Principal:
        self._throttling.must_not_wait(address)
        if self._provider is None or shown.startswith(tokens.PREFIX):
            raise self._failure(address, "This is not an API token of this server.")
        try:
            return await self._provider.principal(shown)
        except Unauthenticated:
            self._throttling.failed(address)
            raise

    def _failure(self, address: str, message: str) -> Unauthenticated:
        self._throttling.failed(address)
        return Unauthenticated(message, presented=True)


def _bearer(authorization: str | None) -> str:
    scheme, _, shown = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not shown.strip():
        raise Unauthenticated(NOTHING_SHOWN, presented=False)
    return shown.strip()


def _principal(token: ApiToken) -> Principal:
    return Principal(name=token.name, role=token.role, login=Login.TOKEN)


def _still(known: _Known, now: datetime) -> Principal:
    """Raises `Unauthenticated` for a token that has ended. That is no guess, and counts as no failure."""
    token = known.kept.token
    ended = token.ended(now)
    if ended is not None:
        raise Unauthenticated(f"The API token {token.token_id} {ended}.", presented=True)
    return known.principal
