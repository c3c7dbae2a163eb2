"""Small estates for tests: surveys in one line, an hour apart."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tests.fakes.clock import FakeClock

from datacenter_docs.domain.observed import NAME, PARENT, FactValue, Reading
from datacenter_docs.domain.sightings import Sighting
from datacenter_docs.domain.surveys import (
    Counts,
    Coverage,
    CoverageState,
    MissingPart,
    Survey,
)
from datacenter_docs.ports.estate import EstateReader, EstateRecorder

HOUR = timedelta(hours=1)
LAB = "lab"
EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def vm(name: str, connection: str = LAB) -> str:
    """The id of a virtual machine."""
    return f"vmware:{connection}:vm:{name}"


def seen(
    resource_id: str,
    measured: Mapping[str, FactValue] | None = None,
    *,
    name: str | None = None,
    parent: str | None = None,
    **stated: FactValue,
) -> Sighting:
    """A resource as a survey meets it; `Estate.surveyed` says when."""
    _, connection, _, native = resource_id.split(":", 3)
    reading = Reading(
        connection=connection,
        tool="list_vms",
        arguments={"kind": "vm"},
        observed_at=EARLY,
        payload_sha256=sha256(
            repr((resource_id, name, parent, measured, stated)).encode()
        ).hexdigest(),
    )
    said = {NAME: name or native, PARENT: parent, **stated}
    return Sighting(resource_id, said, measured or {}, reading)


class Estate:
    """An estate that is surveyed by hand, with its clock."""

    def __init__(self, reader: EstateReader, recorder: EstateRecorder, clock: FakeClock) -> None:
        self.reader = reader
        self.recorder = recorder
        self.clock = clock
        self._started: list[datetime] = []

    def started_at(self, survey: int) -> datetime:
        """When a survey began."""
        return self._started[survey - 1]

    async def surveyed(
        self,
        *sightings: Sighting,
        connections: Sequence[str] = (LAB,),
        vanished: Sequence[str] = (),
        unseen: Mapping[str, bool] | None = None,
        state: CoverageState = CoverageState.COMPLETE,
        gaps: Sequence[MissingPart] = (),
    ) -> Survey:
        """A whole survey, an hour after the one before."""
        self.clock.advance(HOUR.total_seconds())
        now = self.clock.now()
        self._started.append(now)
        survey = (await self.recorder.begin(connections, "schedule", now)).survey
        dated = [
            Sighting(
                one.id,
                one.stated,
                one.measured,
                Reading(
                    one.reading.connection,
                    one.reading.tool,
                    one.reading.arguments,
                    now,
                    one.reading.payload_sha256,
                ),
            )
            for one in sightings
        ]
        await self.recorder.record(survey.number, dated, now)
        await self.recorder.depart(survey.number, vanished, unseen or {}, now)
        for connection in connections:
            await self.recorder.cover(
                Coverage(
                    survey=survey.number,
                    connection=connection,
                    platform="vmware",
                    state=state,
                    started_at=now,
                    finished_at=now,
                    read_at=None,
                    counts=Counts(seen=len(sightings), unseen=len(unseen or {})),
                    gaps=tuple(gaps),
                )
            )
        return await self.recorder.finish(survey.number, now)
