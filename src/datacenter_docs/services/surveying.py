"""Reading the estate: every connection by itself, page by page, into what is remembered.

A sick connection costs its own coverage and nothing else. Each part of this may be run again after a crash: what was
recorded is compared again, and nothing is recorded twice.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.errors import DatacenterDocsError, Invalid
from datacenter_docs.domain.observed import PARENT
from datacenter_docs.domain.sightings import Sighting, circles, sighted
from datacenter_docs.domain.surveys import (
    Counts,
    Coverage,
    CoverageState,
    Judgement,
    MissingPart,
    Oddity,
    Present,
    Survey,
    judged,
    state_of,
)
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.estate import Begun, EstateReader, EstateRecorder, Forgotten, Retention
from datacenter_docs.ports.notices import Meter
from datacenter_docs.ports.platforms import (
    ConnectionInfo,
    ListedPage,
    PlatformLister,
    PlatformReader,
)

ODDITIES_KEPT = 100
"""Of one connection in one survey; the others are counted."""

CLOCK_TOLERANCE = timedelta(minutes=5)
"""A platform's clock that differs from ours by more than this is an oddity."""

POLL_SECONDS = 0.5
"""How often whoever follows a survey looks."""

SCHEDULE = "schedule"
"""Who requests a survey that nobody requested."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How surveys go about it. `believable_ratio` 0..1: see `domain.surveys.judged`. `time_limit_seconds`: for one connection.

    The days say for how long what is no longer true is kept.
    """

    believable_ratio: float = 0.5
    time_limit_seconds: float = 600.0
    version_days: int = 400
    measurement_days: int = 90
    payload_days: int = 1


@dataclass(slots=True)
class _Read:
    """What reading a connection has brought so far."""

    started_at: datetime
    parents: dict[str, str | None] = field(default_factory=dict)
    gaps: dict[MissingPart, None] = field(default_factory=dict)
    passing: set[str] = field(default_factory=set)
    oddities: list[Oddity] = field(default_factory=list)
    left_out: int = 0
    payloads: bool = True
    clock_told: bool = False

    def note(self, subject: str, what: str) -> None:
        """Something odd."""
        if len(self.oddities) < ODDITIES_KEPT:
            self.oddities.append(Oddity(subject=subject, what=what))
        else:
            self.left_out += 1


