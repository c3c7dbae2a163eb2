"""People put patterns right: name them, merge two that are one trouble, split off what is another. That teaches.

A merged pattern's ways to tell of it serve the survivor; what was split off is known by the new pattern from then on.
Each change is journaled with who made it. Forbidding automation is in `governing.py`.
"""

from collections.abc import Sequence
from typing import Any

from datacenter_docs.domain import matching
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.errors import Invalid, Refused
from datacenter_docs.domain.masking import masked
from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.patterns import PatternStore
from datacenter_docs.ports.tickets import CaseStore

MAX_SPLIT = 500
"""So many tickets are split off at once."""


class Curating:
    """The hand that puts patterns right."""

    def __init__(self, cases: CaseStore, store: PatternStore, clock: Clock) -> None:
        self._cases = cases
        self._patterns = store
        self._clock = clock

    async def rename(self, pattern_id: str, name: str | None, actor: str) -> Pattern:
        """Give a pattern a name, or take it away with None. Raises `NotFound`."""
        entry = self._entry(actor, pattern_id=pattern_id, name=name)
        return await self._patterns.rename(pattern_id, name, entry)

    async def merge(self, pattern_id: str, into: str, actor: str) -> Pattern:
        """Make one pattern of two; returns the survivor `into`. Raises `NotFound`, `Invalid` for the same one or another
        category, `Refused` when one was merged before.
        """
        gone, kept = await self._patterns.get(pattern_id), await self._patterns.get(into)
        if gone.pattern_id == kept.pattern_id:
            raise Invalid("A pattern cannot be merged into itself.")
        if gone.category != kept.category:
            raise Invalid(f"{gone.pattern_id} is of {gone.category}, {into} of {kept.category}.")
        for pattern in (gone, kept):
            _not_merged(pattern)
        entry = self._entry(actor, pattern_id=pattern_id, merged_into=into)
        return await self._patterns.merge(pattern_id, into, entry)

    async def split(self, pattern_id: str, ticket_ids: Sequence[str], actor: str) -> Pattern:
        """Make a pattern of some tickets of another one, and return it; it is forbidden for automation if the old one was.
        Raises `NotFound`, `Invalid` for no ticket, too many, one of another pattern, or all that there are.
        """
        pattern = await self._patterns.get(pattern_id)
        _not_merged(pattern)
        wanted = list(dict.fromkeys(ticket_ids))
        if not 0 < len(wanted) <= MAX_SPLIT:
            raise Invalid(f"Name 1 to {MAX_SPLIT} tickets to split off.")
        tickets = [(await self._cases.get(ticket_id)).ticket for ticket_id in wanted]
        foreign = [ticket.id for ticket in tickets if ticket.pattern_id != pattern_id]
        if foreign:
            raise Invalid(f"Not of {pattern_id}: {', '.join(foreign)}.")
        if len(wanted) >= pattern.occurrences:
            raise Invalid("These are all its tickets: nothing would be left of the pattern.")
        texts = [masked(ticket.request.text) for ticket in tickets]
        now = self._clock.now()
        new = matching.new_pattern(texts[0], pattern.category, now, "split", wanted[0], pattern_id)
        new = new.replaced(automation_forbidden=pattern.automation_forbidden)
        entry = self._entry(
            actor, pattern_id=pattern_id, split_into=new.pattern_id, ticket_ids=wanted
        )
        return await self._patterns.split(pattern_id, wanted, new, texts, entry)

    def _entry(self, actor: str, **body: Any) -> Entry:
        return Entry(kind=EntryKind.PATTERN_CHANGED, at=self._clock.now(), actor=actor, body=body)


def _not_merged(pattern: Pattern) -> None:
    if pattern.merged_into is not None:
        raise Refused(f"{pattern.pattern_id} was merged into {pattern.merged_into}.")
