"""Who finds the cause, and what it may remember. Both read and return values; they never act."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.remedies import Remedy
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.domain.values import Scalar


class Resolver(Protocol):
    """Turns a ticket into a diagnosis."""

    async def resolve(self, request: TicketRequest) -> Diagnosis:
        """Never raises for a sick platform: what could not be read is in `unknowns` and lowers the confidence."""
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """An action that was done before and did not help, on the same target in the same state. `at`: when it ended."""

    ticket_id: str
    operation: str
    target: str
    at: datetime


class Precedents(Protocol):
    """What earlier tickets taught."""

    async def helped(self, request: TicketRequest) -> Mapping[str, int]:
        """The operations that healed earlier tickets of the best known pattern, verified, and how many. Empty: the ticket is
        of no known pattern, or surely of none.
        """
        ...

    async def told(self, request: TicketRequest) -> Sequence[Remedy]:
        """What several people say helped tickets of the best known pattern, a few. A person's word: it proves nothing."""
        ...

    async def failed(
        self, action: Action, seen: Mapping[str, Scalar | list[Scalar]]
    ) -> Failure | None:
        """The last try of the same action on the same target, where it did not help and nothing relevant has changed since.

        `seen`: what the cause is judged by now. None: there was none, or it is another situation.
        """
        ...

    async def lately(self, resource_ids: Collection[str]) -> Sequence[str]:
        """What surveys found changed on these things in the last days, newest first, as sentences; a few. Remembered, so it
        proves nothing.
        """
        ...
