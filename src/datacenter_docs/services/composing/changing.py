"""What changed, as prose: what happened to each thing day by day, with the facts before and after, and the tickets that
acted upon it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from datacenter_docs.domain import citing
from datacenter_docs.domain.changes import Change, ChangeKind
from datacenter_docs.domain.citing import Words
from datacenter_docs.domain.deeds import Deed
from datacenter_docs.domain.drift import by_day
from datacenter_docs.domain.drift_pages import (
    ChangesPage,
    DayOfChanges,
    MassChange,
)
from datacenter_docs.ports.deeds import Deeds
from datacenter_docs.ports.estate import ChangeFilter, EstateReader
from datacenter_docs.services import telling

WEEK = timedelta(days=7)
SHORTLY = timedelta(days=1)
"""A deed of a ticket stands beside a change that was found not later than this after it."""
MOST = 2_000
"""Changes that a section reads."""
MASS: Mapping[ChangeKind, int] = {
    ChangeKind.APPEARED: 25,
    ChangeKind.RETURNED: 25,
    ChangeKind.VANISHED: 100,
    ChangeKind.CHANGED: 200,
}
"""More things of a connection than this, to which the same happened in one survey, are only counted: soonest what is new,
which is there to be seen; last what changed, since how is told nowhere else.
"""


class Several(NamedTuple):
    """The same that one survey found of things of one connection."""

    survey: int
    connection: str
    kind: ChangeKind


async def compose(
    estate: EstateReader, deeds: Deeds, until: datetime | None = None
) -> ChangesPage:
    """The week that ends with the newest change, so that the page changes only when the estate does."""
    newest = (await estate.changes(ChangeFilter(until=until), None, 1)).items
    if not newest:
        return ChangesPage((), None, cut=False)
    since = newest[0].at - WEEK
    changes, cut = await telling.read(estate, ChangeFilter(since=since, until=until), MOST)
    numbers = await _numbers(estate, changes)
    single = [change for change in changes if _several(change) not in numbers]
    done = await deeds.upon([one.resource_id for one in single], since - SHORTLY, until, MOST)
    return ChangesPage(
        days=tuple(_days(changes, single, numbers, done)),
        earliest=citing.surveyed(newest[0].survey, citing.moment(since)),
        cut=cut,
    )


def _days(
    changes: Sequence[Change],
    single: Sequence[Change],
    numbers: Mapping[Several, int],
    deeds: Sequence[Deed],
) -> Iterable[DayOfChanges]:
    alone = by_day(single)
    for day, every in by_day(changes).items():
        masses = sorted({_several(change) for change in every} & numbers.keys())
        yield DayOfChanges(
            day=citing.surveyed(max(change.survey for change in every), day),
            masses=tuple(_mass(several, numbers[several]) for several in masses),
            groups=tuple(telling.groups(alone.get(day, ()), _near(deeds, alone.get(day, ())))),
        )


def _near(deeds: Sequence[Deed], changes: Sequence[Change]) -> Sequence[Deed]:
    """The deeds after which one of the changes was found shortly."""
    return [
        deed
        for deed in deeds
        if any(
            change.resource_id == deed.target
            and change.at - SHORTLY < deed.finished_at <= change.at
            for change in changes
        )
    ]


def _several(change: Change) -> Several:
    return Several(change.survey, change.resource_id.split(":", 2)[1], change.kind)


async def _numbers(estate: EstateReader, changes: Iterable[Change]) -> Mapping[Several, int]:
    """Of what happened in masses, how often, as the survey itself has counted."""
    counted = Counter(map(_several, changes))
    many = [several for several, n in counted.items() if n > MASS[several.kind]]
    numbers: dict[Several, int] = {}
    for number in {several.survey for several in many}:
        for coverage in (await estate.survey(number)).coverage:
            for kind in ChangeKind:
                several = Several(number, coverage.connection, kind)
                if several in many:
                    numbers[several] = getattr(coverage.counts, kind)
    return numbers


def _mass(several: Several, number: int) -> MassChange:
    return MassChange(
        number=citing.surveyed(several.survey, f"{number:,}", several.connection),
        words=Words(telling.HAPPENED[several.kind].replace("is gone", "are gone")),
        connection=citing.connected(several.connection),
        survey=telling.survey(several.survey),
    )
