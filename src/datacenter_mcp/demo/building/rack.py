"""One rack: what its machines are called, and what is plugged into what. Every platform's module reads the plan here.

The joints between platforms: a host's first card goes to the first switch (management, guests), its second to the other
one (storage). A Kubernetes node is a VM. A datastore is an exported volume of the rack's file server. A hypervisor of the
cloud is a machine of its own. Volumes of the cloud and of the cluster are block devices of the rack's storage cluster.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from datacenter_mcp.demo.things import Dice

HOSTS = 4
HYPERVISORS = 2
NODES = 4
GIB = 2**30
MIB = 2**20


@dataclass(frozen=True, slots=True)
class VmPlan:
    """A VM: name, host in the rack (from 1), datastore (1 or 2), CPUs, MiB, and whether it is backed up every night."""

    name: str
    host: int
    datastore: int
    cpus: int
    memory_mib: int
    backup: bool = True


VMS: Sequence[VmPlan] = (
    VmPlan("prod-web-01", 1, 1, 4, 8_192),
    VmPlan("prod-web-02", 2, 1, 4, 8_192),
    VmPlan("prod-db-01", 3, 2, 8, 32_768),
    VmPlan("prod-db-02", 4, 2, 8, 32_768),
    VmPlan("prod-app-01", 1, 1, 4, 16_384),
    VmPlan("prod-app-02", 2, 1, 4, 16_384),
    VmPlan("mail-01", 3, 2, 2, 8_192),
    VmPlan("dns-01", 1, 1, 1, 2_048),
    VmPlan("ldap-01", 2, 2, 2, 4_096),
    VmPlan("ci-01", 4, 1, 8, 16_384, backup=False),
    VmPlan("files-01", 4, 2, 2, 8_192),
    VmPlan("jump-01", 3, 1, 1, 2_048, backup=False),
    VmPlan("k8s-node-1", 1, 2, 8, 32_768, backup=False),
    VmPlan("k8s-node-2", 2, 2, 8, 32_768, backup=False),
    VmPlan("k8s-node-3", 3, 1, 8, 32_768, backup=False),
    VmPlan("k8s-node-4", 4, 1, 8, 32_768, backup=False),
    VmPlan("test-01", 2, 2, 2, 4_096, backup=False),
    VmPlan("test-02", 3, 2, 2, 4_096, backup=False),
)


@dataclass(frozen=True, slots=True)
class Rack:
    """A rack by its number, from 1. `born`: when the world begins. The first keeps the plain names, and what all share."""

    number: int
    born: float
    dice: Dice

    @property
    def is_first(self) -> bool:
        return self.number == 1

    def name(self, plain: str) -> str:
        """A name that no other rack has."""
        return plain if self.is_first else f"{plain}-r{self.number}"

    def switch(self, which: int) -> str:
        """Name of its first or second switch."""
        return f"sw{2 * (self.number - 1) + which}"

    def router_port(self) -> str:
        """The port of both routers that leads to this rack."""
        return f"eth{self.number + 1}" if self.is_first else f"eth{self.number + 8}"

    def host_name(self, index: int) -> str:
        """Name of a virtualisation host."""
        return f"esx{HOSTS * (self.number - 1) + index}"

    def hypervisor(self, index: int) -> str:
        """Name of a hypervisor of the cloud."""
        return f"compute{HYPERVISORS * (self.number - 1) + index}"

    @property
    def nas(self) -> str:
        """Name of its file server."""
        return f"nas{self.number}"

    @property
    def ceph(self) -> str:
        """Name of its storage cluster."""
        return f"ceph{self.number}"

    def port(self, switch: int, port: int) -> str:
        """The key of a switch port."""
        return f"network:interface:{self.switch(switch)}/eth{port}"

    def host(self, index: int) -> str:
        """The key of a virtualisation host."""
        return f"vmware:host:host-{10 * self.number + index}"

    def vm(self, plan: VmPlan) -> str:
        """The key of a VM."""
        return f"vmware:vm:vm-{100 * self.number + VMS.index(plan) + 1}"

    def datastore(self, index: int) -> str:
        """The key of a datastore."""
        return f"vmware:datastore:datastore-{10 * self.number + index}"

    def vm_network(self, index: int) -> str:
        """The key of a network that VMs are plugged into."""
        return f"vmware:network:network-{10 * self.number + index}"

    def volume(self, mountpoint: str) -> str:
        """The key of a volume of the file server."""
        return f"storage:volume:{self.nas}/{self.dice.uuid('fs', self.nas, mountpoint)}"

    def image(self, name: str) -> str:
        """The key of a block device of the storage cluster."""
        return f"storage:volume:{self.ceph}/volumes/{name}"

    def address(self, net: int, last: int) -> str:
        """An address in one of the rack's networks."""
        return f"10.{net}.{self.number % 256}.{last}"
