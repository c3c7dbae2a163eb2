"""What can be full: which attribute says how much of it is used, and which how large it is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.risks import is_number


@dataclass(frozen=True, slots=True)
class Capacity:
    """`used` and the attributes that together are the `size`, in the same unit."""

    used: str
    size: tuple[str, ...]

    def amounts(self, resource: ObservedResource) -> tuple[float, float] | None:
        """What is used, and the size; None: one of the two is not known, or it has no size."""
        used = resource.value(self.used)
        parts = [resource.value(attribute) for attribute in self.size]
        sizes = [part for part in parts if is_number(part)]
        size = sum(sizes)
        if not is_number(used) or len(sizes) < len(parts) or size <= 0:
            return None
        return used, size


CAPACITIES: Mapping[tuple[str, str], Capacity] = {
    ("vmware", "host"): Capacity("memory_used_bytes", ("memory_total_bytes",)),
    ("vmware", "datastore"): Capacity("used_bytes", ("size_bytes",)),
    ("kubernetes", "node"): Capacity("memory_used_bytes", ("memory_bytes",)),
    ("storage", "cluster"): Capacity("used_bytes", ("size_bytes",)),
    ("storage", "pool"): Capacity("used_bytes", ("used_bytes", "free_bytes")),
    ("storage", "volume"): Capacity("used_bytes", ("size_bytes",)),
    ("openstack", "hypervisor"): Capacity("used_memory_mib", ("memory_mib",)),
    ("openstack", "quota"): Capacity("used", ("limit",)),
}
"""By platform and kind. Every attribute is one of the vocabularies (a test holds that)."""


def capacity_of(resource: ObservedResource) -> Capacity | None:
    """What is said of its kind; None: it cannot be full."""
    return CAPACITIES.get((resource.platform, resource.kind))


def share(resource: ObservedResource) -> float | None:
    """How full it is, 0 and more; None: not known, gone, or it cannot be full."""
    capacity = capacity_of(resource)
    amounts = capacity.amounts(resource) if capacity else None
    if amounts is None or resource.vanished_at is not None:
        return None
    return amounts[0] / amounts[1]


class Fullness:
    """How full everything is, kept up to date by what a survey touched."""

    def __init__(self) -> None:
        self._shares: dict[str, float] = {}

    def tell(self, resource: ObservedResource) -> None:
        """A resource as it is now."""
        now = share(resource)
        if now is None:
            self._shares.pop(resource.id, None)
        else:
            self._shares[resource.id] = now

    def fullest(self, most: int) -> Sequence[str]:
        """The ids of the fullest, the fullest first; equals in the order of ids."""
        ordered = nsmallest(most, ((-full, one) for one, full in self._shares.items()))
        return [one for _, one in ordered]
