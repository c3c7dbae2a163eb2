"""A rack's part of the cloud: projects with instances, volumes and networks, on hypervisors of its own."""

from collections.abc import Iterator

from datacenter_mcp.demo.building.rack import GIB, HYPERVISORS, Rack
from datacenter_mcp.demo.things import Latest, Thing, Value, moment

FLAVORS = {
    "m1.small": (1, 2_048, 20),
    "m1.medium": (2, 4_096, 40),
    "m1.large": (4, 8_192, 80),
    "m1.xlarge": (8, 16_384, 160),
}
"""Name -> CPUs, MiB, GiB."""
IMAGES = {"debian-12": 0.4, "ubuntu-24.04": 0.6}
INSTANCES = {
    "shop": (
        ("shop-frontend", "m1.medium", 1),
        ("shop-worker-1", "m1.small", 1),
        ("shop-worker-2", "m1.small", 2),
        ("shop-search", "m1.large", 2),
    ),
    "lab": (("lab-builder", "m1.large", 1), ("lab-runner", "m1.small", 2)),
}
"""Project -> name, flavor, hypervisor in the rack."""
VOLUMES = {"shop-frontend": 40, "shop-data": 250}
QUOTAS = {"cores": 64, "ram_mib": 131_072, "instances": 20, "gigabytes": 2_000}


def things(rack: Rack) -> Iterator[Thing]:
    """All cloud things of a rack."""
    if rack.is_first:
        yield from _shared(rack)
    for index in range(1, HYPERVISORS + 1):
        yield from _hypervisor(rack, index)
    for plain, instances in INSTANCES.items():
        project = f"openstack:project:{rack.dice.hexadecimal(32, 'project', rack.name(plain))}"
        yield Thing(
            project,
            rack.name(plain),
            None,
            {"domain": "Default", "enabled": True, "description": None},
        )
        network = f"openstack:network:{rack.dice.uuid('network', project)}"
        yield Thing(
            network,
            rack.name(f"{plain}-net"),
            project,
            {
                "status": "active",
                "admin_state": "up",
                "external": False,
                "shared": False,
                "mtu_bytes": 1_450,
                "segmentation_id": 1_000 + rack.number,
                "subnets": [f"10.40.{rack.number % 256}.0/24"],
            },
        )
        for name, flavor, hypervisor in instances:
            yield _instance(rack, project, network, name, flavor, hypervisor)
        for resource, limit in QUOTAS.items():
            yield Thing(
                f"openstack:quota:{project.split(':', 2)[2]}/{resource}",
                f"{rack.name(plain)} {resource}",
                project,
                {"resource": resource, "limit": limit},
            )
        if plain == "shop":
            yield from _volumes(rack, project)


def flavor_key(name: str) -> str:
    """The key of a flavor."""
    return f"openstack:flavor:{name}"


def _shared(rack: Rack) -> Iterator[Thing]:
    for name, (cpus, memory_mib, disk_gib) in FLAVORS.items():
        yield Thing(
            flavor_key(name),
            name,
            None,
            {"cpu_count": cpus, "memory_mib": memory_mib, "disk_gib": disk_gib, "public": True},
        )
    for name, gib in IMAGES.items():
        yield Thing(
            f"openstack:image:{rack.dice.uuid('image', name)}",
            name,
            None,
            {
                "status": "active",
                "size_bytes": int(gib * GIB),
                "disk_format": "qcow2",
                "min_disk_gib": 5,
                "min_memory_mib": 512,
                "visibility": "public",
                "created_at": moment(rack.born),
            },
        )
    for binary in ("nova-scheduler", "nova-conductor", "cinder-volume", "neutron-l3-agent"):
        yield _service(binary, "controller1")


def _service(binary: str, host: str) -> Thing:
    return Thing(
        f"openstack:service:{binary}@{host}",
        f"{binary} {host}",
        None,
        {
            "binary": binary,
            "host": host,
            "status": "enabled",
            "disabled_reason": None,
            "availability_zone": "nova",
            "updated_at": Latest(every_seconds=10),
            "_down": False,
        },
    )


def _hypervisor(rack: Rack, index: int) -> Iterator[Thing]:
    name = rack.hypervisor(index)
    yield Thing(
        f"openstack:hypervisor:{name}",
        name,
        None,
        {
            "status": "enabled",
            "disabled_reason": None,
            "hypervisor_type": "QEMU",
            "host_address": rack.address(10, 10 + index),
            "cpu_count": 48,
            "memory_mib": 262_144,
            "disk_gib": 4_000,
            "_port": rack.port(index, 6),
            "_down": False,
        },
    )
    yield _service("nova-compute", name)


def _instance(
    rack: Rack, project: str, network: str, plain: str, flavor: str, hypervisor: int
) -> Thing:
    name, dice = rack.name(plain), rack.dice
    key, (_, memory_mib, _) = f"openstack:instance:{dice.uuid('instance', name)}", FLAVORS[flavor]
    volumes = [_volume_key(rack, plain)] if plain in VOLUMES else []
    attributes: dict[str, Value] = {
        "task_state": None,
        "locked": False,
        "flavor": flavor,
        "image_id": f"openstack:image:{dice.uuid('image', 'debian-12')}",
        "hypervisor_id": f"openstack:hypervisor:{rack.hypervisor(hypervisor)}",
        "availability_zone": "nova",
        "addresses": [rack.address(40, dice.between(10, 250, "address", name))],
        "macs": [dice.mac("fa:16:3e", name)],
        "network_ids": [network],
        "volume_ids": [*volumes],
        "created_at": moment(rack.born),
        "launched_at": moment(rack.born + 30),
        "_status": "active",
        "_crashed": False,
        "_rebooted": 0,
        "_busy_until": 0,
        "_memory_need_mib": dice.wave(0.5 * memory_mib, 0.05 * memory_mib, "memory", name),
        "_cpu_need": dice.wave(0.4, 0.2, "cpu", name),
        "_resized_from": None,
        "_confirms_at": 0,
        "_backup": True,
    }
    return Thing(key, name, project, attributes)


def _volume_key(rack: Rack, plain: str) -> str:
    return f"openstack:volume:{rack.dice.uuid('volume', rack.name(plain))}"


def _volumes(rack: Rack, project: str) -> Iterator[Thing]:
    frontend = f"openstack:instance:{rack.dice.uuid('instance', rack.name('shop-frontend'))}"
    for plain in VOLUMES:
        attached = plain == "shop-frontend"
        yield Thing(
            _volume_key(rack, plain),
            rack.name(plain),
            project,
            {
                "status": "in-use" if attached else "available",
                "volume_type": "ceph",
                "bootable": False,
                "encrypted": False,
                "instance_ids": [frontend] if attached else [],
                "backend_name": rack.image(plain).split(":", 2)[2],
                "created_at": moment(rack.born),
                "_image": rack.image(plain),
            },
        )
