"""Keeps all relations, and what contradicts what, by following what surveys touched."""

from collections.abc import Collection, Sequence

from datacenter_docs.domain.contradictions import Contradiction
from datacenter_docs.domain.web import Web
from datacenter_docs.ports.estate import EstateReader
from datacenter_docs.services.composing import contradicting

BUNCH = 500
"""Resources whose relations are read at once."""


class Weaving:
    """The web of relations of one process, with the contradictions in it."""

    def __init__(self, estate: EstateReader) -> None:
        self._estate = estate
        self.web = Web()
        self._broken: dict[tuple[str, str, str], Contradiction] = {}

    async def follow(self, touched: Collection[str], *, anew: bool) -> None:
        """Bring it up to date with what was touched; `anew`: with everything."""
        if anew:
            self.web, self._broken = Web(), {}
            async for relations in self._estate.walk_relations():
                self.web.add(relations)
                self._keep(await contradicting.found_between(self._estate, relations))
            return
        gone = set(touched)
        self.web.forget(gone)
        self._broken = {
            key: one
            for key, one in self._broken.items()
            if gone.isdisjoint((one.left.resource_id, one.right.resource_id))
        }
        ids = sorted(gone)
        for start in range(0, len(ids), BUNCH):
            relations = await self._estate.related(ids[start : start + BUNCH])
            self.web.add(relations)
            self._keep(await contradicting.found_between(self._estate, relations))

    def contradictions(self) -> Sequence[Contradiction]:
        """All that are known, in no order."""
        return list(self._broken.values())

    def _keep(self, found: Sequence[Contradiction]) -> None:
        for one in found:
            self._broken[one.rule.name, one.left.resource_id, one.right.resource_id] = one
