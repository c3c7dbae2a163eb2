"""What the fakes of `ports/estate.py` share: all that surveys recorded, in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tests.fakes.memory import Memory

from datacenter_docs.domain.changes import AttributeChange, Change, ChangeKind, compared, merged
from datacenter_docs.domain.observed import NAME, FactId, ObservedResource, Origin, Track
from datacenter_docs.domain.sightings import Sighting
from datacenter_docs.domain.surveys import Coverage, CoverageState, Survey
from datacenter_docs.ports.estate import KeptPayload

LATEST = datetime.max.replace(tzinfo=UTC)
NO_TRACK: Track[Origin] = Track({}, ())


@dataclass
class Version:
    """What was stated of a resource from one survey on. `confirmed_at`: the last time that it was seen before it was gone."""

    number: int
    from_at: datetime
    track: Track[Origin]
    until_number: int | None = None
    until_at: datetime | None = None
    confirmed_at: datetime | None = None


@dataclass
class Absence:
    """A time in which a resource was not seen, and not known to be gone."""

    confirmed_at: datetime
    doubted: bool
    from_at: datetime
    until_at: datetime | None = None


@dataclass
class Remembered:
    """All that is known of one resource."""

    first_seen_at: datetime
    versions: list[Version] = field(default_factory=list)
    days: dict[date, tuple[int, datetime, Track[Origin]]] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)

    @property
    def current(self) -> Version | None:
        """What stands now; None: it is gone."""
        last = self.versions[-1] if self.versions else None
        return last if last and last.until_at is None else None

    @property
    def absence(self) -> Absence | None:
        """That it is not seen now; None: it is."""
        last = self.absences[-1] if self.absences else None
        return last if last and last.until_at is None else None


@dataclass
class EstateMemory:
    """What both fakes share."""

    journal: Memory = field(default_factory=Memory)
    surveys: dict[int, Survey] = field(default_factory=dict)
    resources: dict[str, Remembered] = field(default_factory=dict)
    coverages: dict[tuple[int, str], Coverage] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    payloads: dict[str, tuple[datetime, KeptPayload]] = field(default_factory=dict)

    def newest(self, connection: str, at: datetime, *, readable: bool) -> Coverage | None:
        """The newest coverage of a connection."""
        found = [
            coverage
            for (_, name), coverage in sorted(self.coverages.items())
            if name == connection
            and coverage.started_at <= at
            and not (readable and coverage.state is CoverageState.UNREADABLE)
        ]
        return found[-1] if found else None

    def seen(self, resource_id: str, at: datetime) -> ObservedResource | None:
        """A resource as it was known; None: it was not."""
        known = self.resources.get(resource_id)
        versions = [v for v in known.versions if v.from_at <= at] if known else []
        if known is None or not versions:
            return None
        version = versions[-1]
        days = [track for _, (_, seen_at, track) in sorted(known.days.items()) if seen_at <= at]
        absent = [
            absence
            for absence in known.absences
            if absence.from_at <= at and (absence.until_at is None or absence.until_at > at)
        ]
        read = self.newest(resource_id.split(":")[1], at, readable=True)
        gone = version.until_at is not None and version.until_at <= at
        confirmed_at = read.started_at if read else version.from_at
        if absent:
            confirmed_at = absent[-1].confirmed_at
        if gone and version.confirmed_at:
            confirmed_at = version.confirmed_at
        return ObservedResource(
            id=resource_id,
            stated=version.track,
            measured=days[-1] if days else NO_TRACK,
            first_seen_at=known.first_seen_at,
            confirmed_at=max(version.from_at, confirmed_at),
            vanished_at=version.until_at if gone else None,
            unseen=bool(absent) and not gone,
        )

    def history(self, resource_id: str) -> Iterator[Change]:
        """All that happened to a resource, oldest first."""
        before: Version | None = None
        known = self.resources[resource_id]
        for version in known.versions:
            if before is not None or version.from_at == known.first_seen_at:
                yield _found(resource_id, before, version)
            successor = next(
                (
                    v
                    for v in self.resources[resource_id].versions
                    if v.number == version.until_number and v is not version
                ),
                None,
            )
            if version.until_at is not None and successor is None:
                yield _gone(resource_id, version)
            before = version


def _found(resource_id: str, before: Version | None, version: Version) -> Change:
    kind = ChangeKind.APPEARED
    attributes: tuple[AttributeChange, ...] = ()
    if before is not None:
        returned = before.until_number != version.number
        kind = ChangeKind.RETURNED if returned else ChangeKind.CHANGED
        attributes = compared(resource_id, before.track, version.track)
    name, index = version.track.values[NAME]
    named_by = FactId(resource_id, NAME, version.track.origins[index].survey)
    return Change(
        version.number, version.from_at, resource_id, str(name), str(named_by), kind, attributes
    )


def _gone(resource_id: str, version: Version) -> Change:
    name, index = version.track.values[NAME]
    named_by = FactId(resource_id, NAME, version.track.origins[index].survey)
    assert version.until_number is not None
    assert version.until_at is not None
    return Change(
        version.until_number,
        version.until_at,
        resource_id,
        str(name),
        str(named_by),
        ChangeKind.VANISHED,
    )


def record_stated(known: Remembered, sighting: Sighting, origin: Origin) -> bool:
    """Remember what was stated; whether it differs."""
    current = known.current
    track = merged(current.track if current else None, sighting.stated, origin)
    if track is None:
        return False
    if current and current.number == origin.survey:
        current.track = track
        return True
    if current:
        current.until_number, current.until_at = origin.survey, origin.since
    known.versions.append(Version(origin.survey, origin.since, track))
    return True


def record_measured(known: Remembered, sighting: Sighting, origin: Origin, *, back: bool) -> bool:
    """Remember what was measured, the last of a day; whether it differs. `back`: it had been gone."""
    last = known.days[max(known.days)][2] if known.days and not back else None
    track = merged(last, sighting.measured, origin)
    if track is None:
        return False
    known.days[origin.since.date()] = (origin.survey, origin.since, track)
    return True
