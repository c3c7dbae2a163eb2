"""The fake of `ports/embedding.py`."""

from collections.abc import Sequence

from datacenter_docs.domain.errors import Unavailable
from datacenter_docs.ports.embedding import Vector

MEANINGS = (("car", "automobile", "vehicle"), ("disk", "drive", "volume"), ("slow", "sluggish"))


def meaning(text: str) -> list[float]:
    """How often each thing is meant in a text, whatever the word for it; the last number keeps it from being nothing."""
    words = text.lower().split()
    return [*(float(sum(map(words.count, group))) for group in MEANINGS), 0.1]


class FakeEmbedder:
    """Knows a few words that mean the same. `away`: it does not answer."""

    def __init__(self) -> None:
        self.away = False
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str]) -> Sequence[Vector]:
        if self.away:
            raise Unavailable("The embeddings provider does not answer.", 1.0)
        self.asked += texts
        return [meaning(text) for text in texts]
