"""The fake of `ports/deeds.py`."""

from collections.abc import Sequence
from datetime import datetime

from tests.fakes.memory import Memory

from datacenter_docs.domain.deeds import Deed
from datacenter_docs.domain.outcomes import OutcomeKind


class FakeDeeds:
    """What the cases in memory did."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def upon(
        self,
        resource_ids: Sequence[str],
        after: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> Sequence[Deed]:
        found = [
            Deed(
                case.ticket.id,
                case.ticket.request.title,
                outcome.target,
                outcome.operation,
                outcome.kind,
                outcome.finished_at,
            )
            for case in self._memory.cases.values()
            for outcome in case.outcomes
            if outcome.target in resource_ids
            and outcome.kind is not OutcomeKind.REFUSED
            and (after is None or outcome.finished_at > after)
            and (until is None or outcome.finished_at <= until)
        ]
        found.sort(key=lambda deed: (deed.finished_at, deed.ticket_id), reverse=True)
        return found[:limit]
