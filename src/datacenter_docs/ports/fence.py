"""The fence: of all runs of a ticket only the newest acts, and only while its worker's tenure lasts.

Called by `services/acting.py` around every action. A crash, a take-over or a mistake of the workflow engine may start a
second run while the first one is only asleep; both believe to be alone, and one of them has to be wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from datacenter_docs.domain.audit import Entry


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to act for a ticket. `token` rises with every claim of that ticket, so that an older one is stale."""

    ticket_id: str
    token: int


class Fence(Protocol):
    """Every method raises `Superseded` when the claim or the worker's tenure is stale, `Unavailable` when nobody can tell."""

    async def claim(self, ticket_id: str) -> Claim:
        """Take the ticket for this run. From now on every earlier claim of it is stale."""
        ...

    async def append(self, claim: Claim, entries: Sequence[Entry]) -> None:
        """Journal, durably, in the same transaction in which the claim was seen to hold."""
        ...

    async def check(self, claim: Claim) -> None:
        """Whether it still holds, read now, from the database, never from memory."""
        ...
