"""The real clock: the only place that reads the time and makes ids. `bootstrap` hands it to whoever needs either.

Ids are UUID version 7 (RFC 9562): 48 bits of milliseconds, a counter that keeps them in order within one process,
and random bits that keep them apart between processes.
"""

import asyncio
import secrets
import threading
from datetime import UTC, datetime
from uuid import UUID

_COUNTER_BITS = 12
_RANDOM_BITS = 62


class SystemClock:
    """Time and ids of this machine. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def new_id(self) -> str:
        tick = self._next_tick()
        milliseconds, counter = tick >> _COUNTER_BITS, tick & ((1 << _COUNTER_BITS) - 1)
        number = milliseconds << 80 | 0x7 << 76 | counter << 64
        return str(UUID(int=number | 0b10 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)))

    def _next_tick(self) -> int:
        """Milliseconds and counter as one number that only grows, even when the machine's clock is set back."""
        milliseconds = int(self.now().timestamp() * 1000)
        with self._lock:
            self._last = max(milliseconds << _COUNTER_BITS, self._last + 1)
            return self._last
