"""What the API server answers, as values: the parts of its objects that we read. Wrong shapes are an error, never a guess.

Names and meanings: https://kubernetes.io/docs/reference/kubernetes-api/
"""

from typing import Annotated, Any, Generic, TypeVar

from kubernetes.utils import parse_quantity
from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from datacenter_mcp.readings import Answer

T = TypeVar("T")
REVISION = "deployment.kubernetes.io/revision"
REVISION_HISTORY = "deployment.kubernetes.io/revision-history"


def _number(value: Any) -> float:
    """A quantity (`100m`, `2Gi`) as a number. Raises `ValueError`."""
    return float(parse_quantity(value))


Quantity = Annotated[float, BeforeValidator(_number)]
Quantities = dict[str, Quantity]


class Part(Answer):
    """The base of all: the API writes `camelCase`."""

    model_config = ConfigDict(alias_generator=to_camel)


class Owner(Part):
    """An entry of `ownerReferences`."""

    kind: str
    name: str
    uid: str
    controller: bool = False


class Meta(Part):
    """`metadata`."""

    name: str = ""
    namespace: str | None = None
    uid: str = ""
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    generation: int | None = None
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    owner_references: list[Owner] = []

    @property
    def controller(self) -> Owner | None:
        """Who keeps it; None: nobody."""
        return next((owner for owner in self.owner_references if owner.controller), None)

    @property
    def revision(self) -> int | None:
        """The deployment's revision that this is; None: not told, or not a number."""
        text = self.annotations.get(REVISION, "")
        return int(text) if text.isdecimal() else None

    @property
    def revisions(self) -> frozenset[int]:
        """All numbers that this revision has had: going back to a revision gives it a new one."""
        past = self.annotations.get(REVISION_HISTORY, "").split(",")
        numbers = {int(text) for text in past if text.isdecimal()}
        return frozenset(numbers if self.revision is None else {*numbers, self.revision})


class Object(Part):
    """Anything with `metadata`."""

    metadata: Meta


class ListMeta(Part):
    """`metadata` of a list; `following` names the next page, empty at the end."""

    following: Annotated[str, Field(alias="continue")] = ""


class Items(Part, Generic[T]):
    """One page of a list."""

    metadata: ListMeta = ListMeta()
    items: list[T] | None = None


class Condition(Part):
    """One of the conditions of an object's status."""

    type: str
    status: str
    reason: str | None = None
    message: str | None = None


class Selector(Part):
    """Which pods; `match_expressions` as they are."""

    match_labels: dict[str, str] = {}
    match_expressions: list[dict[str, Any]] = []


class Resources(Part):
    """What a container is given."""

    requests: Quantities = {}
    limits: Quantities = {}


class Container(Part):
    """A container as it is wanted."""

    name: str
    image: str = ""
    resources: Resources = Resources()


class Claim(Part):
    """A pod's use of a claim."""

    claim_name: str


class PodVolume(Part):
    """A volume of a pod."""

    persistent_volume_claim: Claim | None = None


class PodSpec(Part):
    """What a pod shall be."""

    node_name: str | None = None
    containers: list[Container] = []
    volumes: list[PodVolume] = []


class Template(Part):
    """What pods are made from."""

    metadata: Meta = Meta()
    spec: PodSpec = PodSpec()


class Ended(Part):
    """How a container ended."""

    exit_code: int
    reason: str | None = None


class Waiting(Part):
    """Why a container does not run."""

    reason: str | None = None


class ContainerState(Part):
    """At most one of them."""

    waiting: Waiting | None = None
    terminated: Ended | None = None


class ContainerStatus(Part):
    """A container as it is."""

    name: str
    ready: bool = False
    restart_count: int = 0
    state: ContainerState = ContainerState()
    last_state: ContainerState = ContainerState()


class Ip(Part):
    """An address of a pod."""

    ip: str = ""


class PodStatus(Part):
    """What a pod is."""

    phase: str = "Unknown"
    reason: str | None = None
    start_time: str | None = None
    conditions: list[Condition] = []
    init_container_statuses: list[ContainerStatus] = []
    container_statuses: list[ContainerStatus] = []
    pod_ips: Annotated[list[Ip], Field(alias="podIPs")] = []


class Pod(Object):
    """A pod."""

    spec: PodSpec
    status: PodStatus = PodStatus()

    @property
    def ready(self) -> bool:
        """Can serve requests."""
        return any(one.type == "Ready" and one.status == "True" for one in self.status.conditions)

    @property
    def done(self) -> bool:
        """Has ended as it should."""
        return self.status.phase == "Succeeded"

    @property
    def terminating(self) -> bool:
        """Is being deleted."""
        return self.metadata.deletion_timestamp is not None


class PodUsage(Object):
    """`metrics.k8s.io` of a pod."""

    class Used(Part):
        """Of one container."""

        usage: Quantities = {}

    containers: list[Used] = []


class NodeUsage(Object):
    """`metrics.k8s.io` of a node."""

    usage: Quantities = {}
