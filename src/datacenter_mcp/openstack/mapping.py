"""What a cloud says about its things, as resources. Pure; the projects' own things are in `instances.py` and `quotas.py`."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from datacenter_mcp.contract.reading import Resource, Scalar, Source
from datacenter_mcp.ids import Naming
from datacenter_mcp.openstack import answers
from datacenter_mcp.readings import facts

GIB = 1024**3
Facts = Mapping[str, Scalar | list[Scalar]]


def made(
    ids: Naming, kind: str, thing: answers.Named, said: Facts, source: Source, *, parent: str | None = None
) -> Resource:  # fmt: skip
    """A resource that is called by its id where it has no name."""
    project = ids.name("project", parent) if parent else None
    return Resource(
        id=ids.name(kind, thing.id),
        kind=kind,
        name=thing.name or thing.id,
        parent=project,
        facts=facts(said),
        source=source,
    )


def moment(text: str | None) -> datetime | None:
    """A time; where the service names no zone it means UTC. None: none, or none that can be read."""
    try:
        read = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read and read.tzinfo is None else read


def iso(text: str | None) -> str | None:
    """A time as ISO 8601 with zone."""
    read = moment(text)
    return read.isoformat() if read else None


def project(
    ids: Naming, item: answers.Project, domains: Mapping[str, str], source: Source
) -> Resource:
    """`domains`: the names of those that we may see."""
    said: Facts = {
        "domain": domains.get(item.domain_id or ""),
        "enabled": item.enabled,
        "description": item.description or None,
    }
    return made(ids, "project", item, said, source)


def flavor(ids: Naming, item: answers.Flavor, source: Source) -> Resource:
    """A size."""
    said: Facts = {
        "cpu_count": item.vcpus,
        "memory_mib": item.ram,
        "disk_gib": item.disk,
        "public": item.public,
    }
    return made(ids, "flavor", item, said, source)


def image(ids: Naming, item: answers.Image, source: Source) -> Resource:
    """An image, or a snapshot of an instance."""
    said: Facts = {
        "status": item.status.lower(),
        "size_bytes": item.size,
        "disk_format": item.disk_format,
        "min_disk_gib": item.min_disk,
        "min_memory_mib": item.min_ram,
        "visibility": item.visibility,
        "created_at": iso(item.created_at),
    }
    return made(ids, "image", item, said, source)


def volume(ids: Naming, item: answers.Volume, own_project: str, source: Source) -> Resource:
    """A volume; Cinder does not say whose it is where one reads only one's own."""
    said: Facts = {
        "status": item.status.lower(),
        "size_bytes": item.size * GIB,
        "volume_type": item.volume_type,
        "bootable": item.bootable == "true",
        "encrypted": item.encrypted,
        "instance_ids": [
            ids.name("instance", one.server_id) for one in item.attachments if one.server_id
        ],
        "backend_name": f"volume-{item.backend_name or item.id}" if item.host else None,
        "created_at": iso(item.created_at),
    }
    return made(ids, "volume", item, said, source, parent=item.project_id or own_project)


def network(
    ids: Naming, item: answers.Network, subnets: Iterable[answers.Subnet], source: Source
) -> Resource:
    """A network with the addresses of its subnets."""
    said: Facts = {
        "status": item.status.lower(),
        "admin_state": "up" if item.admin_state_up else "down",
        "external": item.external,
        "shared": item.shared,
        "mtu_bytes": item.mtu,
        "segmentation_id": item.segmentation_id,
        "subnets": [one.cidr for one in subnets if one.network_id == item.id],
    }
    return made(ids, "network", item, said, source, parent=item.project_id)


def hypervisor(ids: Naming, item: answers.Hypervisor, source: Source) -> Resource:
    """A machine that instances run on, called by its host name."""
    said: Facts = {
        "state": item.state,
        "status": item.status,
        "disabled_reason": item.service.disabled_reason or None,
        "hypervisor_type": item.hypervisor_type,
        "host_address": item.host_ip,
        "cpu_count": item.vcpus,
        "used_cpu_count": item.vcpus_used,
        "memory_mib": item.memory_mb,
        "used_memory_mib": item.memory_mb_used,
        "disk_gib": item.local_gb,
        "used_disk_gib": item.local_gb_used,
        "running_instances": item.running_vms,
    }
    called = answers.Named(id=item.id, name=item.hypervisor_hostname)
    return made(ids, "hypervisor", called, said, source)


def service(ids: Naming, item: answers.Service, source: Source) -> Resource:
    """A process of Nova or Cinder; one without an id is known by its binary and host."""
    said: Facts = {
        "binary": item.binary,
        "host": item.host,
        "state": item.state,
        "status": item.status,
        "disabled_reason": item.disabled_reason or None,
        "availability_zone": item.zone,
        "updated_at": iso(item.updated_at),
    }
    native = item.id or f"{item.binary}@{item.host}"
    called = answers.Named(id=native, name=f"{item.binary} on {item.host}")
    return made(ids, "service", called, said, source)


def agent(ids: Naming, item: answers.Agent, source: Source) -> Resource:
    """A process of Neutron, said as the others say it."""
    alike = answers.Service(
        id=item.id,
        binary=item.binary,
        host=item.host,
        state="up" if item.alive else "down",
        status="enabled" if item.admin_state_up else "disabled",
        zone=item.availability_zone,
        updated_at=item.heartbeat_timestamp,
    )
    return service(ids, alike, source)
