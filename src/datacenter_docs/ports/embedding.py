"""Texts as vectors, from a provider outside. Optional: without it, or while it fails, words alone decide."""

from collections.abc import Sequence
from typing import Protocol

Vector = Sequence[float]


class Embedder(Protocol):
    """Turns texts into vectors; texts that mean the same have vectors that point the same way."""

    async def embed(self, texts: Sequence[str]) -> Sequence[Vector]:
        """One vector for each text, in their order, all of one length. Raises `Unavailable` when the provider does not answer
        in time or has no time, `Refused` when it does not let us in, `Broken` when it answers nonsense.
        """
        ...
