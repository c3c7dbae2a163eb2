"""The public keys of an identity provider, by discovery (OpenID Connect Discovery 1.0), kept for a while.

A key that is not known makes them be read anew, since providers change keys at any time; but not more often than every `PAUSE`,
so that forged tokens do not make us knock at the provider's door. While it does not answer, the keys that are there serve on.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import httpx2
from jwt import PyJWK, PyJWKSet, PyJWTError

from datacenter_docs.domain.addresses import is_safe_way
from datacenter_docs.domain.errors import Unavailable
from datacenter_docs.ports.clock import Clock

KEPT = timedelta(minutes=10)
"""After so long they are read anew, so that a key that was taken away stops counting."""
SERVE_ON = timedelta(hours=1)
"""For so long they serve while the provider does not answer."""
PAUSE = timedelta(seconds=10)
TIMEOUT_SECONDS = 5.0
MOST_BYTES = 1_048_576
WELL_KNOWN = "/.well-known/openid-configuration"


class _Keys(NamedTuple):
    """The keys by their ids, and when they were read."""

    by_id: Mapping[str, PyJWK]
    read_at: datetime


class ProviderKeys:
    """Reads them over HTTPS, and over HTTP on the loopback address only."""

    def __init__(self, issuer: str, clock: Clock) -> None:
        self._issuer = issuer
        self._clock = clock
        self._keys: _Keys | None = None
        self._tried_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def key(self, key_id: str) -> PyJWK | None:
        """A key; None: the provider has no such key. Raises `Unavailable` when none can be had."""
        if self._must_read(key_id):
            async with self._reading:
                if self._must_read(key_id):
                    await self._read()
        keys = self._keys
        if keys is None or self._clock.now() - keys.read_at > SERVE_ON:
            raise Unavailable(
                "The keys of the identity provider cannot be read.", PAUSE.total_seconds()
            )
        return keys.by_id.get(key_id)

    def _must_read(self, key_id: str) -> bool:
        now = self._clock.now()
        if self._tried_at is not None and timedelta() <= now - self._tried_at < PAUSE:
            return False
        keys = self._keys
        return keys is None or key_id not in keys.by_id or now - keys.read_at > KEPT

    async def _read(self) -> None:
        """Read them; what is there stays where the provider does not answer, or with nonsense."""
        self._tried_at = self._clock.now()
        try:
            async with httpx2.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False) as http:
                told = await _json(http, self._issuer.rstrip("/") + WELL_KNOWN)
                if told["issuer"] != self._issuer:
                    return
                found = PyJWKSet.from_dict(await _json(http, told["jwks_uri"]))
        except (httpx2.HTTPError, httpx2.InvalidURL, PyJWTError, ValueError, KeyError, TypeError):
            return
        by_id = {key.key_id: key for key in found.keys if key.key_id and _signs(key)}
        self._keys = _Keys(by_id, self._clock.now())


async def _json(http: httpx2.AsyncClient, url: str) -> Any:
    if not is_safe_way(url):
        raise ValueError("not over https")
    body = b""
    async with http.stream("GET", url) as response:
        response.raise_for_status()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                raise ValueError("too long")
    return httpx2.Response(200, content=body).json()


def _signs(key: PyJWK) -> bool:
    return key.public_key_use in (None, "sig")
