"""What the services answer, as far as this room reads it. The vendor's names stand here and nowhere else.

Sources: the API references of Nova (microversion 2.61), Keystone v3, Glance v2, Neutron v2.0 and Cinder v3.
"""

from pydantic import Field

from datacenter_mcp.readings import Answer


class Named(Answer):
    """Whatever has an id and mostly a name."""

    id: str
    name: str | None = None


class Project(Named):
    """Of Keystone."""

    domain_id: str | None = None
    enabled: bool = True
    description: str | None = None


class FlavorInside(Answer):
    """The flavor as an instance carries it: as it was when the instance got it, without its id."""

    original_name: str
    vcpus: int
    ram: int
    disk: int
    extra_specs: dict[str, str] = {}


class Address(Answer):
    """One address of an instance."""

    addr: str
    mac: str | None = Field(None, alias="OS-EXT-IPS-MAC:mac_addr")


class Message(Answer):
    """A fault."""

    message: str = ""


class Server(Named):
    """Of Nova; we say instance. `image`: an empty string when it starts from a volume."""

    tenant_id: str
    status: str
    locked: bool | None = None
    flavor: FlavorInside
    image: Named | str | None = None
    addresses: dict[str, list[Address]] = {}
    fault: Message | None = None
    created: str | None = None
    task_state: str | None = Field(None, alias="OS-EXT-STS:task_state")
    power_state: int | None = Field(None, alias="OS-EXT-STS:power_state")
    hypervisor: str | None = Field(None, alias="OS-EXT-SRV-ATTR:hypervisor_hostname")
    zone: str | None = Field(None, alias="OS-EXT-AZ:availability_zone")
    launched_at: str | None = Field(None, alias="OS-SRV-USG:launched_at")
    volumes: list[Named] = Field([], alias="os-extended-volumes:volumes_attached")


class Flavor(Named):
    """Of Nova."""

    name: str
    vcpus: int
    ram: int
    disk: int
    public: bool | None = Field(None, alias="os-flavor-access:is_public")
    extra_specs: dict[str, str] = {}


class Event(Answer):
    """One step of an action. `result` None: it is not over."""

    result: str | None = None


class ActionEntry(Answer):
    """What was done to an instance. `message` is set when it failed; `events` only when one action is asked for."""

    action: str
    request_id: str
    start_time: str
    message: str | None = None
    events: list[Event] = []


class ServiceName(Answer):
    """The service of a hypervisor."""

    disabled_reason: str | None = None


class Hypervisor(Named):
    """Of Nova."""

    hypervisor_hostname: str
    state: str
    status: str
    service: ServiceName = ServiceName()
    hypervisor_type: str | None = None
    host_ip: str | None = None
    vcpus: int | None = None
    vcpus_used: int | None = None
    memory_mb: int | None = None
    memory_mb_used: int | None = None
    local_gb: int | None = None
    local_gb_used: int | None = None
    running_vms: int | None = None


class Service(Answer):
    """Of Nova or Cinder. Cinder's have no id."""

    id: str | None = None
    binary: str
    host: str
    state: str
    status: str
    disabled_reason: str | None = None
    zone: str | None = None
    updated_at: str | None = None


class Agent(Answer):
    """Of Neutron."""

    id: str
    binary: str
    host: str
    alive: bool
    admin_state_up: bool
    availability_zone: str | None = None
    heartbeat_timestamp: str | None = None


class Image(Named):
    """Of Glance. `instance_uuid` and `image_type`: Nova's marks on a snapshot of an instance."""

    status: str
    size: int | None = None
    disk_format: str | None = None
    min_disk: int | None = None
    min_ram: int | None = None
    visibility: str
    created_at: str | None = None
    image_type: str | None = None
    instance_uuid: str | None = None


class Network(Named):
    """Of Neutron."""

    project_id: str | None = None
    status: str
    admin_state_up: bool
    shared: bool | None = None
    mtu: int | None = None
    external: bool | None = Field(None, alias="router:external")
    segmentation_id: int | None = Field(None, alias="provider:segmentation_id")


class Subnet(Named):
    """Of Neutron."""

    network_id: str
    cidr: str


class Port(Named):
    """Of Neutron. `device_id`: the instance that it belongs to."""

    device_id: str | None = None
    network_id: str


class Attachment(Answer):
    """Where a volume is attached."""

    server_id: str | None = None


class Volume(Named):
    """Of Cinder. `bootable` is a word there."""

    project_id: str | None = Field(None, alias="os-vol-tenant-attr:tenant_id")
    status: str
    size: int
    volume_type: str | None = None
    bootable: str | None = None
    encrypted: bool | None = None
    attachments: list[Attachment] = []
    backend_name: str | None = Field(None, alias="os-vol-mig-status-attr:name_id")
    host: str | None = Field(None, alias="os-vol-host-attr:host")
    created_at: str | None = None


class Share(Answer):
    """What a project may use of one thing. Nova and Cinder say `in_use`, Neutron `used`; -1: no limit."""

    limit: int
    used: int | None = None
    in_use: int | None = None
    reserved: int = 0
