"""Patterns and what people said: the memory of the product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.feedback import Feedback
from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.ports.pages import Page


@dataclass(frozen=True, slots=True)
class PatternFilter:
    """What to list; None: no restriction."""

    category: str | None = None
    min_occurrences: int = 0


class PatternStore(Protocol):
    """Patterns with their statistics."""

    async def of_category(self, category: str) -> Sequence[Pattern]:
        """All patterns of a category, for matching."""
        ...

    async def get(self, pattern_id: str) -> Pattern:
        """One pattern. Raises `NotFound`."""
        ...

    async def find(self, wanted: PatternFilter, cursor: str | None, limit: int) -> Page[Pattern]:
        """Patterns, most occurrences first, then by id. Raises `Invalid` for a foreign cursor."""
        ...

    async def add(self, pattern: Pattern) -> Pattern:
        """Store a new pattern; when the signature exists already, that one is returned and nothing is written."""
        ...

    async def forbid_automation(
        self, pattern_id: str, *, forbidden: bool, entry: Entry
    ) -> Pattern:
        """A person's word that this pattern must never (or may again) be automated. Raises `NotFound`."""
        ...

    async def refresh(self, pattern_id: str) -> Pattern:
        """Recount the statistics from the stored tickets, scores, feedback and executions; so nothing ever counts twice.
        A new score does this by itself; outcomes and feedback do not.
        Raises `NotFound`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """Feedback on a ticket, on the tickets of its pattern, and on those of its category; each the latest first."""

    of_ticket: Sequence[Feedback]
    of_pattern: Sequence[Feedback]
    of_category: Sequence[Feedback]


class FeedbackStore(Protocol):
    """People's words, one per ticket and author."""

    async def put(self, feedback: Feedback, entry: Entry) -> bool:
        """Store; True when an earlier one of the same author on the same ticket was replaced. Raises `NotFound` for an
        unknown ticket.
        """
        ...

    async def said_of(
        self, ticket_id: str, pattern_id: str | None, category: str, limit: int
    ) -> Said:
        """What bears on a ticket, seen at one moment. `pattern_id` None: it has no pattern. `limit`: of each list."""
        ...


@dataclass(frozen=True, slots=True)
class ClosedCounts:
    """Closed tickets of a category since some time; `resolved <= closed`."""

    resolved: int
    closed: int


class History(Protocol):
    """What became of earlier tickets, in numbers."""

    async def closed_counts(self, category: str, since: datetime) -> ClosedCounts:
        """Counts by `closed_at`; open tickets do not count."""
        ...
