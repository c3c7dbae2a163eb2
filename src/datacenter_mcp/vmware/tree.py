"""What contains what: from the parents that were read to datacenters and folders, and from the platform's references to ids."""

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from datacenter_mcp.contract.reading import Scalar
from datacenter_mcp.ids import Naming
from datacenter_mcp.vmware.answers import Ref, Seen

KIND_OF = {
    "Datacenter": "datacenter",
    "ClusterComputeResource": "cluster",
    "HostSystem": "host",
    "VirtualMachine": "vm",
    "Datastore": "datastore",
    "Network": "network",
    "DistributedVirtualPortgroup": "network",
    "OpaqueNetwork": "network",
}
"""Type of the platform -> our kind. What is missing here (folders, pools, standalone compute resources) is no resource."""
TYPE_OF = {"datacenter": "Datacenter", "cluster": "ClusterComputeResource", "host": "HostSystem",
           "vm": "VirtualMachine", "datastore": "Datastore"}  # fmt: skip
"""Our kind -> type of the platform, where there is one only."""
ANCESTORS = {"Folder": ("name", "parent"), "Datacenter": ("name", "parent"),
             "ComputeResource": ("name", "parent"), "DistributedVirtualSwitch": ("name",)}  # fmt: skip
"""What has to be read with everything else, so that parents can be followed and switches called by their names."""


def named(text: str | None) -> str:
    """A name as people see it: the platform writes some signs as `%2f`."""
    return unquote(text or "")


def network_type(native: str) -> str:
    """The platform's type of a network, by its object name."""
    if native.startswith("dvportgroup-"):
        return "DistributedVirtualPortgroup"
    return "OpaqueNetwork" if native.startswith("opaquenetwork-") else "Network"


class Tree:
    """The parents of one reading."""

    def __init__(self, naming: Naming, seen: Iterable[Seen]) -> None:
        self._naming = naming
        self._seen = {one.ref: one for one in seen}

    def id(self, ref: Ref | None) -> str | None:
        """The id of an object; None: there is none, or it is no resource."""
        kind = KIND_OF.get(ref.type) if ref is not None else None
        return None if ref is None or kind is None else self._naming.name(kind, ref.value)

    def ids(self, refs: Iterable[Ref]) -> list[Scalar]:
        """The ids of objects, sorted, so that an order that the platform changes changes nothing."""
        return [*sorted(one for ref in refs if (one := self.id(ref)) is not None)]

    def name(self, ref: Ref | None) -> str | None:
        """The name of an object; None: there is none, or it was not read."""
        one = self._seen.get(ref) if ref is not None else None
        return None if one is None else named(one.get("name").text) or None

    def container(self, one: Seen) -> str | None:
        """The id of the nearest cluster or datacenter above; None: we cannot see one."""
        kinds = ("Datacenter", "ClusterComputeResource")
        return self.id(next((up.ref for up in self._above(one) if up.ref.type in kinds), None))

    def datacenter(self, one: Seen) -> str | None:
        """The id of the datacenter above; None: we cannot see it."""
        above = (up.ref for up in self._above(one))
        return self.id(next((ref for ref in above if ref.type == "Datacenter"), None))

    def folder(self, one: Seen) -> str | None:
        """The folders that people made above it, below its datacenter (below the root for a datacenter), `/` for none;
        None: it stands in no folder.
        """
        path: list[str] = []
        for up in self._above(one):
            if up.ref.type != "Folder":
                break
            path.append(named(up.get("name").text))
        # The topmost folder is the platform's own ("vm", "host", "Datacenters"), not one of people.
        return "/" + "/".join(reversed(path[:-1])) if path else None

    def _above(self, one: Seen) -> Iterator[Seen]:
        visited = {one.ref}
        while True:
            parent = one.get("parent").ref
            if parent is None or parent in visited or parent not in self._seen:
                return
            visited.add(parent)
            one = self._seen[parent]
            yield one
