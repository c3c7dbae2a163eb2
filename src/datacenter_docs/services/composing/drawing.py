"""Diagrams of what is known: which relations and resources a picture needs is decided here, what it shows in
`domain/diagrams.py`.
"""

from collections.abc import Mapping

from datacenter_docs.domain import diagrams
from datacenter_docs.domain.diagrams import Diagram
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.services.remembering import Known

FEW = 40
"""Machines on the overview."""
BUNCH = 1_000
"""Resources that are read at once."""


async def topology(estate: Known, most: int = diagrams.MOST) -> Diagram:
    """Devices, machines and the cables between them; at most so many machines."""
    cables = [one async for some in estate.walk_relations(rules=diagrams.LINKS) for one in some]
    ends = {end for cable in cables for end in (cable.left, cable.right)}
    known = await _all(estate, ends)
    parents = {one.parent for one in known.values() if one.parent is not None}
    return diagrams.topology(cables, {**known, **await _all(estate, parents - known.keys())}, most)


async def _all(estate: Known, ids: set[str]) -> Mapping[str, ObservedResource]:
    found: dict[str, ObservedResource] = {}
    every = sorted(ids)
    for start in range(0, len(every), BUNCH):
        found.update(await estate.get_all(every[start : start + BUNCH]))
    return found
