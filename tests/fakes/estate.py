"""The fakes of `ports/estate.py`: an estate in memory, compared and related by the rules of the domain."""

from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from tests.fakes.estate_memory import (
    LATEST,
    Absence,
    EstateMemory,
    Remembered,
    record_measured,
    record_stated,
)
from tests.fakes.estate_relations import crowds, related
from tests.fakes.memory import page

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.changes import Change, ChangeKind, Touched
from datacenter_docs.domain.errors import NotFound, Refused
from datacenter_docs.domain.observed import FactId, ObservedResource, Origin, Track
from datacenter_docs.domain.relations import Crowd, Relation
from datacenter_docs.domain.sightings import Sighting
from datacenter_docs.domain.surveys import Coverage, CoverageState, Present, Survey, SurveyState
from datacenter_docs.ports.estate import (
    Begun,
    ChangeFilter,
    FactRecord,
    Forgotten,
    KeptPayload,
    ResourceFilter,
    Retention,
)
from datacenter_docs.ports.pages import Page

MICROSECOND = timedelta(microseconds=1)


class FakeEstateReader:
    """What is known, in memory."""

    def __init__(self, estate: EstateMemory) -> None:
        self._estate = estate

    async def survey(self, number: int) -> Survey:
        try:
            survey = self._estate.surveys[number]
        except KeyError:
            raise NotFound(f"There is no survey {number}.") from None
        mine = [c for (n, _), c in sorted(self._estate.coverages.items()) if n == number]
        return survey.replaced(coverage=tuple(mine))

    async def surveys(self, cursor: str | None, limit: int) -> Page[Survey]:
        numbers = sorted(self._estate.surveys, reverse=True)
        every = [await self.survey(number) for number in numbers]
        return page("surveys", every, lambda survey: str(survey.number), cursor, limit)

    async def coverage(self, at: datetime | None = None) -> Sequence[Coverage]:
        names = sorted({name for _, name in self._estate.coverages})
        found = (self._estate.newest(name, at or LATEST, readable=False) for name in names)
        return [coverage for coverage in found if coverage]

    async def get(self, resource_id: str, at: datetime | None = None) -> ObservedResource:
        found = self._estate.seen(resource_id, at or LATEST)
        if found is None:
            raise NotFound(f"No survey has seen {resource_id}.")
        return found

    async def get_all(
        self, resource_ids: Sequence[str], at: datetime | None = None
    ) -> Mapping[str, ObservedResource]:
        found = {one: self._estate.seen(one, at or LATEST) for one in resource_ids}
        return {one: resource for one, resource in found.items() if resource}

    async def find(
        self, wanted: ResourceFilter, cursor: str | None, limit: int, at: datetime | None = None
    ) -> Page[ObservedResource]:
        found = list(self._matching(wanted, at))
        return page("resources", found, lambda resource: resource.id, cursor, limit)

    async def walk(
        self, wanted: ResourceFilter, at: datetime | None = None
    ) -> AsyncIterator[Sequence[ObservedResource]]:
        found = list(self._matching(wanted, at))
        for start in range(0, len(found), 1_000):
            yield found[start : start + 1_000]

    async def counts(self, at: datetime | None = None) -> Mapping[tuple[str, str, str], int]:
        present = self._matching(ResourceFilter(), at)
        return Counter((one.platform, one.connection, one.kind) for one in present)

    async def fact(self, fact_id: FactId) -> FactRecord:
        known = self._estate.resources.get(fact_id.resource_id)
        if known is None:
            raise NotFound(f"There never was a fact {fact_id}.")
        spans = [(v.track, v.until_at) for v in known.versions]
        days = sorted(known.days.values(), key=lambda day: day[1])
        ends = [seen_at for _, seen_at, _ in days[1:]]
        measured = [(day[2], until) for day, until in zip(days, [*ends, None], strict=False)]
        standing = [until for track, until in (*spans, *measured) if _has(track, fact_id)]
        if standing:
            until = standing[-1]
            before = None if until is None else until - MICROSECOND
            resource = await self.get(fact_id.resource_id, before)
            fact = resource.fact(fact_id.attribute)
            assert fact is not None
            return FactRecord(fact, until or resource.vanished_at)
        if any(fact_id.attribute in track.values for track, _ in measured):
            raise NotFound(f"{fact_id} is no longer kept: of what is measured, a day's last is.")
        if fact_id.survey < known.versions[0].number:
            raise NotFound(f"{fact_id} is no longer kept: it is older than the retention.")
        raise NotFound(f"There never was a fact {fact_id}.")

    async def history(
        self, resource_id: str, attribute: str | None, cursor: str | None, limit: int
    ) -> Page[Change]:
        await self.get(resource_id)
        changes = [
            change
            for change in reversed(list(self._estate.history(resource_id)))
            if attribute is None
            or change.kind is not ChangeKind.CHANGED
            or any(one.attribute == attribute for one in change.attributes)
        ]
        return page("history", changes, _name_of_change, cursor, limit)

    async def relations(self, resource_id: str, at: datetime | None = None) -> Sequence[Relation]:
        await self.get(resource_id, at)
        return [
            one for one in related(await self._present(at)) if resource_id in (one.left, one.right)
        ]

    async def related(
        self,
        resource_ids: Collection[str],
        rules: Collection[str] | None = None,
        at: datetime | None = None,
    ) -> Sequence[Relation]:
        return [
            one
            for one in related(await self._present(at))
            if (one.left in resource_ids or one.right in resource_ids)
            and (rules is None or one.rule in rules)
        ]

    async def walk_relations(
        self, at: datetime | None = None, rules: Sequence[str] = ()
    ) -> AsyncIterator[Sequence[Relation]]:
        every = related(await self._present(at))
        found = [one for one in every if not rules or one.rule in rules]
        for start in range(0, len(found), 1_000):
            yield found[start : start + 1_000]

    async def crowds(self) -> Sequence[Crowd]:
        return crowds(await self._present(None))

    async def changes(self, wanted: ChangeFilter, cursor: str | None, limit: int) -> Page[Change]:
        every = (c for one in self._estate.resources for c in self._estate.history(one))
        found = sorted(
            (change for change in every if _meets(change, wanted)),
            key=lambda change: (-change.survey, change.resource_id, change.at),
        )
        return page("changes", found, _name_of_change, cursor, limit)

    async def touched(self, after_survey: int) -> Touched:
        stated, measured = set(), set()
        for resource_id, known in self._estate.resources.items():
            if any(max(v.number, v.until_number or 0) > after_survey for v in known.versions):
                stated.add(resource_id)
            if any(number > after_survey for number, _, _ in known.days.values()):
                measured.add(resource_id)
        return Touched(frozenset(stated), frozenset(measured - stated))

    async def payload(self, sha256: str) -> KeptPayload:
        if sha256 in self._estate.payloads:
            return self._estate.payloads[sha256][1]
        if sha256 in self._estate.named:
            return KeptPayload(sha256, None, gone_because="It was not kept, or is no longer.")
        raise NotFound(f"No reading has the payload {sha256}.")

    async def _present(self, at: datetime | None) -> Sequence[ObservedResource]:
        return list(self._matching(ResourceFilter(), at))

    def _matching(self, wanted: ResourceFilter, at: datetime | None) -> Iterator[ObservedResource]:
        for resource_id in sorted(self._estate.resources):
            found = self._estate.seen(resource_id, at or LATEST)
            if found and _wanted(found, wanted):
                yield found


