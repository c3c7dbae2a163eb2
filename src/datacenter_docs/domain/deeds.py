"""What tickets did to the things of the estate, so that a change can name who asked for it. Made by a store."""

from dataclasses import dataclass
from datetime import datetime

from datacenter_docs.domain.outcomes import OutcomeKind


@dataclass(frozen=True, slots=True)
class Deed:
    """One executed action of a ticket. `target`: the id of the resource that it acted upon; `title`: of the ticket."""

    ticket_id: str
    title: str
    target: str
    operation: str
    kind: OutcomeKind
    finished_at: datetime
