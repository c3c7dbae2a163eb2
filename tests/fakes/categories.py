"""The fake of `ports/categories.py`."""

from collections import Counter
from collections.abc import Sequence

from datacenter_docs.domain.retrieval.answers import MISSING_CATEGORY, Guess, Wording
from datacenter_docs.domain.retrieval.terms import terms


class FakeCategories:
    """Counts in memory in which categories each term was seen."""

    def __init__(self) -> None:
        self._seen: dict[str, Counter[str]] = {}
        self._guessed: dict[str, Guess] = {}
        self._followed = 0

    async def take_in(self, tickets: Sequence[Wording], *, upto: int) -> None:
        if upto <= self._followed:
            return
        for ticket in tickets:
            own = terms(ticket.title, ticket.body).counts
            votes: Counter[str] = Counter()
            for term in own:
                votes += self._seen.get(term, Counter())
            if votes:
                best, count = max(votes.items(), key=lambda pair: (pair[1], pair[0]))
                self._guessed[ticket.ticket_id] = Guess(best, count / votes.total())
            if ticket.category != MISSING_CATEGORY:
                for term in own:
                    self._seen.setdefault(term, Counter())[ticket.category] += 1
        self._followed = upto

    async def guessed(self, ticket_id: str) -> Guess | None:
        return self._guessed.get(ticket_id)

    async def followed(self) -> int:
        return self._followed
