"""A clock that stands still until a test moves it."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
"""A Monday."""


class FakeClock:
    """`now` is what the test says; ids count up."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self._numbers = count(1)

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Time passes at once, and others get their turn."""
        self.advance(seconds)
        await asyncio.sleep(0)

    def new_id(self) -> str:
        return f"id-{next(self._numbers):08}"

    def advance(self, seconds: float) -> datetime:
        self._now += timedelta(seconds=seconds)
        return self._now
