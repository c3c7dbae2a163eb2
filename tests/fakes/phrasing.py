"""The fake of `ports/phrasing.py`."""

from collections.abc import Sequence

from datacenter_docs.domain.citing import Phrased
from datacenter_docs.domain.errors import Unavailable
from datacenter_docs.ports.phrasing import Labelled, Phrasing


class FakePhraser:
    """Says one sentence with the first value in it. `why_not`: raises that instead."""

    def __init__(self) -> None:
        self.asked: list[Sequence[Labelled]] = []
        self.why_not: str | None = None

    async def phrase(self, document_id: str, given: Sequence[Labelled]) -> Phrasing:
        self.asked.append(given)
        if self.why_not:
            raise Unavailable(self.why_not)
        return Phrasing(
            [Phrased("It is read over "), given[0].cite, Phrased(" *alone*.")], "fake:m"
        )
