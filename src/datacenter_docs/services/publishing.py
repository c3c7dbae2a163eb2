"""Publishes the documentation as files: an edition of what is stored now, in one of the formats that there are presses for."""

from collections.abc import Mapping
from pathlib import Path

from datacenter_docs.domain.errors import Refused
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.publishing import Format, Press, Pressed, Progress
from datacenter_docs.services.editions import Sources, StoredEdition


class Publishing:
    """Publishes editions."""

    def __init__(self, sources: Sources, clock: Clock, presses: Mapping[Format, Press]) -> None:
        self._sources = sources
        self._clock = clock
        self._presses = presses

    async def publish(
        self, format: Format, folder: Path, progress: Progress, *, commits: bool = False
    ) -> Pressed:
        """Make one format in a folder. Raises `Refused` when there is nothing to publish yet, and what the press raises."""
        survey = await self._sources.store.survey()
        if not survey:
            raise Refused("There is no documentation yet: survey the estate with `dcdocs survey`.")
        edition = StoredEdition(self._sources, survey, self._clock.now())
        return await self._presses[format].press(edition, folder, progress, commits=commits)
