"""The section of a platform: every kind with its numbers and its resources. What does not fit on one page goes into parts."""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from datacenter_docs.domain import citing
from datacenter_docs.domain.citing import Cite, Words
from datacenter_docs.domain.columns import listed
from datacenter_docs.domain.derivations import Derivation, Rule
from datacenter_docs.domain.documents import Counted, KindTable, PartPage, PlatformPage
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.speaking import label
from datacenter_docs.domain.tally import Tally
from datacenter_docs.ports.estate import EstateReader, ResourceFilter
from datacenter_docs.services.composing import tables

ROWS = 500
"""Rows of a table on one page; the rest goes into parts of as many."""

SECTIONS = {
    "vmware": "virtualization",
    "kubernetes": "kubernetes",
    "network": "network",
    "storage": "storage",
    "openstack": "openstack",
}
"""The section of each platform."""

TITLES = {
    "vmware": "Virtualization",
    "kubernetes": "Kubernetes",
    "network": "Network",
    "storage": "Storage",
    "openstack": "OpenStack",
}


class Part(NamedTuple):
    """A page with more rows of a section, under its id."""

    document_id: str
    page: PartPage


class Composed(NamedTuple):
    """The section, and its parts in order."""

    page: PlatformPage
    parts: Sequence[Part]


async def compose(estate: EstateReader, tally: Tally, platform: str) -> Composed:
    """The section of a platform as it is now; tables are in the order of kinds."""
    counted = [d for d, _ in tally.numbers(Rule.COUNT, platform) if not d.attribute]
    kinds = sorted({d.kind for d in counted if listed(platform, d.kind)})
    parts: list[Part] = []
    found = []
    for kind in kinds:
        table, more = await _table(estate, tally, platform, kind)
        found.append(table)
        parts += more
    connections = sorted({d.connection for d in counted})
    page = PlatformPage(
        title=Words(TITLES[platform]),
        connections=tuple(map(citing.connected, connections)),
        tables=tuple(found),
    )
    return Composed(page, parts)


async def _table(
    estate: EstateReader, tally: Tally, platform: str, kind: str
) -> tuple[KindTable, Sequence[Part]]:
    pages = [page async for page in _pages(estate, platform, kind)]
    every = Derivation(Rule.COUNT, platform, kind)
    parts = [_part(platform, kind, number, rows) for number, rows in enumerate(pages[1:], 2)]
    table = KindTable(
        kind=Words(label(kind)),
        total=every.cite(tally.number(every)),
        states=tuple(_states(tally, platform, kind)),
        sums=tuple(_sums(tally, platform, kind)),
        columns=tables.headings(platform, kind),
        rows=tuple(pages[0]) if pages else (),
        parts=tuple(citing.page(f"part {i}", part.document_id) for i, part in enumerate(parts, 2)),
    )
    return table, parts


def _part(platform: str, kind: str, number: int, rows: Sequence[tables.Row]) -> Part:
    section = SECTIONS[platform]
    page = PartPage(
        title=Words(TITLES[platform]),
        kind=Words(label(kind)),
        section=citing.page(f"part {number}", section),
        columns=tables.headings(platform, kind),
        rows=tuple(rows),
    )
    return Part(f"{section}/{kind}/{number}", page)


async def _pages(
    estate: EstateReader, platform: str, kind: str
) -> AsyncIterator[Sequence[tables.Row]]:
    waiting: list[ObservedResource] = []
    async for bunch in estate.walk(ResourceFilter(platform=platform, kind=kind)):
        waiting += bunch
        while len(waiting) >= ROWS:
            yield await tables.rows(estate, waiting[:ROWS])
            del waiting[:ROWS]
    if waiting:
        yield await tables.rows(estate, waiting)


def _states(tally: Tally, platform: str, kind: str) -> Sequence[Counted]:
    return [
        Counted(Words(label(d.attribute)), d.cite(number), _value(d))
        for d, number in tally.numbers(Rule.COUNT, platform)
        if d.kind == kind and d.attribute
    ]


def _sums(tally: Tally, platform: str, kind: str) -> Sequence[Counted]:
    return [
        Counted(Words(label(d.attribute)), d.cite(number), citing.connected(d.connection))
        for d, number in tally.numbers(Rule.SUM, platform)
        if d.kind == kind
    ]


def _value(derivation: Derivation) -> Cite:
    """The state that was counted, and where: proved by the same derivation."""
    return Cite(f"{derivation.value} ({derivation.connection})", derivation.cite(0).proof)
