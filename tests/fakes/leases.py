"""The fake of `ports/leases.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from datacenter_docs.domain.errors import Superseded
from datacenter_docs.ports.leases import Tenure


@dataclass
class _Worker:
    generation: int
    since: float
    seen_at: float
    heir: str | None = None
    swept_at: float | None = None


class FakeLeases:
    """Leases in memory. `now` is what the test says it is."""

    def __init__(self, seconds: float) -> None:
        self.now = 0.0
        self._seconds = seconds
        self._workers: dict[str, _Worker] = {}
        self._generations = count(1)

    async def join(self, name: str) -> Tenure | None:
        there = self._workers.get(name)
        if there and there.heir and self._lasts(there.swept_at):
            return None
        self._workers[name] = _Worker(next(self._generations), self.now, self.now)
        return Tenure(name, self._workers[name].generation)

    async def renew(self, tenure: Tenure) -> Sequence[str]:
        mine = self._workers.get(tenure.name)
        if mine is None or mine.generation != tenure.generation:
            raise Superseded(f"Another worker has taken over from {tenure.name}.")
        mine.since = mine.since if self._lasts(mine.seen_at) else self.now
        mine.seen_at = self.now
        if self.now - mine.since < self._seconds:
            return []
        gone = [name for name, worker in self._workers.items() if self._is_gone(worker)]
        for worker in map(self._workers.__getitem__, gone):
            if worker.swept_at is None:
                worker.generation = next(self._generations)
            worker.heir, worker.swept_at = tenure.name, self.now
        return sorted(gone)

    async def settle(self, tenure: Tenure, names: Sequence[str]) -> None:
        for worker in map(self._workers.__getitem__, names):
            if worker.heir == tenure.name:
                worker.heir = None

    async def leave(self, tenure: Tenure) -> None:
        mine = self._workers[tenure.name]
        if mine.generation == tenure.generation:
            mine.seen_at = self.now - self._seconds - 1

    def _is_gone(self, worker: _Worker) -> bool:
        return not self._lasts(worker.seen_at) and not self._lasts(worker.swept_at)

    def _lasts(self, at: float | None) -> bool:
        return at is not None and self.now - at <= self._seconds
