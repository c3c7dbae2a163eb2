"""Raw answers that were just read, kept for a while so that whoever remembers a fact can ask for what it was read from.

`readings.py` puts them here, `serving.py` gives them out. The shelf of a server is found by a context variable, which also
reaches the threads that blocking SDKs run in; without one, nothing is kept. In memory only, compressed, and bounded.
"""

import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import NamedTuple

from datacenter_mcp.contract.reading import Payload, PayloadBunch
from datacenter_mcp.contract.redaction import redacted

CAPACITY_BYTES = 64 * 1024 * 1024
"""Of all that is kept, compressed; the raw answers of some ten thousand resources."""

BODY_LIMIT = 1024 * 1024
"""Characters of a body that is given out; a longer one is cut."""

BUNCH_LIMIT = 1024 * 1024
"""Characters after which no further body goes into one answer."""

_LOOK_BEHIND = 4_096
"""Characters beyond the cut, so that a secret that the cut would halve is still seen whole."""

_LEVEL = 1


class _Kept(NamedTuple):
    """One raw answer. `body`: compressed, as much of it as may be given out, and a little more."""

    body: bytes
    size_bytes: int
    cut: bool


class Shelf:
    """Raw answers by hash; those that nobody used for longest go first. May be used by any number of threads."""

    def __init__(self, capacity_bytes: int = CAPACITY_BYTES) -> None:
        self._capacity = capacity_bytes
        self._held = 0
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def put(self, sha256: str, payload: str, size_bytes: int) -> None:
        """Keep a raw answer; one that is there already is only moved to the front."""
        with self._lock:
            if sha256 in self._kept:
                self._kept.move_to_end(sha256)
                return
        head = payload[: BODY_LIMIT + _LOOK_BEHIND].encode("utf-8", "replace")
        kept = _Kept(zlib.compress(head, _LEVEL), size_bytes, len(payload) > BODY_LIMIT)
        with self._lock:
            self._held += len(kept.body) - len(self._kept.get(sha256, _NOTHING).body)
            self._kept[sha256] = kept
            while self._held > self._capacity:
                self._held -= len(self._kept.popitem(last=False)[1].body)

    def bunch(self, hashes: list[str]) -> PayloadBunch:
        """As many of these as fit into one answer, at least one, without the secrets in them. Takes a moment: not for the event loop."""
        payloads: list[Payload] = []
        later: list[str] = []
        gone: list[str] = []
        size = 0
        for sha256 in dict.fromkeys(hashes):
            if size > BUNCH_LIMIT:
                later.append(sha256)
                continue
            payload = self._payload(sha256)
            if payload is None:
                gone.append(sha256)
            else:
                payloads.append(payload)
                size += len(payload.body)
        return PayloadBunch(payloads=payloads, later=later, gone=gone)

    def _payload(self, sha256: str) -> Payload | None:
        with self._lock:
            kept = self._kept.get(sha256)
        if kept is None:
            return None
        body, redactions = redacted(zlib.decompress(kept.body).decode())
        return Payload(
            sha256=sha256,
            body=body[:BODY_LIMIT],
            size_bytes=kept.size_bytes,
            cut=kept.cut,
            redactions=redactions,
        )


_NOTHING = _Kept(b"", 0, cut=False)
_CURRENT: ContextVar[Shelf | None] = ContextVar("shelf", default=None)


@contextmanager
def keeping_on(shelf: Shelf) -> Iterator[None]:
    """Whatever is read inside goes onto this shelf."""
    token = _CURRENT.set(shelf)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def kept(payload: str) -> str:
    """The hash of a raw answer, which is kept, where there is a shelf."""
    raw = payload.encode("utf-8", "surrogatepass")
    sha256 = hashlib.sha256(raw).hexdigest()
    shelf = _CURRENT.get()
    if shelf is not None:
        shelf.put(sha256, payload, len(raw))
    return sha256
