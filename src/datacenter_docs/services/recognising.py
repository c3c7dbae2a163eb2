"""Finds the pattern of a text among all that are known, in this process or in others.

The index lives in memory. Before every look-up the store is asked for prototypes that came since, by whichever process,
so that an answer never rests on less than what was stored when it was asked for. Called by `scoring` and `curating`.
"""

from threading import Lock

from datacenter_docs.domain.masking import Masked
from datacenter_docs.domain.recognition import PatternIndex, Recognised
from datacenter_docs.ports.patterns import PatternStore, Prototype


class Recognising:
    """An index over the stored prototypes. May be used from several event loops."""

    def __init__(self, store: PatternStore) -> None:
        self._store = store
        self._lock = Lock()
        self._index = PatternIndex()
        self._held: dict[int, Prototype] = {}
        self._seen = 0

    async def find(self, text: Masked, category: str) -> Recognised:
        """The likeliest pattern of the category."""
        await self._follow()
        with self._lock:
            return self._index.find(text, category)

    async def probability_of(self, pattern_id: str, text: Masked) -> float:
        """How likely a text is of this pattern, 0..1, beside being of none."""
        await self._follow()
        with self._lock:
            return self._index.probability_of(pattern_id, text)

    async def learn(self, pattern_id: str, text: Masked, found: Recognised) -> None:
        """Remember how a text says it, when that is worth it. `found`: the answer that put it there."""
        with self._lock:
            teaches = self._index.teaches(pattern_id, text, found)
        if teaches:
            await self._store.remember(pattern_id, text)

    async def _follow(self) -> None:
        """Take in what was stored since the last look-up."""
        fresh = await self._store.prototypes_after(self._seen)
        if not fresh:
            return
        with self._lock:
            fresh = [one for one in fresh if one.number > self._seen]
            gone = {one.removes for one in fresh if one.removes is not None}
            added = {one.number: one for one in fresh if one.removes is None}
            self._held |= added
            self._seen = max([self._seen, *(one.number for one in fresh)])
            if gone:
                # Somebody merged or split, which is rare: an index that forgets would cost more than a new one.
                self._held = {n: one for n, one in self._held.items() if n not in gone}
                self._index, added = PatternIndex(), self._held
            for one in added.values():
                self._index.add(one.pattern_id, one.text, one.category)
