"""An instance as the operations see it: what stands in their way, and what they are told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from datacenter_mcp.contract.errors import Conflict, InvalidRequest, NotFound, Refused, RoomError
from datacenter_mcp.contract.reading import Health
from datacenter_mcp.ids import Naming
from datacenter_mcp.openstack import api, instances, wellness
from datacenter_mcp.openstack.answers import Flavor, Server
from datacenter_mcp.openstack.api import Api
from datacenter_mcp.openstack.mapping import moment
from datacenter_mcp.openstack.reader import NATIVE
from datacenter_mcp.readings import Reading

WAITS = "VERIFY_RESIZE"
"""The status of an instance whose resize was neither confirmed nor reverted yet."""
LOCKED = "locked"
"""The hazard of an instance that somebody locked; the cloud changes it for an administrator only."""
SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class Target:
    """One instance with the flavors on offer."""

    server: Server
    flavors: Sequence[Flavor]
    health: Health

    @property
    def name(self) -> str:
        """What people call it."""
        return self.server.name or self.server.id

    @property
    def flavor(self) -> str:
        """The name of its flavor."""
        return self.server.flavor.original_name

    @property
    def waits(self) -> bool:
        """Whether a resize of it waits to be confirmed or reverted."""
        return self.server.status == WAITS

    @property
    def hazards(self) -> list[str]:
        """What makes every change of it riskier."""
        return [LOCKED] if self.server.locked else []

    def wanted(self, flavor: str) -> Flavor | None:
        """A flavor on offer, by name or id."""
        return instances.offered(flavor, self.flavors)

    def has(self, flavor: str) -> bool:
        """Whether its flavor is the one that is meant, by name or id."""
        meant = self.wanted(flavor)
        return self.flavor == (meant.name if meant else flavor)

    def refuse_if_locked_or_busy(self) -> None:
        """Raises `Refused` for a locked one, `Conflict` while something is done to it; the cloud would say the same."""
        if self.server.locked:
            raise Refused(f"{self.name} is locked.", sent=False)
        if self.server.task_state:
            raise Conflict(
                f"{self.name} is busy: {self.server.task_state}.",
                retry_after_seconds=5,
                sent=False,
            )


def native_of(ids: Naming, text: str) -> str:
    """The instance that an id names. Raises `InvalidRequest` when it names something else."""
    name = ids.parse(text)
    if name.kind != "instance":
        raise InvalidRequest(f"The target is a {name.kind}; an instance is needed.", sent=False)
    if not NATIVE.fullmatch(name.native):
        raise NotFound(f"There is no {text}.", sent=False)
    return name.native


async def read_target(cloud: Api, ids: Naming, native: str) -> Reading[Target]:
    """The instance, read now. Raises `NotFound`."""
    reading = await cloud.one(api.SERVERS, native)
    flavors = await cloud.every(api.FLAVORS)
    known = instances.around(flavors)
    shown = instances.instance(ids, reading.value, known, reading.source(ids.connection))
    return reading.holding(Target(reading.value, flavors, wellness.of(shown)))


async def backed_up(cloud: Api, reading: Reading[Target], max_age_seconds: int) -> bool | None:
    """Whether there is a snapshot of the instance that is not older. None: that could not be found out, as for one that
    starts from a volume: no image holds what is on it.
    """
    server = reading.value.server
    if isinstance(server.image, str) or server.image is None:
        return None
    asked = {"image_type": SNAPSHOT, "instance_uuid": server.id}
    try:
        snapshots = await cloud.every(api.IMAGES, asked)
    except RoomError:
        return None
    oldest = reading.observed_at - timedelta(seconds=max_age_seconds)
    times = [moment(one.created_at) for one in snapshots if one.status == "active"
             and one.image_type == SNAPSHOT and one.instance_uuid == server.id]  # fmt: skip
    return any(at is not None and at >= oldest for at in times)
