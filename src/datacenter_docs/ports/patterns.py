"""Patterns and what people said: the memory of the product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.credence import SetAside
from datacenter_docs.domain.feedback import Feedback
from datacenter_docs.domain.masking import Masked
from datacenter_docs.domain.patterns import Pattern, Stage
from datacenter_docs.ports.pages import Page


@dataclass(frozen=True, slots=True)
class PatternFilter:
    """What to list; None: no restriction."""

    category: str | None = None
    min_occurrences: int = 0


@dataclass(frozen=True, slots=True)
class Prototype:
    """One way in which a pattern was told of. `number`: rises with every commit, over all processes. `removes`: the number
    of the prototype that this one takes back; None: it adds one.
    """

    number: int
    pattern_id: str
    category: str
    text: Masked
    removes: int | None = None


class PatternStore(Protocol):
    """Patterns with their statistics, and how they were told of."""

    async def prototypes_after(self, number: int) -> Sequence[Prototype]:
        """What was stored after that number, in order; 0: all. Never changed and never deleted, so that a reader who
        remembers its last number misses nothing.
        """
        ...

    async def remember(self, pattern_id: str, text: Masked) -> None:
        """Store one more way to tell of a pattern. Twice the same is stored once. Raises `NotFound`."""
        ...

    async def get(self, pattern_id: str) -> Pattern:
        """One pattern. Raises `NotFound`."""
        ...

    async def find(self, wanted: PatternFilter, cursor: str | None, limit: int) -> Page[Pattern]:
        """Patterns that were not merged into others, most occurrences first, then by id. Raises `Invalid` for a foreign
        cursor.
        """
        ...

    async def add(self, pattern: Pattern, text: Masked) -> Pattern:
        """Store a new pattern with its first prototype; when the signature exists already, the text becomes a prototype of
        that one, or of the one it was merged into, which is returned.
        """
        ...

    async def rename(self, pattern_id: str, name: str | None, entry: Entry) -> Pattern:
        """What people call it; None: no name any more. Raises `NotFound`."""
        ...

    async def merge(self, pattern_id: str, into: str, entry: Entry) -> Pattern:
        """Give all tickets and prototypes of a pattern to another one, recount both, and return the survivor. It is
        forbidden for automation when either was. Raises `NotFound`.
        """
        ...

    async def split(
        self,
        pattern_id: str,
        ticket_ids: Sequence[str],
        new: Pattern,
        texts: Sequence[Masked],
        entry: Entry,
    ) -> Pattern:
        """Give tickets of a pattern to a new one, with the prototypes that say what `texts` say, recount both, and return the
        new one. Tickets of other patterns are left alone. Raises `NotFound`.
        """
        ...

    async def forbid_automation(
        self, pattern_id: str, *, forbidden: bool, entry: Entry
    ) -> Pattern:
        """A person's word that this pattern must never (or may again) be automated. Raises `NotFound`."""
        ...

    async def tell_stage(self, pattern_id: str, stage: Stage, entry: Entry) -> None:
        """Journal that a pattern stands elsewhere than was last told. Raises `NotFound`."""
        ...

    async def refresh(self, pattern_id: str) -> Pattern:
        """Count the statistics anew from the stored tickets, scores, feedback and executions. Every change and every word is
        counted in its own commit, so that this only says the same again. Raises `NotFound`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """Feedback on a ticket, on the tickets of its pattern, and on those of its category; each the latest first."""

    of_ticket: Sequence[Feedback]
    of_pattern: Sequence[Feedback]
    of_category: Sequence[Feedback]


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a word. `replaced`: an earlier one of the same author on the same ticket went; `set_aside`: why it counts
    for nothing, None: it counts.
    """

    replaced: bool
    set_aside: SetAside | None = None


class FeedbackStore(Protocol):
    """People's words, one per ticket and author."""

    async def put(self, feedback: Feedback, entry: Entry) -> Put:
        """Store, and count for the ticket's pattern in the same commit. Raises `NotFound` for an unknown ticket."""
        ...

    async def said_of(
        self, ticket_id: str, pattern_id: str | None, category: str, limit: int
    ) -> Said:
        """What bears on a ticket and counts, seen at one moment. `pattern_id` None: it has no pattern. `limit`: of each list."""
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
