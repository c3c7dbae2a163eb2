"""`Clock` for a history that is being made: time goes on when it is told to, and everybody else follows it."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

PATIENCE_SECONDS = 3.0
"""A wait is at least so long: nobody has to look at the past twice a second."""


class SetClock:
    """Stands still until it is moved, never backwards. `follow`: told each new time. Ids follow from the seed and their number."""

    def __init__(self, now: datetime, seed: int, follow: Callable[[datetime], None]) -> None:
        self._now, self._seed, self._follow = now, seed, follow
        self._ids = 0
        follow(now)

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        """It is later at once; other work gets its turn."""
        self.pass_by(max(seconds, PATIENCE_SECONDS))
        await asyncio.sleep(0)

    def new_id(self) -> str:
        self._ids += 1
        drawn = hashlib.blake2b(f"{self._seed}/{self._ids}".encode(), digest_size=8).digest()
        milliseconds = int(self._now.timestamp() * 1_000)
        low = int.from_bytes(drawn, "big") & ((1 << 62) - 1)
        return str(
            UUID(int=milliseconds << 80 | 0x7 << 76 | (self._ids & 0xFFF) << 64 | 0b10 << 62 | low)
        )

    def pass_by(self, seconds: float) -> None:
        """Let so much time pass."""
        self._now += timedelta(seconds=seconds)
        self._follow(self._now)

    def reach(self, moment: datetime) -> None:
        """Let it be that time, unless it is later already."""
        if moment > self._now:
            self._now = moment
            self._follow(moment)
