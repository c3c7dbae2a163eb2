"""The section of a platform: every kind with its numbers and its resources. Long tables
stand on pages of their own.
"""

import math
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from datacenter_docs.domain import citing
from datacenter_docs.domain.citing import Cite, Words
from datacenter_docs.domain.columns import listed
from datacenter_docs.domain.derivations import Derivation, Recipe
from datacenter_docs.domain.documents import Counted, KindTable, PartPage, PlatformPage
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.speaking import label
from datacenter_docs.domain.tally import Tally
from datacenter_docs.ports.estate import ResourceFilter
from datacenter_docs.services.composing import drawing, tables
from datacenter_docs.services.remembering import Known

INLINE = 50
"""So many resources of a kind stand in the section itself; of more, only the numbers do."""
ROWS = 500
"""Rows of a long table on one page."""

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
    """A page with rows of a long table, under its id, and the ids of the resources that are on it."""

    document_id: str
    page: PartPage
    members: Sequence[str]


async def section(estate: Known, tally: Tally, platform: str) -> PlatformPage:
    """The section of a platform as it is now; tables are in the order of kinds."""
    counted = [d for d, _ in tally.numbers(Recipe.COUNT, platform) if not d.attribute]
    kinds = sorted({d.kind for d in counted if listed(platform, d.kind)})
    drawn = await drawing.topology(estate) if platform == "network" else None
    return PlatformPage(
        title=Words(TITLES[platform]),
        connections=tuple(map(citing.connected, sorted({d.connection for d in counted}))),
        tables=tuple([await _table(estate, tally, platform, kind) for kind in kinds]),
        topology=drawn if drawn and drawn.edges else None,
    )


async def parts(estate: Known, platform: str, kind: str) -> AsyncIterator[Part]:
    """All rows of a long table, page by page."""
    waiting: list[ObservedResource] = []
    number = 0
    async for bunch in estate.walk(ResourceFilter(platform=platform, kind=kind)):
        waiting += bunch
        while len(waiting) >= ROWS:
            number += 1
            yield await part(estate, platform, kind, number, waiting[:ROWS])
            del waiting[:ROWS]
    if waiting:
        yield await part(estate, platform, kind, number + 1, waiting)


async def part(
    estate: Known,
    platform: str,
    kind: str,
    number: int,
    resources: Sequence[ObservedResource],
) -> Part:
    """One page of a long table, with these resources."""
    section_id = SECTIONS[platform]
    page = PartPage(
        title=Words(TITLES[platform]),
        kind=Words(label(kind)),
        section=citing.page(f"part {number}", section_id),
        columns=tables.headings(platform, kind),
        rows=tuple(await tables.rows(estate, resources)),
    )
    return Part(f"{section_id}/{kind}/{number}", page, [resource.id for resource in resources])


def is_long(tally: Tally, platform: str, kind: str) -> bool:
    """Whether the rows of a kind stand on pages of their own."""
    return tally.number(Derivation(Recipe.COUNT, platform, kind)) > INLINE


async def _table(estate: Known, tally: Tally, platform: str, kind: str) -> KindTable:
    every = Derivation(Recipe.COUNT, platform, kind)
    total = int(tally.number(every))
    ids = [f"{SECTIONS[platform]}/{kind}/{n}" for n in range(1, math.ceil(total / ROWS) + 1)]
    long = is_long(tally, platform, kind)
    found = (
        []
        if long
        else (await estate.find(ResourceFilter(platform=platform, kind=kind), None, INLINE)).items
    )
    return KindTable(
        kind=Words(label(kind)),
        total=every.cite(total),
        states=tuple(_states(tally, platform, kind)),
        sums=tuple(_sums(tally, platform, kind)),
        columns=tables.headings(platform, kind),
        rows=tuple(await tables.rows(estate, found)),
        parts=tuple(citing.page(f"part {n}", one) for n, one in enumerate(ids, 1)) if long else (),
    )


def _states(tally: Tally, platform: str, kind: str) -> Sequence[Counted]:
    return [
        Counted(Words(label(d.attribute)), d.cite(number), _value(d))
        for d, number in tally.numbers(Recipe.COUNT, platform)
        if d.kind == kind and d.attribute
    ]


def _sums(tally: Tally, platform: str, kind: str) -> Sequence[Counted]:
    return [
        Counted(Words(label(d.attribute)), d.cite(number), citing.connected(d.connection))
        for d, number in tally.numbers(Recipe.SUM, platform)
        if d.kind == kind
    ]


def _value(derivation: Derivation) -> Cite:
    """The state that was counted, and where: proved by the same derivation."""
    return Cite(f"{derivation.value} ({derivation.connection})", derivation.cite(0).proof)
