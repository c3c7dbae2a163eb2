"""Time and fresh ids, so that the core needs neither."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Where `now` and new ids come from."""

    def now(self) -> datetime:
        """The time, in UTC, with time zone."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; other work goes on."""
        ...

    def new_id(self) -> str:
        """An id that nobody else has; sorts by creation time within one process."""
        ...
