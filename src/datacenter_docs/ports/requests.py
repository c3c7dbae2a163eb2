"""Memory of requests that carried an `Idempotency-Key`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Remembered:
    """An earlier request under the same key: hash of what was asked, and the answer. `status` None: still being worked on."""

    fingerprint: str
    status: int | None
    body: str


class RequestMemory(Protocol):
    """Keys live for a day; older ones may be forgotten."""

    async def claim(self, key: str, fingerprint: str, at: datetime) -> Remembered | None:
        """None: the key was free and is now ours. Else what is remembered under it. A claim without an answer that is
        older than 60 s is given anew.
        """
        ...

    async def answer(self, key: str, status: int, body: str) -> None:
        """Remember the answer; durable before it returns."""
        ...

    async def forget(self, key: str) -> None:
        """Free the key (the request failed before it changed anything)."""
        ...
