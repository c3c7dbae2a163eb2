"""Instances as resources, and which flavor would be the next larger. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from datacenter_mcp.contract.reading import Resource, Source
from datacenter_mcp.ids import Naming
from datacenter_mcp.openstack import answers
from datacenter_mcp.openstack.answers import Flavor, FlavorInside, Server
from datacenter_mcp.openstack.mapping import Facts, iso, made

POWER = {1: "running", 3: "paused", 4: "shutdown", 6: "crashed", 7: "suspended"}
"""Nova's numbers; 0 says that it does not know."""


@dataclass(frozen=True, slots=True)
class Around:
    """What an instance is told with: the flavors on offer, the hypervisors by host name, the networks of each instance.
    `networks` None: they could not be read.
    """

    flavors: Sequence[Flavor]
    hypervisors: Mapping[str, str]
    networks: Mapping[str, Sequence[str]] | None


def around(
    flavors: Sequence[Flavor],
    hypervisors: Iterable[answers.Hypervisor] | None = None,
    ports: Iterable[answers.Port] | None = None,
) -> Around:
    """All of that, from what could be read; None: it could not."""
    names = {one.hypervisor_hostname: one.id for one in hypervisors or []}
    return Around(flavors, names, None if ports is None else _networks(ports))


def _networks(ports: Iterable[answers.Port]) -> Mapping[str, Sequence[str]]:
    """The networks by the instance that has ports in them, each once."""
    found: dict[str, list[str]] = {}
    for port in ports:
        known = found.setdefault(port.device_id or "", [])
        if port.network_id not in known:
            known.append(port.network_id)
    return found


def larger(inside: FlavorInside, flavors: Iterable[Flavor]) -> Flavor | None:
    """The smallest flavor with more CPUs and memory, no less disk, and the same special properties (GPUs, pinned CPUs, ...).
    None: there is none.
    """
    fitting = [
        one
        for one in flavors
        if one.vcpus > inside.vcpus
        and one.ram > inside.ram
        and one.disk >= inside.disk
        and one.extra_specs == inside.extra_specs
    ]
    return min(fitting, key=lambda one: (one.ram, one.vcpus, one.disk, one.name), default=None)


def offered(name: str, flavors: Iterable[Flavor]) -> Flavor | None:
    """A flavor by its name, or by its id. None: it is not on offer."""
    known = list(flavors)
    by_name = next((one for one in known if one.name == name), None)
    return by_name or next((one for one in known if one.id == name), None)


def power_state(item: Server) -> str | None:
    """In words."""
    return POWER.get(item.power_state or 0)


def instance(
    ids: Naming, item: Server, known: Around, source: Source, *, reboots: Facts | None = None
) -> Resource:
    """`reboots`: what the action log says of it; None: it was not read."""
    flavor = offered(item.flavor.original_name, known.flavors)
    bigger = larger(item.flavor, known.flavors)
    image = item.image.id if isinstance(item.image, answers.Named) else None
    hypervisor = known.hypervisors.get(item.hypervisor or "")
    addresses = [one for every in item.addresses.values() for one in every]
    said: Facts = {
        "status": item.status.lower(),
        "power_state": power_state(item),
        "task_state": item.task_state,
        "locked": item.locked,
        "flavor": item.flavor.original_name,
        "flavor_id": ids.name("flavor", flavor.id) if flavor else None,
        "larger_flavor": bigger.name if bigger else None,
        "cpu_count": item.flavor.vcpus,
        "memory_mib": item.flavor.ram,
        "disk_gib": item.flavor.disk,
        "image_id": ids.name("image", image) if image else None,
        "hypervisor_id": ids.name("hypervisor", hypervisor) if hypervisor else None,
        "availability_zone": item.zone or None,
        "addresses": [one.addr for one in addresses],
        "macs": [one.mac.lower() for one in addresses if one.mac],
        "network_ids": None
        if known.networks is None
        else [ids.name("network", one) for one in known.networks.get(item.id, ())],
        "volume_ids": [ids.name("volume", one.id) for one in item.volumes],
        "cpu_usage_ratio": None,
        "memory_usage_ratio": None,
        "fault": item.fault.message if item.fault else None,
        "created_at": iso(item.created),
        "launched_at": iso(item.launched_at),
        **(reboots or {}),
    }
    return made(ids, "instance", item, said, source, parent=item.tenant_id)
