"""The section of capacity: the fullest things first, how fast they fill, and how long that will go on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from datacenter_docs.domain import citing
from datacenter_docs.domain.capacities import CAPACITIES, Capacity, Fullness, capacity_of
from datacenter_docs.domain.citing import Cite, Words
from datacenter_docs.domain.derivations import Recipe
from datacenter_docs.domain.drift_pages import CapacityPage, CapacityRow
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.reckonings import (
    Reckoned,
    Reckoning,
    days_left,
    growth,
    whole_days,
)
from datacenter_docs.domain.speaking import label
from datacenter_docs.domain.tally import Tally
from datacenter_docs.ports.estate import EstateReader
from datacenter_docs.services.describing import named

ROWS = 100
"""Things that are listed."""
WEEK, MONTH = 7, 30


class _Past(NamedTuple):
    """What was known at the ends of a time."""

    since: datetime
    until: datetime
    before: Mapping[str, ObservedResource]
    after: Mapping[str, ObservedResource]


async def compose(
    estate: EstateReader,
    tally: Tally,
    fullness: Fullness,
    now: datetime,
    at: datetime | None = None,
) -> CapacityPage:
    """The section as of `at` (None: now). `now`: the time of the newest survey of that; growth is of the whole days before."""
    ids = fullness.fullest(ROWS + 1)
    resources = await estate.get_all(ids, at)
    pasts = [await _past(estate, ids, now, days) for days in (WEEK, MONTH)]
    rows = (_row(resources[one], *pasts) for one in ids[:ROWS] if one in resources)
    return CapacityPage(
        rows=tuple(row for row in rows if row is not None),
        sums=tuple(_sums(tally)),
        cut=len(ids) > ROWS,
    )


async def _past(estate: EstateReader, ids: Sequence[str], now: datetime, days: int) -> _Past:
    since, until = whole_days(now, days)
    before, after = await estate.get_all(ids, since), await estate.get_all(ids, until)
    return _Past(since, until, before, after)


def _row(resource: ObservedResource, week: _Past, month: _Past) -> CapacityRow | None:
    capacity = capacity_of(resource)
    amounts = capacity.amounts(resource) if capacity else None
    used = resource.fact(capacity.used) if capacity else None
    if capacity is None or amounts is None or used is None:
        return None
    share = Reckoning(Reckoned.SHARE, resource.id).cite(amounts[0] / amounts[1], "_ratio")
    return CapacityRow(
        name=named(resource),
        kind=Words(label(resource.kind)),
        used=citing.cited(used),
        size=_size(resource, capacity, amounts[1]),
        share=share,
        week=_growth(resource, capacity, week),
        month=_growth(resource, capacity, month),
        days_left=_left(resource, month) or _left(resource, week),
    )


def _size(resource: ObservedResource, capacity: Capacity, size: float) -> Cite:
    fact = resource.fact(capacity.size[0])
    if len(capacity.size) == 1 and fact is not None:
        return citing.cited(fact)
    return Reckoning(Reckoned.SIZE, resource.id).cite(size, capacity.used)


def _growth(resource: ObservedResource, capacity: Capacity, past: _Past) -> Cite | None:
    growing = _grown(resource, past)
    if growing is None:
        return None
    return _over(Reckoned.GROWTH, resource, past).cite(growing, capacity.used)


def _left(resource: ObservedResource, past: _Past) -> Cite | None:
    after = past.after.get(resource.id)
    days = days_left(after, _grown(resource, past)) if after else None
    return None if days is None else _over(Reckoned.DAYS_LEFT, resource, past).cite(days)


def _grown(resource: ObservedResource, past: _Past) -> float | None:
    before, after = past.before.get(resource.id), past.after.get(resource.id)
    return growth(before, after, past.since, past.until)


def _over(rule: Reckoned, resource: ObservedResource, past: _Past) -> Reckoning:
    return Reckoning(rule, resource.id, past.since.isoformat(), past.until.isoformat())


def _sums(tally: Tally) -> Sequence[tuple[Words, Words, Cite, Cite]]:
    return [
        (
            Words(label(d.kind)),
            Words(label(d.attribute)),
            citing.connected(d.connection),
            d.cite(n),
        )
        for d, n in tally.numbers(Recipe.SUM)
        if (capacity := CAPACITIES.get((d.platform, d.kind)))
        and d.attribute in (capacity.used, *capacity.size)
    ]
