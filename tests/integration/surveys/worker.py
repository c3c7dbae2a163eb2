"""The real worker, wired by the real bootstrap, that stops for good once it recorded a page of one connection.

`worker.py FOLDER CONNECTION`: says `reached` when it did.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from datacenter_docs import bootstrap
from datacenter_docs.adapters.persistence.estate.recorder import SqlEstateRecorder
from datacenter_docs.bootstrap import house
from datacenter_docs.domain.sightings import Sighting


class Stopping(SqlEstateRecorder):
    """Never comes back from the first page of a connection, which is recorded."""

    async def record(
        self, survey: int, sightings: Sequence[Sighting], at: datetime
    ) -> Sequence[str]:
        missing = await super().record(survey, sightings, at)
        if sightings and sightings[0].id.split(":")[1] == sys.argv[2]:
            sys.stdout.write("reached\n")
            sys.stdout.flush()
            await asyncio.Event().wait()
        return missing


async def main() -> None:
    """Work until killed."""
    house.SqlEstateRecorder = Stopping  # type: ignore[misc]
    settings = bootstrap.read_settings(
        data_dir=Path(sys.argv[1]), demo=True, survey_schedule="", log_level="ERROR"
    )
    async with bootstrap.open_house(settings, works=True):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
