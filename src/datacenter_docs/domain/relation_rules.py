"""The declared rules of relations, within a platform and across platforms. To add one is to add a line here.

Tried on every resource as it is recorded. A rule reads only what is stated: what moves by itself proves nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from datacenter_docs.domain import relation_keys as keys
from datacenter_docs.domain.observed import NAME, PARENT, FactValue
from datacenter_docs.domain.relation_keys import Stated
from datacenter_docs.domain.relations import End, Key, Needs, Rule, Side, Where

ANY = "*"
"""A platform or kind: whichever."""


def _of(
    attribute: str, make: Callable[[FactValue], Iterable[str]]
) -> Callable[..., Iterator[Key]]:
    """Keys of the thing itself, out of one attribute."""

    def found(resource_id: str, stated: Stated) -> Iterator[Key]:
        for text in dict.fromkeys(make(stated.get(attribute))):
            yield Key(text, resource_id)

    return found


def at(
    platform: str, kind: str, attribute: str, make: Callable[[FactValue], Iterable[str]]
) -> Where:
    """An attribute whose value is made into keys of the resource that has it."""
    return Where(platform, kind, attribute, _of(attribute, make))


def pointer(platform: str, kind: str, attribute: str) -> Where:
    """An attribute that holds ids."""
    return at(platform, kind, attribute, keys.texts)


def known_as(platform: str, kind: str, make: Callable[[FactValue], Iterable[str]]) -> Where:
    """What the platform itself calls the thing is the key. Its name is cited: it stands for that the thing is there."""

    def found(resource_id: str, stated: Stated) -> Iterator[Key]:
        for text in dict.fromkeys(make(keys.native(resource_id))):
            yield Key(text, resource_id)

    return Where(platform, kind, NAME, found)


def unique(
    platform: str, kind: str, attribute: str, make: Callable[[FactValue], Iterable[str]]
) -> Where:
    """Like `at`, for the same thing seen twice: only things of one kind are the same."""

    def found(resource_id: str, stated: Stated) -> Iterator[Key]:
        for text in dict.fromkeys(make(stated.get(attribute))):
            yield Key(f"{platform}:{kind}:{text}", resource_id)

    return Where(platform, kind, attribute, found)


def _interface(resource_id: str, name: FactValue) -> str | None:
    """The id of the interface with this name on the device that has the neighbour."""
    if not isinstance(name, str) or not name:
        return None
    platform, connection, _, native = resource_id.split(":", 3)
    return f"{platform}:{connection}:interface:{native.partition('/')[0]}/{name}"


def _told_neighbour(resource_id: str, stated: Stated) -> Iterator[Key]:
    """What a neighbour calls itself and its port, for the interface that heard it."""
    of = _interface(resource_id, stated.get("interface"))
    far, far_port = stated.get("system_name"), stated.get("port_name")
    if of and isinstance(far, str) and isinstance(far_port, str) and far and far_port:
        yield Key(f"{keys.system(far)}|{keys.port(far_port)}", of)


def _heard_mac(resource_id: str, stated: Stated) -> Iterator[Key]:
    of = _interface(resource_id, stated.get("interface"))
    if of:
        for mac in keys.macs(stated.get("mac")):
            yield Key(mac, of)


def _own_port(resource_id: str, stated: Stated) -> Iterator[Key]:
    device, _, name = keys.native(resource_id).partition("/")
    yield Key(f"{keys.system(device)}|{keys.port(name)}", resource_id)


def _host_ports(resource_id: str, stated: Stated) -> Iterator[Key]:
    for name in dict.fromkeys(keys.texts(stated.get("port_names"))):
        yield Key(f"{keys.system(keys.name_of(stated))}|{keys.port(name)}", resource_id)


def _served_path(resource_id: str, stated: Stated) -> Iterator[Key]:
    host, path = stated.get("remote_host"), stated.get("remote_path")
    if isinstance(host, str) and isinstance(path, str) and host and path:
        yield Key(f"{keys.system(host)}|{path}", resource_id)


def _mounted_path(resource_id: str, stated: Stated) -> Iterator[Key]:
    path = stated.get("mountpoint")
    if isinstance(path, str) and path:
        yield Key(f"{keys.system(keys.owner(resource_id))}|{path}", resource_id)


def _selecting(make: Callable[[str, FactValue], Iterable[str]]) -> Callable[..., Iterator[Key]]:
    def found(resource_id: str, stated: Stated) -> Iterator[Key]:
        for text in make(resource_id, stated.get("selector")):
            yield Key(text, resource_id)

    return found


VMWARE, KUBERNETES, NETWORK, STORAGE, OPENSTACK = (
    "vmware",
    "kubernetes",
    "network",
    "storage",
    "openstack",
)
WORKLOADS = ("deployment", "statefulset", "daemonset")
CARDS = (
    at(VMWARE, "vm", "mac_addresses", keys.macs),
    at(VMWARE, "host", "mac_addresses", keys.macs),
    at(OPENSTACK, "instance", "macs", keys.macs),
)
MACHINES = (
    at(VMWARE, "host", "addresses", keys.addresses),
    at(VMWARE, "vm", "addresses", keys.addresses),
    at(KUBERNETES, "node", "addresses", keys.addresses),
    at(OPENSTACK, "instance", "addresses", keys.addresses),
    at(OPENSTACK, "hypervisor", "host_address", keys.addresses),
)
STORED = (known_as(STORAGE, "volume", keys.volume_names),)

_RULES = (
    Rule(
        "part_of",
        "is part of",
        "contains",
        needs=Needs.LEFT,
        pointers=(pointer(ANY, ANY, PARENT),),
    ),
    Rule(
        "runs_on",
        "runs on",
        "runs",
        needs=Needs.LEFT,
        pointers=(
            pointer(VMWARE, "vm", "host_id"),
            pointer(KUBERNETES, "pod", "node_id"),
            pointer(OPENSTACK, "instance", "hypervisor_id"),
        ),
    ),
    Rule(
        "kept_on",
        "is kept on",
        "keeps",
        needs=Needs.LEFT,
        pointers=(
            pointer(VMWARE, "vm", "datastore_ids"),
            pointer(VMWARE, "disk", "datastore_id"),
        ),
    ),
    Rule(
        "reaches",
        "reaches",
        "is reached by",
        pointers=(
            pointer(VMWARE, "host", "datastore_ids"),
            pointer(VMWARE, "host", "network_ids"),
            pointer(VMWARE, "cluster", "datastore_ids"),
            pointer(VMWARE, "cluster", "network_ids"),
        ),
    ),
    Rule(
        "plugged_into",
        "is plugged into",
        "connects",
        needs=Needs.LEFT,
        pointers=(
            pointer(VMWARE, "vm", "network_ids"),
            pointer(OPENSTACK, "instance", "network_ids"),
        ),
    ),
    Rule(
        "uses",
        "uses",
        "is used by",
        needs=Needs.LEFT,
        pointers=(
            pointer(KUBERNETES, "pod", "claim_ids"),
            pointer(KUBERNETES, "persistentvolumeclaim", "volume_id"),
            pointer(OPENSTACK, "instance", "volume_ids"),
        ),
    ),
    Rule(
        "made_by",
        "is made by",
        "makes",
        pointers=(
            pointer(KUBERNETES, "pod", "owner_id"),
            pointer(KUBERNETES, "replicaset", "owner_id"),
            pointer(OPENSTACK, "instance", "image_id"),
        ),
    ),
    Rule(
        "sized_as",
        "has the size",
        "is the size of",
        pointers=(pointer(OPENSTACK, "instance", "flavor_id"),),
    ),
    Rule(
        "after",
        "was taken after",
        "was taken before",
        needs=Needs.LEFT,
        pointers=(pointer(VMWARE, "snapshot", "parent_snapshot_id"),),
    ),
    Rule(
        "about",
        "is about",
        "is what is told of by",
        pointers=(
            pointer(VMWARE, "alarm", "entity_id"),
            pointer(VMWARE, "event", "entity_id"),
            pointer(VMWARE, "task", "entity_id"),
            pointer(KUBERNETES, "event", "about_id"),
        ),
    ),
    Rule(
        "leads_to",
        "leads requests to",
        "is led to by",
        needs=Needs.LEFT,
        pointers=(pointer(KUBERNETES, "ingress", "service_ids"),),
        left=(Where(KUBERNETES, "service", "selector", _selecting(keys.selector)),),
        right=tuple(
            Where(KUBERNETES, kind, "selector", _selecting(keys.selectable)) for kind in WORKLOADS
        ),
    ),
    Rule(
        "node_machine",
        "is the machine",
        "is the node",
        needs=Needs.LEFT,
        left=(
            at(KUBERNETES, "node", "system_uuid", keys.firmware_uuids),
            at(KUBERNETES, "node", "provider_id", keys.uuids),
        ),
        right=(
            at(VMWARE, "vm", "bios_uuid", keys.uuids),
            known_as(OPENSTACK, "instance", keys.uuids),
        ),
    ),
    Rule(
        "hypervisor_machine",
        "is the machine",
        "is the hypervisor",
        needs=Needs.LEFT,
        left=(at(OPENSTACK, "hypervisor", "host_address", keys.addresses),),
        right=(
            at(VMWARE, "vm", "addresses", keys.addresses),
            at(VMWARE, "host", "addresses", keys.addresses),
        ),
    ),
    Rule(
        "linked",
        "hears at its other end",
        "is heard by",
        needs=Needs.EACH,
        left=(Where(NETWORK, "neighbour", "system_name", _told_neighbour),),
        right=(
            Where(NETWORK, "interface", NAME, _own_port),
            Where(VMWARE, "host", "port_names", _host_ports),
        ),
    ),
    Rule(
        "hears_card",
        "hears the card of",
        "is heard by",
        left=(Where(NETWORK, "neighbour", "mac", _heard_mac),),
        right=(*CARDS, at(NETWORK, "interface", "mac", keys.macs)),
    ),
    Rule(
        "same_card",
        "is a card of",
        "has the card",
        needs=Needs.LEFT,
        left=(at(NETWORK, "interface", "mac", keys.macs),),
        right=CARDS,
    ),
    Rule(
        "stored_as",
        "is stored as",
        "stores",
        needs=Needs.LEFT,
        left=(
            at(KUBERNETES, "persistentvolume", "volume_handle", keys.volume_names),
            at(OPENSTACK, "volume", "backend_name", keys.volume_names),
            known_as(OPENSTACK, "volume", keys.uuids),
            Where(VMWARE, "datastore", "remote_path", _served_path),
        ),
        right=(*STORED, Where(STORAGE, "volume", "mountpoint", _mounted_path)),
    ),
    Rule(
        "provided_by",
        "is provided by",
        "provides",
        needs=Needs.LEFT,
        left=(at(KUBERNETES, "persistentvolume", "volume_handle", keys.uuids),),
        right=(known_as(OPENSTACK, "volume", keys.uuids),),
    ),
    Rule(
        "opened_by",
        "is open at",
        "has open",
        needs=Needs.RIGHT,
        left=(at(STORAGE, "volume", "consumers", keys.addresses),),
        right=MACHINES,
    ),
    Rule(
        "same_as",
        "is the same as",
        "is the same as",
        needs=Needs.EACH,
        either=(
            unique(VMWARE, "vm", "instance_uuid", keys.uuids),
            unique(VMWARE, "host", "hardware_uuid", keys.uuids),
            unique(VMWARE, "datastore", "url", keys.names),
            unique(STORAGE, "cluster", "fsid", keys.uuids),
            unique(NETWORK, "device", "serial_number", keys.names),
            unique(KUBERNETES, "namespace", "uid", keys.uuids),
            unique(KUBERNETES, "node", "uid", keys.uuids),
            unique(KUBERNETES, "persistentvolume", "uid", keys.uuids),
        ),
    ),
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _RULES}
"""All rules, by name."""


def _places() -> Mapping[tuple[str, str], Sequence[tuple[str, Side, Where]]]:
    found: dict[tuple[str, str], list[tuple[str, Side, Where]]] = defaultdict(list)
    for rule in _RULES:
        for side, places in (
            (Side.POINTER, rule.pointers),
            (Side.LEFT, rule.left),
            (Side.RIGHT, rule.right),
            (Side.EITHER, rule.either),
        ):
            for where in places:
                found[where.platform, where.kind].append((rule.name, side, where))
    return found


_PLACES = _places()


@lru_cache(maxsize=1_024)
def _places_of(platform: str, kind: str, rule: str | None) -> Sequence[tuple[str, Side, Where]]:
    """Where resources of a kind say what joins them, by one rule; None: by all."""
    places = (*_PLACES.get((ANY, ANY), ()), *_PLACES.get((platform, kind), ()))
    return tuple(place for place in places if rule in (None, place[0]))


def ends_of(resource_id: str, stated: Stated, rule: str | None = None) -> Iterator[End]:
    """All ends of relations that a resource gives by what is stated of it; none twice. `rule` None: by all rules."""
    platform, _, kind, _ = resource_id.split(":", 3)
    met: set[tuple[str, Side, str, str]] = set()
    for name, side, where in _places_of(platform, kind, rule):
        for key in where.keys(resource_id, stated):
            end = End(name, side, key.text, key.of, where.attribute)
            if end[:4] not in met:
                met.add(end[:4])
                yield end
