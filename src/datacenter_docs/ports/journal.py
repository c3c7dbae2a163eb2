"""The audit trail: append, read, verify."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from datacenter_docs.domain.audit import Entry, Record
from datacenter_docs.ports.pages import Page


@dataclass(frozen=True, slots=True)
class JournalReport:
    """The result of verifying. `bad_seq` None with `ok` False: the end is missing (an anchor is ahead of the journal)."""

    ok: bool
    records: int
    head_hash: str
    bad_seq: int | None = None
    reason: str | None = None


class Journal(Protocol):
    """The append-only, hash-chained journal."""

    async def append(self, entries: Sequence[Entry]) -> Sequence[Record]:
        """Append in order; durable before it returns. Raises `Unavailable` when it cannot be written: then do not act."""
        ...

    async def page(
        self,
        *,
        ticket_id: str | None = None,
        kinds: Sequence[str] = (),
        after_seq: int = 0,
        limit: int = 200,
    ) -> Page[Record]:
        """Records in order, from `after_seq` on (not included). The cursor is the last `seq` as text."""
        ...

    async def verify(self) -> JournalReport:
        """Recompute the whole chain from the first record, and compare with the anchors outside the database."""
        ...

    async def anchor(self) -> None:
        """Write the head (seq, hash, time) to the anchor outside the database."""
        ...
