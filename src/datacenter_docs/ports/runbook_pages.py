"""What people wrote down about a trouble, found by its words: for people, for the resolver, for agents."""

from collections.abc import Sequence
from typing import Protocol

from datacenter_docs.domain.retrieval.pages import FoundSection

MOST = 5
"""So many sections are told where nobody says otherwise."""


class RunbookPages(Protocol):
    """The sections of runbooks and of the user's own pages."""

    def find(self, title: str, body: str, limit: int = MOST) -> Sequence[FoundSection]:
        """The sections that fit a ticket, an alert's name or a text best, the best first; none that shares no word with it.

        Costs less than a millisecond: nothing is read but memory. The same answer for the same question.
        """
        ...
