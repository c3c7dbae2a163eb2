"""Who finds the cause. It reads and returns a value; it never acts."""

from typing import Protocol

from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.tickets import TicketRequest


class Resolver(Protocol):
    """Turns a ticket into a diagnosis."""

    async def resolve(self, request: TicketRequest) -> Diagnosis:
        """Never raises for a sick platform: what could not be read is in `unknowns` and lowers the confidence."""
        ...
