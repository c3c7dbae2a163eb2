"""What is different between two times, as data and as prose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from datacenter_docs.domain.changes import Change
from datacenter_docs.domain.deeds import Deed
from datacenter_docs.domain.drift import netted
from datacenter_docs.domain.drift_pages import DiffPage
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.ports.deeds import Deeds
from datacenter_docs.ports.estate import ChangeFilter, EstateReader
from datacenter_docs.ports.writing import Writer
from datacenter_docs.services import telling

MOST = 10_000
"""Changes that a difference is made of."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different. `changes`: one for each resource; `deeds`: what tickets did to them meanwhile; `markdown`: both, as
    prose. `cut`: so much happened that the oldest of it was left out.
    """

    changes: Sequence[Change]
    deeds: Sequence[Deed]
    markdown: str
    cut: bool


class Drifting:
    """Compares times."""

    def __init__(self, estate: EstateReader, deeds: Deeds, writer: Writer) -> None:
        self._estate = estate
        self._deeds = deeds
        self._writer = writer

    async def between(self, since: datetime, wanted: ChangeFilter) -> Difference:
        """What is different at `wanted.until` (None: now) from how it was at `since`. Raises `Invalid` for a time that ends
        before it begins.
        """
        if wanted.until is not None and wanted.until < since:
            raise Invalid("The time ends before it begins.", {"until": "is before since"})
        changes, cut = await telling.read(self._estate, wanted, MOST)
        different = netted(changes)
        ids = [change.resource_id for change in different]
        done = await self._deeds.upon(ids, since, wanted.until, MOST)
        page = DiffPage(tuple(telling.groups(different, done)), cut)
        return Difference(different, done, self._writer.markdown(page), cut)
