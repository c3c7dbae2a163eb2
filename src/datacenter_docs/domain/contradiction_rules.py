"""The declared contradictions. To add one is to add a line here; every relation is one of the relation rules, and every
attribute one of the vocabularies (tests hold both).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from datacenter_docs.domain.contradictions import (
    Agrees,
    Compared,
    ContradictionRule,
    about,
    at_most,
    equal,
    implies,
)
from datacenter_docs.domain.observed import NAME

MIB = 1_048_576
METADATA = 0.1
"""What a file system, a kernel or a hypervisor may keep of a size for itself."""


def _ends(
    relation: str,
    left: tuple[str, str],
    right: tuple[str, str],
    *compared: tuple[str, str, str, Agrees, str],
) -> Iterable[ContradictionRule]:
    """Rules between two kinds: name, attribute of each, how they are compared, the sentence."""
    for name, one, other, agrees, says in compared:
        yield ContradictionRule(
            name, relation, Compared(*left, one), Compared(*right, other), agrees, says
        )


def _same(platform: str, kind: str, *attributes: str) -> Iterable[ContradictionRule]:
    """What has to be equal of one thing that is seen over two connections."""
    for attribute in attributes:
        end = Compared(platform, kind, attribute)
        name = f"same-{platform}-{kind}-{attribute.strip('_').replace('_', '-')}"
        yield ContradictionRule(
            name, "same_as", end, end, equal, "Two connections show the same thing differently."
        )


INTERFACE = ("network", "interface")
VM, HOST, DATASTORE = ("vmware", "vm"), ("vmware", "host"), ("vmware", "datastore")
NODE, POD = ("kubernetes", "node"), ("kubernetes", "pod")
VOLUME, CLAIM = ("kubernetes", "persistentvolume"), ("kubernetes", "persistentvolumeclaim")
INSTANCE, HYPERVISOR = ("openstack", "instance"), ("openstack", "hypervisor")
BLOCK, STORED = ("openstack", "volume"), ("storage", "volume")

_RULES = (
    *_ends(
        "linked",
        INTERFACE,
        INTERFACE,
        ("link-speed", "speed_mbps", "speed_mbps", equal, "The ends of a link run at different speeds."),
        ("link-mtu", "mtu_bytes", "mtu_bytes", equal, "The ends of a link let packets of different sizes pass."),
        ("link-vlan", "vlan_id", "vlan_id", equal, "The ends of a link carry different VLANs untagged."),
        ("link-state", "oper_state", "oper_state", equal, "One end of a link is up, and the other one says that it is not."),
    ),
    *_ends(
        "node_machine",
        NODE,
        VM,
        ("node-vm-cpus", "cpu_cores", "cpu_count", equal, "A node has another number of processors than its machine."),
        ("node-vm-memory", "memory_bytes", "memory_mib", about(MIB, METADATA), "A node has another memory than its machine."),
        ("node-vm-power", "ready", "power_state", implies([True], ["on"]), "A node is ready, and its machine is not running."),
    ),
    *_ends(
        "node_machine",
        NODE,
        INSTANCE,
        ("node-instance-cpus", "cpu_cores", "cpu_count", equal, "A node has another number of processors than its instance."),
        ("node-instance-memory", "memory_bytes", "memory_mib", about(MIB, METADATA), "A node has another memory than its instance."),
        ("node-instance-state", "ready", "status", implies([True], ["active", "verify_resize", "reboot", "password", "resize"]), "A node is ready, and its instance is not running."),
    ),
    *_ends(
        "hypervisor_machine",
        HYPERVISOR,
        HOST,
        ("hypervisor-host-memory", "memory_mib", "memory_total_bytes", about(1 / MIB, METADATA), "A hypervisor has another memory than its machine."),
        ("hypervisor-host-state", "state", "power_state", implies(["up"], ["on"]), "A hypervisor answers, and its machine is not running."),
    ),
    *_ends(
        "hypervisor_machine",
        HYPERVISOR,
        VM,
        ("hypervisor-vm-cpus", "cpu_count", "cpu_count", equal, "A hypervisor has another number of processors than its machine."),
        ("hypervisor-vm-memory", "memory_mib", "memory_mib", about(1, METADATA), "A hypervisor has another memory than its machine."),
        ("hypervisor-vm-state", "state", "power_state", implies(["up"], ["on"]), "A hypervisor answers, and its machine is not running."),
    ),
    *_ends(
        "runs_on",
        POD,
        NODE,
        ("pod-node-ready", "ready", "ready", implies([True], [True]), "A pod is ready on a node that is not."),
    ),
    *_ends(
        "runs_on",
        INSTANCE,
        HYPERVISOR,
        ("instance-hypervisor-state", "status", "state", implies(["active"], ["up"]), "An instance is active on a hypervisor that does not answer."),
    ),
    *_ends(
        "uses",
        CLAIM,
        VOLUME,
        ("claim-volume-size", "size_bytes", "size_bytes", equal, "A claim was told another size than its volume has."),
        ("claim-volume-phase", "phase", "phase", implies(["Bound"], ["Bound"]), "A claim is bound to a volume that knows nothing of it."),
    ),
    *_ends(
        "uses",
        INSTANCE,
        BLOCK,
        ("instance-volume-status", "status", "status", implies(["active", "shutoff"], ["in-use", "attaching", "detaching", "extending"]), "An instance has a volume that says to be free."),
    ),
    *_ends(
        "stored_as",
        VOLUME,
        STORED,
        ("volume-stored-size", "size_bytes", "size_bytes", about(1, METADATA), "A volume has another size than what stores it."),
    ),
    *_ends(
        "stored_as",
        BLOCK,
        STORED,
        ("block-stored-size", "size_bytes", "size_bytes", about(1, METADATA), "A volume has another size than what stores it."),
    ),
    *_ends(
        "stored_as",
        DATASTORE,
        STORED,
        ("datastore-stored-size", "size_bytes", "size_bytes", about(1, METADATA), "A datastore has another size than what serves it."),
    ),
    *_ends(
        "provided_by",
        VOLUME,
        BLOCK,
        ("volume-provided-size", "size_bytes", "size_bytes", at_most(1 + METADATA), "A volume is larger than what provides it."),
        ("volume-provided-status", "phase", "status", implies(["Bound"], ["in-use", "available", "attaching", "detaching", "reserved", "extending"]), "A volume is bound, and what provides it is not in order."),
    ),
    *_same(*VM, NAME, "power_state", "cpu_count", "memory_mib"),
    *_same(*HOST, NAME, "connection_state", "cpu_cores", "memory_total_bytes"),
    *_same(*DATASTORE, NAME, "size_bytes", "accessible"),
    *_same("storage", "cluster", "size_bytes", "disk_count", "disks_up"),
    *_same("network", "device", "hostname", "software"),
    *_same(*NODE, NAME, "ready", "cpu_cores", "memory_bytes"),
    *_same(*VOLUME, NAME, "phase", "size_bytes"),
)  # fmt: skip

CONTRADICTION_RULES: Mapping[str, ContradictionRule] = {rule.name: rule for rule in _RULES}
"""By name, which is unique."""

COMPARED = frozenset(rule.relation for rule in _RULES)
"""The relations whose ends are compared."""


def _by_relation() -> Mapping[str, Sequence[ContradictionRule]]:
    found: defaultdict[str, list[ContradictionRule]] = defaultdict(list)
    for rule in _RULES:
        found[rule.relation].append(rule)
    return found


BY_RELATION = _by_relation()
"""The rules over the ends of each relation."""
