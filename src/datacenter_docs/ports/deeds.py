"""What was done to the estate, by whom: the executed actions of tickets, found by what they acted upon."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.deeds import Deed


class Deeds(Protocol):
    """Reads. An action that was refused did nothing, and is no deed."""

    async def upon(
        self,
        resource_ids: Sequence[str],
        after: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> Sequence[Deed]:
        """The newest deeds upon these resources, newest first. `after`, `until`: when they were finished; None: no limit."""
        ...
