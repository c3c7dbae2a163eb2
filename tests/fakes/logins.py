"""The fake of `ports/logins.py`."""

from datacenter_docs.domain.access import Principal
from datacenter_docs.domain.errors import Unauthenticated


class FakeLoginProvider:
    """Knows the tokens that a test says."""

    def __init__(self, people: dict[str, Principal]) -> None:
        self._people = people

    async def principal(self, token: str) -> Principal:
        if token not in self._people:
            raise Unauthenticated("The token is not known.", presented=True)
        return self._people[token]
