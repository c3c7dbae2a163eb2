"""The fake of `ports/similar.py`."""

from collections.abc import Sequence

from datacenter_docs.domain.retrieval.answers import Alike, Wording
from datacenter_docs.domain.retrieval.terms import terms
from datacenter_docs.ports.similar import MOST


class FakeSimilarTickets:
    """Tickets in memory, compared by the share of their terms that they have in common."""

    def __init__(self) -> None:
        self._tickets: list[Wording] = []
        self._followed = 0

    async def alike(self, asked: Wording, limit: int = MOST) -> Sequence[Alike]:
        own = terms(asked.title, asked.body)
        found = []
        for place, other in enumerate(self._tickets):
            theirs = terms(other.title, other.body).counts
            shared = sorted(own.counts.keys() & theirs.keys())
            if shared and other.ticket_id != asked.ticket_id:
                share = len(shared) / len(own.counts.keys() | theirs.keys())
                words = tuple(own.spelt[term] for term in shared[:8])
                found.append((-share, -place, Alike(other.ticket_id, share, words)))
        return [alike for *_, alike in sorted(found)][:limit]

    async def add(self, tickets: Sequence[Wording], *, after: int, upto: int) -> bool:
        if after != self._followed:
            return False
        self._tickets += tickets
        self._followed = upto
        return True

    async def followed(self) -> int:
        return self._followed

    async def clear(self) -> None:
        self._tickets.clear()
        self._followed = 0
