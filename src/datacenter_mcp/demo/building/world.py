"""The whole world from a seed and a size. The same arguments give the same world, to the last detail."""

import math
from collections import defaultdict

from datacenter_mcp.demo.building import kubernetes, network, openstack, storage, vmware
from datacenter_mcp.demo.building.rack import Rack
from datacenter_mcp.demo.things import Dice, Thing
from datacenter_mcp.demo.view import Base

FIRST_RACK = 221
FURTHER_RACK = 183
"""So many things a rack has; the first has what all share."""
MOST = 100_000


def build(seed: int, size: int, born: float) -> Base:
    """About `size` things, in whole racks, at least one. `born`: when the world begins, seconds since 1970."""
    things: dict[str, Thing] = {}
    by_sort: defaultdict[str, list[str]] = defaultdict(list)
    children: defaultdict[str, list[str]] = defaultdict(list)
    for number in range(1, racks(size) + 1):
        rack = Rack(number, born, Dice(seed))
        for platform in (network, storage, vmware, kubernetes, openstack):
            for thing in platform.things(rack):
                things[thing.key] = thing
                by_sort[thing.sort].append(thing.key)
                if thing.parent is not None:
                    children[thing.parent].append(thing.key)
    return Base(things, dict(by_sort), dict(children))


def racks(size: int) -> int:
    """How many racks come nearest to a size."""
    return 1 + max(0, math.floor((size - FIRST_RACK) / FURTHER_RACK + 0.5))
