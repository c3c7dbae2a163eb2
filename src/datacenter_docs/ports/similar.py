"""The tickets that came before and are like this one: for people, for the resolver, for agents."""

from collections.abc import Sequence
from typing import Protocol

from datacenter_docs.domain.retrieval.answers import Alike, Wording

MOST = 20
"""So many similar tickets are told where nobody says otherwise."""


class SimilarTickets(Protocol):
    """An index of all tickets by their words. Every write is durable before it returns; each ticket is taken in once."""

    async def alike(self, asked: Wording, limit: int = MOST) -> Sequence[Alike]:
        """The most similar ones of those taken in, the best first, at most `limit`; none where no word is shared.

        The ticket of the same id is left out. The same answer for the same question, as long as the index is the same.
        """
        ...

    async def add(self, tickets: Sequence[Wording], *, after: int, upto: int) -> bool:
        """Take tickets in, in order of arrival, and note that the journal was followed up to the record `upto`.

        False, and nothing is written: the journal was not followed up to exactly `after`, so somebody else was quicker.
        """
        ...

    async def followed(self) -> int:
        """The last record of the journal that was followed; 0: none."""
        ...

    async def clear(self) -> None:
        """Forget everything, and how far it has followed."""
        ...
