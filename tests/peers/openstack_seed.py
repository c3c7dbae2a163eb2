"""What a fresh OpenStack is given before anybody uses it: its catalog, accounts with the room's roles, flavors, an image, a
network.
"""

import time
from contextlib import closing

import openstack
from openstack.connection import Connection
from tests.peers import openstack_build
from tests.peers.openstack_config import HOSTS, REGION, SERVICE_PASSWORD, Place

PASSWORD = "peers-lab"
CATALOG = {
    "nova": "compute",
    "placement": "placement",
    "glance": "image",
    "neutron": "network",
    "cinder": "volumev3",
}
ACCOUNTS = {
    "reader": ("reader", "datacenter-docs-reader"),
    "operator": ("reader", "datacenter-docs-reader", "datacenter-docs-operator"),
    "member": ("member",),
}
"""Users of the project `shop` and their roles."""
FLAVORS = (("tiny", 512, 1, 1), ("small", 2_048, 1, 20), ("medium", 4_096, 2, 40), ("huge", 8_192, 64, 40))  # fmt: skip
"""Name, MiB, CPUs, GiB. `huge` has more CPUs than the quota of `shop` allows."""
CORES = 40
WAIT_SECONDS = 90


def connect(place: Place, account: str = "admin", project: str = "admin") -> Connection:
    """The oracle: an account, past everything that is under test."""
    return openstack.connect(
        load_yaml_config=False, load_envvars=False, region_name=REGION, auth_url=place.url("keystone"),
        username=account, password=PASSWORD, project_name=project, user_domain_name="Default",
        project_domain_name="Default",
    )  # fmt: skip


def accounts(place: Place) -> None:
    """The catalog, and who there is: before that, no other service comes up."""
    with closing(connect(place)) as connection:
        _accounts(connection, place)


def content(place: Place) -> None:
    """What instances are made of, and wait until they can be made."""
    with closing(connect(place)) as connection:
        _resources(connection)
        _hosts(connection, place)


def _accounts(connection: Connection, place: Place) -> None:
    identity = connection.identity
    for name, kind in CATALOG.items():
        service = identity.create_service(type=kind, name=name)
        for interface in ("public", "internal"):
            identity.create_endpoint(
                service_id=service.id, interface=interface, region_id=REGION, url=place.url(name)
            )
    roles = {role.name: role for role in identity.roles()}
    for name in ("service", "datacenter-docs-reader", "datacenter-docs-operator"):
        if name not in roles:
            roles[name] = identity.create_role(name=name)
    service_project = identity.create_project(name="service", domain_id="default")
    shop = identity.create_project(name="shop", domain_id="default", description="a shop")
    known = {"svc": (SERVICE_PASSWORD, service_project, ("admin", "service"))}
    known |= {name: (PASSWORD, shop, wanted) for name, wanted in ACCOUNTS.items()}
    for name, (password, project, wanted) in known.items():
        user = identity.create_user(name=name, password=password, domain_id="default")
        for role in wanted:
            identity.assign_project_role_to_user(project, user, roles[role])


def _resources(connection: Connection) -> None:
    for name, memory, cpus, disk in FLAVORS:
        connection.compute.create_flavor(name=name, ram=memory, vcpus=cpus, disk=disk)
    connection.create_image(
        "plain", data=b"\0" * 512, disk_format="raw", container_format="bare", visibility="public", wait=True
    )  # fmt: skip
    shop = connection.identity.find_project("shop")
    network = connection.network.create_network(name="inside", project_id=shop.id)
    connection.network.create_subnet(
        network_id=network.id, project_id=shop.id, name="inside", ip_version=4, cidr="10.50.0.0/16",
        enable_dhcp=False,
    )  # fmt: skip
    connection.compute.update_quota_set(shop.id, cores=CORES, instances=200, ram=-1)


def _hosts(connection: Connection, place: Place) -> None:
    """Until both hosts are up and known to the cell; before that, no instance can be placed on them."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        up = [one for one in connection.compute.services() if one.binary == "nova-compute" and one.state == "up"]  # fmt: skip
        mapped = openstack_build.sql(place, "select count(*) from nova_api.host_mappings")
        if len(up) == int(mapped) == len(HOSTS):
            return
        assert time.monotonic() < deadline, "the compute hosts did not come up"
        time.sleep(0.3)
