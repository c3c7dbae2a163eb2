"""Telling people that something needs them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Notice:
    """`urgent`: somebody has to look now (an undo failed, an ambiguous outcome)."""

    ticket_id: str
    subject: str
    text: str
    urgent: bool = False


class Notifier(Protocol):
    """A channel to the administrators."""

    async def notify(self, notice: Notice) -> None:
        """Deliver or fail silently: a broken channel never stops a remediation."""
        ...


class Meter(Protocol):
    """Counts for the monitoring; the names are the seed's."""

    def scored(self, category: str, score: float) -> None: ...

    def attempted(self, category: str) -> None: ...

    def succeeded(self, category: str) -> None: ...

    def failed(self, category: str) -> None: ...

    def feedback(self, feedback_type: str) -> None: ...

    def surveyed(self, seconds: float) -> None:
        """A survey ended after so long."""
        ...

    def covered(self, connection: str, read_at: datetime | None) -> None:
        """A connection was read; its newest complete reading began then. None: there is none."""
        ...

    def documented(self, states: Mapping[str, str]) -> None:
        """Every document is in this state of freshness, by its id; those that are not named are no more."""
        ...

    def resources(self, by_platform: Mapping[str, int]) -> None:
        """So many resources are known to be there."""
        ...
