"""A VM as operations see it: read in one call, with its host and its datastores."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from datacenter_mcp.contract.errors import Broken, InvalidRequest, NotFound, Refused
from datacenter_mcp.contract.reading import Health, Resource
from datacenter_mcp.ids import Naming, ResourceName
from datacenter_mcp.readings import Reading
from datacenter_mcp.vmware import asking, mapping
from datacenter_mcp.vmware.answers import Ref, Seen
from datacenter_mcp.vmware.health import health_of
from datacenter_mcp.vmware.session import VCenter
from datacenter_mcp.vmware.tree import Tree
from datacenter_mcp.vmware.vms import VM, Snapshot, snapshots_of

MIB = 1024 * 1024
CARRIES_US = "management_path"
"""The hazard of a VM that the management server itself runs in."""
PATHS = {
    "VirtualMachine": (
        *VM.paths,
        "config.changeVersion",
        "config.hotPlugMemoryLimit",
        "config.hardware.numCoresPerSocket",
    ),
    "HostSystem": mapping.KINDS["HostSystem"].paths,
    "Datastore": ("name", "summary"),
}


@dataclass(frozen=True, slots=True)
class Machine:
    """One VM. `host` None: we may not see it. `carries_us`: the management server that we speak to runs in it."""

    ref: Ref
    resource: Resource
    vm: Seen
    host: Seen | None
    datastores: Sequence[Seen]
    snapshots: Sequence[Snapshot]
    carries_us: bool

    @property
    def name(self) -> str:
        """What people call it."""
        return self.resource.name

    @property
    def power(self) -> str:
        """`on`, `off` or `suspended`."""
        return mapping.POWER.get(self.vm.get("runtime.powerState").text or "", "off")

    @property
    def tools_run(self) -> bool:
        """Whether the guest can be asked to do something."""
        return self.vm.get("guest.toolsRunningStatus").text == "guestToolsRunning"

    @property
    def has_tools(self) -> bool:
        """False only where the platform says that there are none."""
        return self.vm.get("guest.toolsVersionStatus2").text != "guestToolsNotInstalled"

    @property
    def booted_at(self) -> datetime | None:
        """When it was switched on; a restart of the guest does not change it."""
        return self.vm.get("runtime.bootTime").moment

    @property
    def health(self) -> Health:
        """Its own, and that of its host where we see it."""
        return health_of(self.resource)

    def number(self, path: str) -> int:
        """A number that every VM has. Raises `Broken` for one whose configuration cannot be read."""
        found = self.vm.get(path).number
        if found is None:
            raise Broken(f"The platform does not tell {path} of {self.name}.", sent=False)
        return found

    def refuse_template(self) -> None:
        """Raises `Refused` for a template."""
        if self.vm.get("config.template").flag:
            raise Refused(f"{self.name} is a template.", sent=False)

    def refuse_if_it_carries_us(self) -> None:
        """Raises `Refused` for the VM without which it could not be switched on again."""
        if self.carries_us:
            raise Refused(
                f"The management server that we speak to runs in {self.name}.", sent=False
            )


def vm_ref(name: ResourceName) -> Ref:
    """The VM that a target names. Raises `InvalidRequest` when it names something else."""
    if name.kind != "vm":
        raise InvalidRequest(f"The target is a {name.kind}; a vm is needed.", sent=False)
    return Ref("VirtualMachine", name.native)


async def read_machine(vcenter: VCenter, naming: Naming, ref: Ref) -> Reading[Machine]:
    """The VM as it is now. Raises `NotFound`."""
    [reading, *_] = await vcenter.read(
        f"Reading {ref.value}",
        lambda api: asking.beside(api, ref, ("runtime.host", "datastore"), PATHS),
    )
    vm = next((one for one in reading.value if one.ref == ref), None)
    if vm is None:
        raise NotFound(f"There is no VM {ref.value}.", sent=False)
    source = reading.source(naming.connection)
    context = mapping.Context(naming, Tree(naming, reading.value), source, reading.observed_at)
    resource = mapping.resource(vm, VM, context)
    own = {vcenter.settings.host.lower()}
    said = {fact.attribute: fact.value for fact in resource.facts}
    addresses = said["addresses"] if isinstance(said["addresses"], list) else []
    names = {str(one).lower() for one in (*addresses, said["hostname"]) if one}
    return reading.holding(
        Machine(
            ref=ref,
            resource=resource,
            vm=vm,
            host=next((one for one in reading.value if one.ref.type == "HostSystem"), None),
            datastores=[one for one in reading.value if one.ref.type == "Datastore"],
            snapshots=snapshots_of(vm),
            carries_us=bool(own & names),
        )
    )
