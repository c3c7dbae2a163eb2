"""The fake of `ports/logins.py`."""

from collections.abc import Mapping

from datacenter_docs.domain.access import Principal
from datacenter_docs.domain.errors import Forbidden, Unauthenticated


class FakeLoginProvider:
    """Knows the tokens that a test says. `people`: token -> who it is; None: somebody without a role."""

    def __init__(self, people: Mapping[str, Principal | None]) -> None:
        self._people = people

    async def principal(self, token: str) -> Principal:
        if token not in self._people:
            raise Unauthenticated("The token is not known.", presented=True)
        known = self._people[token]
        if known is None:
            raise Forbidden("Somebody is in no group that has a role here.")
        return known
