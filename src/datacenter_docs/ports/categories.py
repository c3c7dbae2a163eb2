"""What was learned of categories from the tickets as they came."""

from collections.abc import Sequence
from typing import Protocol

from datacenter_docs.domain.retrieval.answers import Guess, Wording


class Categories(Protocol):
    """Guesses the category of each ticket before it learns the one that was given. What it learned survives a restart."""

    async def take_in(self, tickets: Sequence[Wording], *, upto: int) -> None:
        """Guess and then learn each ticket, in order of arrival, and note that the journal was followed up to `upto`.

        A ticket without a category of its own is guessed and not learned. Taking in again what was taken in changes nothing.
        """
        ...

    async def guessed(self, ticket_id: str) -> Guess | None:
        """What was guessed when the ticket came. None: nothing had been learned, or it was not taken in yet."""
        ...

    async def followed(self) -> int:
        """The last record of the journal from which it has to go on; 0: none."""
        ...