class FakeEstateRecorder:
    """What a survey saw, into memory."""

    def __init__(self, estate: EstateMemory) -> None:
        self._estate = estate

    async def begin(
        self,
        connections: Sequence[str],
        requested_by: str,
        at: datetime,
        entries: Sequence[Entry] = (),
    ) -> Begun:
        surveys = self._estate.surveys
        newest = surveys[max(surveys)] if surveys else None
        if newest and newest.state is SurveyState.RUNNING:
            return Begun(newest, created=False)
        survey = Survey(
            number=len(surveys) + 1,
            state=SurveyState.RUNNING,
            requested_by=requested_by,
            connections=tuple(connections),
            started_at=max(at, newest.finished_at or at) if newest else at,
        )
        surveys[survey.number] = survey
        self._estate.journal.append(entries)
        return Begun(survey, created=True)

    async def record(
        self, survey: int, sightings: Sequence[Sighting], at: datetime
    ) -> Sequence[str]:
        for sighting in sightings:
            known = self._estate.resources.setdefault(sighting.id, Remembered(first_seen_at=at))
            back = known.current is None
            origin = Origin(survey, at, sighting.reading)
            if known.absence:
                known.absence.until_at = at
            changes = [
                record_stated(known, sighting, origin),
                record_measured(known, sighting, origin, back=back),
            ]
            if any(changes):
                self._estate.named.add(sighting.reading.payload_sha256)
        hashes = dict.fromkeys(sighting.reading.payload_sha256 for sighting in sightings)
        return [h for h in hashes if h in self._estate.named and h not in self._estate.payloads]

    async def keep(self, payloads: Sequence[KeptPayload], at: datetime) -> None:
        for payload in payloads:
            self._estate.payloads.setdefault(payload.sha256, (at, payload))

    async def present(self, connection: str) -> AsyncIterator[Sequence[Present]]:
        found = [
            Present(resource.id, resource.name, resource.parent)
            for one in sorted(self._estate.resources)
            if one.split(":")[1] == connection
            and (resource := self._estate.seen(one, LATEST))
            and resource.vanished_at is None
        ]
        yield found

    async def depart(
        self, survey: int, vanished: Sequence[str], unseen: Mapping[str, bool], at: datetime
    ) -> None:
        for resource_id in vanished:
            self._bury(resource_id, survey, at)
        for resource_id, doubted in unseen.items():
            known = self._estate.resources[resource_id]
            resource = self._estate.seen(resource_id, LATEST)
            assert resource is not None
            if known.absence:
                known.absence.doubted = doubted
            else:
                known.absences.append(Absence(resource.confirmed_at, doubted, at))

    async def cover(self, coverage: Coverage) -> Coverage:
        before = self._estate.newest(coverage.connection, coverage.started_at, readable=False)
        complete = coverage.state is CoverageState.COMPLETE
        read_at = coverage.started_at if complete else before.read_at if before else None
        found = Counter(
            change.kind
            for one in self._estate.resources
            if one.split(":")[1] == coverage.connection
            for change in self._estate.history(one)
            if change.survey == coverage.survey
        )
        counts = coverage.counts.replaced(**{kind.value: found[kind] for kind in ChangeKind})
        stored = coverage.replaced(read_at=read_at, counts=counts)
        self._estate.coverages[coverage.survey, coverage.connection] = stored
        return stored

    async def finish(self, survey: int, at: datetime) -> Survey:
        if survey not in self._estate.surveys:
            raise NotFound(f"There is no survey {survey}.")
        running = self._estate.surveys[survey]
        finished = running.replaced(
            state=SurveyState.FINISHED, finished_at=max(at, running.started_at)
        )
        self._estate.surveys[survey] = finished
        return await FakeEstateReader(self._estate).survey(survey)

    async def accept_vanished(
        self, connection: str, requested_by: str, at: datetime, entries: Sequence[Entry]
    ) -> int:
        newest = self._estate.surveys.get(len(self._estate.surveys))
        if newest and newest.state is SurveyState.RUNNING:
            raise Refused(f"Survey {newest.number} is running: wait until it is over.")
        doubted = [
            one
            for one, known in self._estate.resources.items()
            if one.split(":")[1] == connection
            and known.current
            and known.absence
            and known.absence.doubted
        ]
        if not doubted or newest is None:
            return 0
        said_at = max(at, newest.finished_at or newest.started_at)
        number = newest.number + 1
        self._estate.surveys[number] = newest.replaced(
            number=number,
            requested_by=requested_by,
            connections=(connection,),
            started_at=said_at,
            finished_at=said_at,
        )
        for resource_id in doubted:
            self._bury(resource_id, number, said_at)
        self._estate.journal.append(entries)
        return len(doubted)

    async def sweep(self, retention: Retention) -> Forgotten:
        versions = measurements = 0
        for known in self._estate.resources.values():
            followed = [v.from_at for v in known.versions[1:]]
            old = sum(at < retention.versions_before for at in followed)
            kept = known.versions[old:]
            days = {
                day: row
                for day, row in known.days.items()
                if day == max(known.days) or row[1] >= retention.measurements_before
            }
            versions += len(known.versions) - len(kept)
            measurements += len(known.days) - len(days)
            known.versions, known.days = kept, days
        tracks = [
            track
            for known in self._estate.resources.values()
            for track in (*(v.track for v in known.versions), *(d[2] for d in known.days.values()))
        ]
        named = {o.reading.payload_sha256 for track in tracks for o in track.origins}
        readings = len(self._estate.named - named)
        self._estate.named = named
        old = [
            sha256
            for sha256, (kept_at, _) in self._estate.payloads.items()
            if sha256 not in named and kept_at < retention.payloads_before
        ]
        for sha256 in old:
            del self._estate.payloads[sha256]
        return Forgotten(versions, measurements, readings, len(old))

    def _bury(self, resource_id: str, survey: int, at: datetime) -> None:
        known = self._estate.resources[resource_id]
        seen = self._estate.seen(resource_id, LATEST)
        if known.absence:
            known.absence.until_at = at
        if known.current and seen:
            known.current.confirmed_at = seen.confirmed_at
            known.current.until_number, known.current.until_at = survey, at


def _has(track: Track[Origin], fact_id: FactId) -> bool:
    if fact_id.attribute not in track.values:
        return False
    return track.origins[track.values[fact_id.attribute][1]].survey == fact_id.survey


def _wanted(resource: ObservedResource, wanted: ResourceFilter) -> bool:
    return (
        wanted.platform in (None, resource.platform)
        and wanted.connection in (None, resource.connection)
        and wanted.kind in (None, resource.kind)
        and wanted.parent in (None, resource.parent)
        and (wanted.name or "").lower() in resource.name.lower()
        and wanted.vanished in (None, resource.vanished_at is not None)
    )


def _meets(change: Change, wanted: ChangeFilter) -> bool:
    platform, connection, _, _ = change.resource_id.split(":", 3)
    return (
        (wanted.since is None or change.at > wanted.since)
        and (wanted.until is None or change.at <= wanted.until)
        and wanted.platform in (None, platform)
        and wanted.connection in (None, connection)
        and wanted.resource_id in (None, change.resource_id)
        and wanted.kind in (None, change.kind)
        and (wanted.resource_ids is None or change.resource_id in wanted.resource_ids)
    )


def _name_of_change(change: Change) -> str:
    return f"{change.survey}:{change.resource_id}:{change.kind}"