class Surveying:
    """Surveys, from their beginning to their end."""

    def __init__(
        self,
        platforms: PlatformReader,
        lister: PlatformLister,
        estate: EstateReader,
        recorder: EstateRecorder,
        meter: Meter,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._platforms = platforms
        self._lister = lister
        self._estate = estate
        self._recorder = recorder
        self._meter = meter
        self._clock = clock
        self._limits = limits

    async def begin(self, requested_by: str, connections: Collection[str] = ()) -> Begun:
        """A survey of these connections, or of all; the one that runs, where one does. Raises `Invalid` for a connection that
        is not configured.
        """
        known = {info.name for info in self._platforms.connections()}
        unknown = sorted({*connections} - known)
        if unknown:
            raise Invalid(
                f"There is no connection {', '.join(unknown)}; configured are: {', '.join(sorted(known))}.",
                {"connections": f"unknown: {', '.join(unknown)}"},
            )
        wanted = sorted(connections or known)
        return await self._recorder.begin(wanted, requested_by, self._clock.now())

    async def is_first(self) -> bool:
        """Whether there was never a survey."""
        return not (await self._estate.surveys(None, 1)).items

    async def running(self) -> Survey | None:
        """The survey that runs; None: none does."""
        newest = (await self._estate.surveys(None, 1)).items
        return newest[0] if newest and newest[0].finished_at is None else None

    async def progress(
        self, number: int, *, stopping: Callable[[], bool]
    ) -> AsyncIterator[Coverage]:
        """What a survey covers, each as it is done, until the survey is over or the server is `stopping`. Raises `NotFound`."""
        told: set[str] = set()
        while True:
            survey = await self._estate.survey(number)
            for coverage in survey.coverage:
                if coverage.connection not in told:
                    told.add(coverage.connection)
                    yield coverage
            if survey.finished_at is not None or stopping():
                return
            await self._clock.sleep(POLL_SECONDS)

    async def read(self, survey: int, connection: str) -> Coverage:
        """Read a connection to its end, or until it fails or takes too long; then say what is gone. Never raises for a sick
        platform.
        """
        known = await self._estate.survey(survey)
        reading = _Read(max(self._clock.now(), known.started_at))
        info = self._info(connection)
        if info is None:
            reading.gaps[MissingPart(part="", reason="It is not configured any more.")] = None
        else:
            await self._stream(survey, info, reading)
        judgement = await self._judge(survey, connection, reading)
        coverage = await self._recorder.cover(
            Coverage(
                survey=survey,
                connection=connection,
                platform=info.platform if info else "",
                state=_state(reading, judgement),
                started_at=reading.started_at,
                finished_at=self._now(reading),
                read_at=None,
                counts=Counts(seen=len(reading.parents), unseen=len(judgement.unseen)),
                gaps=tuple(reading.gaps),
                suspicions=tuple(judgement.suspicions),
                oddities=tuple(reading.oddities),
                oddities_left_out=reading.left_out,
            )
        )
        self._meter.covered(connection, coverage.read_at)
        return coverage

    async def finish(self, number: int) -> Survey:
        """The end of a survey; the first one after midnight (UTC) also forgets what is old."""
        survey = await self._recorder.finish(number, self._clock.now())
        finished_at = survey.finished_at or survey.started_at
        self._meter.surveyed((finished_at - survey.started_at).total_seconds())
        counted: dict[str, int] = {}
        for (platform, _, _), resources in (await self._estate.counts()).items():
            counted[platform] = counted.get(platform, 0) + resources
        self._meter.resources(counted)
        return survey

    async def sweep(self, number: int) -> Forgotten | None:
        """Forget what is older than it has to be, once a day (UTC): None, when this is not the first survey of its day."""
        survey = await self._estate.survey(number)
        if number > 1:
            before = await self._estate.survey(number - 1)
            if before.started_at.date() == survey.started_at.date():
                return None
        now, limits = survey.started_at, self._limits
        return await self._recorder.sweep(
            Retention(
                versions_before=now - timedelta(days=limits.version_days),
                measurements_before=now - timedelta(days=limits.measurement_days),
                payloads_before=now - timedelta(days=limits.payload_days),
            )
        )

    async def accept_vanished(self, connection: str, actor: str) -> int:
        """A person says that what a suspicious reading did not show is gone. How many. Raises `Refused` while a survey runs."""
        now = self._clock.now()
        entry = Entry(
            kind=EntryKind.VANISHED_ACCEPTED, at=now, actor=actor, body={"connection": connection}
        )
        return await self._recorder.accept_vanished(connection, actor, now, [entry])

    def _info(self, connection: str) -> ConnectionInfo | None:
        found = (one for one in self._platforms.connections() if one.name == connection)
        return next(found, None)

    def _now(self, reading: _Read) -> datetime:
        """Our clock, which does not run backwards within a reading."""
        return max(self._clock.now(), reading.started_at)

    async def _stream(self, survey: int, info: ConnectionInfo, reading: _Read) -> None:
        """Page after page into the estate. Only what the platform's side raises ends up as a gap."""
        pages = aiter(self._lister.pages(info.name))
        limit = self._limits.time_limit_seconds
        until = asyncio.get_running_loop().time() + limit
        while True:
            try:
                async with asyncio.timeout_at(until):
                    page = await anext(pages)
            except StopAsyncIteration:
                return
            except TimeoutError:
                reason = f"It was not read to its end within {limit:g} s."
                reading.gaps[MissingPart(part="", reason=reason)] = None
                return
            except DatacenterDocsError as error:
                reading.gaps[MissingPart(part="", reason=error.message)] = None
                return
            await self._take(survey, info, page, reading)

    async def _take(
        self, survey: int, info: ConnectionInfo, page: ListedPage, reading: _Read
    ) -> None:
        reading.gaps.update(dict.fromkeys(page.gaps))
        reading.passing |= page.passing
        sightings = self._sightings(info, page, reading)
        missing = await self._recorder.record(survey, sightings, self._now(reading))
        if missing and reading.payloads:
            await self._fetch(info.name, missing, reading)

    async def _fetch(self, connection: str, hashes: Sequence[str], reading: _Read) -> None:
        """Raw answers are proof, not knowledge: without them the survey goes on."""
        try:
            payloads = await self._lister.payloads(connection, hashes)
        except DatacenterDocsError as error:
            reading.payloads = False
            reading.note(connection, f"its raw answers cannot be had: {error.message}")
            return
        await self._recorder.keep(payloads, self._now(reading))

    def _sightings(self, info: ConnectionInfo, page: ListedPage, reading: _Read) -> list[Sighting]:
        """The page as sightings; the first of an id stands, and happenings are no things."""
        found: list[Sighting] = []
        for resource in page.resources:
            if resource.kind in page.happening:
                continue
            measured = page.measured.get(resource.kind, frozenset())
            sighting, oddities = sighted(resource, info.platform, info.name, measured)
            for oddity in oddities:
                reading.note(oddity.subject, oddity.what)
            if sighting is None:
                continue
            if sighting.id in reading.parents:
                reading.note(sighting.id, "it is listed twice: the first one stands")
                continue
            parent = sighting.stated[PARENT]
            reading.parents[sighting.id] = None if parent is None else str(parent)
            self._compare_clocks(info.name, sighting, reading)
            found.append(sighting)
        return found

    def _compare_clocks(self, connection: str, sighting: Sighting, reading: _Read) -> None:
        off = sighting.reading.observed_at - self._now(reading)
        if abs(off) > CLOCK_TOLERANCE and not reading.clock_told:
            reading.clock_told = True
            way = "ahead of" if off > timedelta() else "behind"
            seconds = abs(off).total_seconds()
            what = f"the clock of its server is {seconds:.0f} s {way} ours: ours gives the order"
            reading.note(connection, what)

    async def _judge(self, survey: int, connection: str, reading: _Read) -> Judgement:
        present: list[Present] = []
        async for bunch in self._recorder.present(connection):
            present += bunch
        self._check_parents(present, reading)
        judgement = judged(
            present,
            reading.parents.keys(),
            list(reading.gaps),
            self._limits.believable_ratio,
            reading.passing,
        )
        doubted = set(judgement.doubted)
        unseen: Mapping[str, bool] = {one: one in doubted for one in judgement.unseen}
        await self._recorder.depart(survey, judgement.vanished, unseen, self._now(reading))
        return judgement

    def _check_parents(self, present: Sequence[Present], reading: _Read) -> None:
        there = {one.id for one in present}
        for resource_id, parent in reading.parents.items():
            if parent is not None and parent not in there:
                reading.note(resource_id, f"what contains it is not there: {parent[:200]}")
        for resource_id in circles(reading.parents):
            reading.note(resource_id, "it contains itself, by way of what contains it")


def _state(reading: _Read, judgement: Judgement) -> CoverageState:
    if reading.gaps and not reading.parents:
        return CoverageState.UNREADABLE
    return state_of(list(reading.gaps), judgement.suspicions)
