"""What the fakes of the storage ports share, as the real ones share a database."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from datacenter_docs.domain.audit import GENESIS, Entry, Record, seal
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.credence import SetAside
from datacenter_docs.domain.errors import Invalid, NotFound
from datacenter_docs.domain.feedback import Feedback
from datacenter_docs.domain.grants import Grant
from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.ports.guards import KillSwitchState
from datacenter_docs.ports.pages import Page
from datacenter_docs.ports.patterns import Prototype
from datacenter_docs.ports.policies import PolicyVersion
from datacenter_docs.ports.requests import Remembered

T = TypeVar("T")


@dataclass
class Memory:
    """All that is stored. Nothing awaits while it changes this, so every method of a fake is one transaction."""

    cases: dict[str, Case] = field(default_factory=dict)
    verified_at: dict[str, datetime] = field(default_factory=dict)
    ticket_outbox: dict[str, None] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    policies: dict[str, list[PolicyVersion]] = field(default_factory=dict)
    patterns: dict[str, Pattern] = field(default_factory=dict)
    prototypes: list[Prototype] = field(default_factory=list)
    feedback: dict[tuple[str, str], Feedback] = field(default_factory=dict)
    set_aside: dict[tuple[str, str], SetAside] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    grant_outbox: dict[str, None] = field(default_factory=dict)
    settled_grants: set[str] = field(default_factory=set)
    claims: dict[str, int] = field(default_factory=dict)
    locks: dict[str, str] = field(default_factory=dict)
    reservations: dict[tuple[str, str], datetime] = field(default_factory=dict)
    kill_switch: KillSwitchState = field(default_factory=lambda: KillSwitchState(on=False))
    requests: dict[str, tuple[Remembered, datetime]] = field(default_factory=dict)

    def case(self, ticket_id: str) -> Case:
        try:
            return self.cases[ticket_id]
        except KeyError:
            raise NotFound(f"There is no ticket {ticket_id}.") from None

    def append(self, entries: Iterable[Entry]) -> list[Record]:
        start = len(self.records)
        for entry in entries:
            previous_hash = self.records[-1].hash if self.records else GENESIS
            self.records.append(seal(entry, len(self.records) + 1, previous_hash))
        return self.records[start:]


def page(
    listing: str, items: list[T], name: Callable[[T], str], cursor: str | None, limit: int
) -> Page[T]:
    """The part of an ordered list behind the item that the cursor names."""
    start = 0
    if cursor is not None:
        of, _, last = cursor.partition("|")
        names = [name(item) for item in items]
        if of != listing or last not in names:
            raise Invalid("The cursor was not given by this list.", {"cursor": "is not one"})
        start = names.index(last) + 1
    shown = items[start : start + limit]
    more = start + limit < len(items)
    return Page(shown, f"{listing}|{name(shown[-1])}" if more else None)
