"""The fake of `ports/requests.py`."""

from dataclasses import replace
from datetime import datetime, timedelta

from tests.fakes.memory import Memory

from datacenter_docs.ports.requests import Remembered


class FakeRequestMemory:
    """Idempotency keys, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._requests = memory.requests

    async def claim(self, key: str, fingerprint: str, at: datetime) -> Remembered | None:
        known = self._requests.get(key)
        if known is not None:
            remembered, claimed_at = known
            kept = timedelta(seconds=60) if remembered.status is None else timedelta(days=1)
            if claimed_at >= at - kept:
                return remembered
        self._requests[key] = (Remembered(fingerprint, None, ""), at)
        return None

    async def answer(self, key: str, status: int, body: str) -> None:
        known = self._requests.get(key)
        if known is not None and known[0].status is None:
            self._requests[key] = (replace(known[0], status=status, body=body), known[1])

    async def forget(self, key: str) -> None:
        if key in self._requests and self._requests[key][0].status is None:
            del self._requests[key]
