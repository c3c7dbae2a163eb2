"""The fake of `ports/fence.py`."""

from collections.abc import Sequence

from tests.fakes.memory import Memory

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import Superseded
from datacenter_docs.ports.fence import Claim


class FakeFence:
    """Tokens, in memory. `ended`: the tenure of this worker was ended."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.ended = False

    async def claim(self, ticket_id: str) -> Claim:
        self._must_last()
        token = self._memory.claims.get(ticket_id, 0) + 1
        self._memory.claims[ticket_id] = token
        return Claim(ticket_id, token)

    async def append(self, claim: Claim, entries: Sequence[Entry]) -> None:
        await self.check(claim)
        self._memory.append(entries)

    async def check(self, claim: Claim) -> None:
        self._must_last()
        if self._memory.claims.get(claim.ticket_id) != claim.token:
            raise Superseded(f"Another run has taken up {claim.ticket_id}.")

    def _must_last(self) -> None:
        if self.ended:
            raise Superseded("Another worker has taken over.")
