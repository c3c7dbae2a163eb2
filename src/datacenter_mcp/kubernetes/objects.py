"""The shapes of nodes, namespaces, services, ingresses, storage and events."""

from typing import Annotated, Any

from pydantic import Field

from datacenter_mcp.kubernetes.answers import (
    Condition,
    Object,
    Part,
    Quantities,
    Quantity,
    Resources,
)


class Taint(Part):
    """What keeps pods away from a node."""

    key: str
    value: str = ""
    effect: str = ""


class NodeSpec(Part):
    """What a node shall be."""

    provider_id: Annotated[str | None, Field(alias="providerID")] = None
    unschedulable: bool = False
    taints: list[Taint] = []


class NodeInfo(Part):
    """What a node says of itself."""

    machine_id: Annotated[str | None, Field(alias="machineID")] = None
    system_uuid: Annotated[str | None, Field(alias="systemUUID")] = None
    kubelet_version: str | None = None
    os_image: str | None = None
    kernel_version: str | None = None
    container_runtime_version: str | None = None


class Address(Part):
    """An address of a node."""

    address: str


class NodeStatus(Part):
    """What a node is."""

    conditions: list[Condition] = []
    addresses: list[Address] = []
    capacity: Quantities = {}
    node_info: NodeInfo = NodeInfo()


class Node(Object):
    """A node."""

    spec: NodeSpec = NodeSpec()
    status: NodeStatus = NodeStatus()

    @property
    def ready(self) -> Condition | None:
        """The condition that says whether it is ready; None: nobody says."""
        return next((one for one in self.status.conditions if one.type == "Ready"), None)


class Phase(Part):
    """A status that is a phase."""

    phase: str = "Unknown"


class Namespace(Object):
    """A namespace."""

    status: Phase = Phase()


class ServicePort(Part):
    """A port of a service."""

    port: int
    protocol: str = "TCP"


class ServiceSpec(Part):
    """What a service shall be."""

    type: str = "ClusterIP"
    cluster_ip: Annotated[str | None, Field(alias="clusterIP")] = None
    external_ips: Annotated[list[str], Field(alias="externalIPs")] = []
    ports: list[ServicePort] = []
    selector: dict[str, str] = {}


class Entry(Part):
    """Where something is reached from outside."""

    ip: str | None = None
    hostname: str | None = None


class LoadBalancer(Part):
    """All of these."""

    ingress: list[Entry] = []


class Reached(Part):
    """The status of what is reached from outside."""

    load_balancer: LoadBalancer = LoadBalancer()

    @property
    def addresses(self) -> list[str]:
        """Addresses and host names."""
        found = [entry.ip or entry.hostname for entry in self.load_balancer.ingress]
        return [address for address in found if address]


class Service(Object):
    """A service."""

    spec: ServiceSpec = ServiceSpec()
    status: Reached = Reached()


class BackendService(Part):
    """A service by its name."""

    name: str


class Backend(Part):
    """Where requests go; None: not to a service."""

    service: BackendService | None = None


class HttpPath(Part):
    """One path of a rule."""

    backend: Backend


class HttpRule(Part):
    """The paths of a rule."""

    paths: list[HttpPath] = []


class Rule(Part):
    """One host of an ingress."""

    host: str | None = None
    http: HttpRule = HttpRule()


class IngressSpec(Part):
    """What an ingress shall be."""

    ingress_class_name: str | None = None
    default_backend: Backend | None = None
    rules: list[Rule] = []


class Ingress(Object):
    """An ingress."""

    spec: IngressSpec = IngressSpec()
    status: Reached = Reached()


class ObjectName(Part):
    """Another object. `field_path`: the part of it that is meant."""

    kind: str = ""
    name: str = ""
    namespace: str | None = None


class Volume(Object):
    """A persistent volume. `spec` is open: what it is made of is a field of its own name, one of many."""

    spec: dict[str, Any] = {}
    status: Phase = Phase()


class ClaimSpec(Part):
    """What a claim wants."""

    access_modes: list[str] = []
    resources: Resources = Resources()
    storage_class_name: str | None = None
    volume_name: str | None = None


class ClaimStatus(Part):
    """What a claim got."""

    phase: str = "Unknown"
    capacity: dict[str, Quantity] = {}


class VolumeClaim(Object):
    """A persistent volume claim."""

    spec: ClaimSpec = ClaimSpec()
    status: ClaimStatus = ClaimStatus()


class Reporter(Part):
    """Who tells."""

    component: str | None = None


class Series(Part):
    """An event that goes on."""

    count: int = 0
    last_observed_time: str | None = None


class Event(Object):
    """An event. Newer reporters leave the first set of times out and fill `event_time` and `series`."""

    involved_object: ObjectName = ObjectName()
    type: str = "Normal"
    reason: str | None = None
    message: str | None = None
    count: int | None = None
    first_timestamp: str | None = None
    last_timestamp: str | None = None
    event_time: str | None = None
    series: Series | None = None
    source: Reporter = Reporter()
    reporting_component: str | None = None
