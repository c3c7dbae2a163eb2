"""What people's words name: things that are there, or not any more, or never were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.ports.estate import EstateReader, ResourceFilter

_MOST_LOOKED_AT = 2_000
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Referred:
    """What a reference names: all things of that id or name, those that are there first."""

    reference: str
    resources: Sequence[ObservedResource]

    @property
    def missing(self) -> str | None:
        """Why it names nothing that is there, as a sentence; None: it does."""
        if not self.resources:
            return "Nothing of this name or id was ever seen."
        if self.resources[0].vanished_at is not None:
            return "What it names is gone."
        return None


class Referring:
    """Looks up references, whole ids and names."""

    def __init__(self, estate: EstateReader) -> None:
        self._estate = estate

    async def find(self, references: Iterable[str]) -> Mapping[str, Referred]:
        """What each reference names."""
        wanted = list(dict.fromkeys(references))
        ids = [reference for reference in wanted if _is_id(reference)]
        known = await self._estate.get_all(ids) if ids else {}
        found = {}
        for reference in wanted:
            if reference in known:
                found[reference] = Referred(reference, [known[reference]])
            elif reference in ids:
                found[reference] = Referred(reference, [])
            else:
                found[reference] = Referred(reference, await self._called(reference))
        return found

    async def _called(self, name: str) -> Sequence[ObservedResource]:
        """The things of exactly this name, in any case of letters."""
        found: list[ObservedResource] = []
        cursor: str | None = None
        for _ in range(_MOST_LOOKED_AT // _PAGE):
            wanted = ResourceFilter(name=name, vanished=None)
            page = await self._estate.find(wanted, cursor, _PAGE)
            found += [one for one in page.items if one.name.casefold() == name.casefold()]
            cursor = page.next_cursor
            if cursor is None:
                break
        return sorted(found, key=lambda one: (one.vanished_at is not None, one.id))


def _is_id(text: str) -> bool:
    try:
        ResourceId.parse(text)
    except Invalid:
        return False
    return True
