"""Lists and describes what a management server knows. A listing is one view and two reads of it, in portions, whatever its
length: what may contain things, then the things.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence

from pyVmomi import vim

from datacenter_mcp.contract.errors import InvalidRequest, NotFound, RoomError
from datacenter_mcp.contract.reading import (
    Failure,
    Health,
    HealthStatus,
    MetricsReport,
    Resource,
)
from datacenter_mcp.ids import Naming, ResourceName
from datacenter_mcp.readings import Reading, metrics
from datacenter_mcp.room import Listing
from datacenter_mcp.vmware import asking, happenings, mapping, performance, vms
from datacenter_mcp.vmware.answers import Ref, Seen
from datacenter_mcp.vmware.asking import Paths, Portions
from datacenter_mcp.vmware.health import OK, health_of
from datacenter_mcp.vmware.mapping import Context
from datacenter_mcp.vmware.session import Api, VCenter
from datacenter_mcp.vmware.tree import ANCESTORS, KIND_OF, TYPE_OF, Tree, network_type

INVENTORY = ("cluster", "datacenter", "datastore", "disk", "host", "network", "snapshot", "vm")
HAPPENINGS = ("alarm", "event", "task")
KINDS = tuple(sorted(INVENTORY + HAPPENINGS))
OF_A_VM = {"vm": vms.VM.paths, "disk": vms.DISK_PATHS, "snapshot": vms.SNAPSHOT_PATHS}
MACHINE = "VirtualMachine"


class VmwareReader:
    """Everything that can be read over one login."""

    def __init__(self, naming: Naming, vcenter: VCenter) -> None:
        self._naming = naming
        self._vcenter = vcenter
        self._page = vcenter.settings.page_objects

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        """All resources of a kind; below a parent where one is given."""
        if kind is not None and kind not in KINDS:
            raise InvalidRequest(f"No kind {kind!r}; there are: {', '.join(KINDS)}.")
        kinds = KINDS if kind is None else (kind,)
        above = self._naming.parse(parent) if parent is not None else None
        found = await self._vcenter.read("Listing", lambda api: self._calmly(api, kinds, above))
        wanted = [one for one in found.resources if parent is None or one.parent == parent]
        return Listing(wanted, found.failures)

    async def describe(self, resource_id: str) -> Resource:
        """One resource, read now. Raises `NotFound`."""
        name = self._naming.parse(resource_id)
        if name.kind not in KINDS:
            raise NotFound(f"There is no kind {name.kind!r} here.")
        found = await self._vcenter.read(
            f"Reading {resource_id}", lambda api: self._one(api, name)
        )
        for resource in found:
            if resource.id == resource_id:
                return resource
        raise NotFound(f"There is no {resource_id}.")

    async def metrics(self, resource_id: str) -> MetricsReport:
        """The numbers among the facts of one resource, and what the platform measures of it."""
        found = await self.describe(resource_id)
        numbers = metrics(found.facts)
        ref = ref_of(self._naming.parse(resource_id))
        if ref is not None and ref.type in performance.MEASURED:
            numbers += await self._vcenter.read(
                f"Measuring {resource_id}",
                lambda api: performance.measured(api, ref, performance.counters(api)),
            )
        return MetricsReport(id=found.id, metrics=numbers, source=found.source)

    async def health(self, resource_id: str | None) -> Health:
        """Of one resource; of the connection: whether the server takes our login and answers."""
        if resource_id is None:
            return await self._connection_health()
        found = await self.describe(resource_id)
        if found.kind != "datacenter":
            return health_of(found)
        hosts = await self._vcenter.read("Reading hosts", self._hosts_of(found.id))
        return health_of(found, hosts)

    async def _connection_health(self) -> Health:
        try:
            await self._vcenter.read(
                "Asking for the time",
                lambda api: vim.ServiceInstance("ServiceInstance", api.wire).CurrentTime(),
            )
        except RoomError as error:
            return Health(status=HealthStatus.FAILED, reasons=[error.report.message])
        return OK

    def _hosts_of(self, datacenter: str) -> Callable[[Api], Sequence[Resource]]:
        def read(api: Api) -> Sequence[Resource]:
            kind = mapping.KINDS["HostSystem"]
            return [
                mapping.resource(one, kind, context)
                for one, context in self._viewed(api, {"HostSystem": kind.paths})
                if context.tree.datacenter(one) == datacenter
            ]

        return read

    def _calmly(self, api: Api, kinds: Sequence[str], above: ResourceName | None) -> Listing:
        """A listing without the search for circular garbage: there is none in answers, and looking through the parts of
        10,000 VMs again and again takes as long as all else.
        """
        gc.disable()
        try:
            return self._listing(api, kinds, above)
        finally:
            gc.enable()

    def _listing(self, api: Api, kinds: Sequence[str], above: ResourceName | None) -> Listing:
        resources: list[Resource] = []
        denied = Denied()
        if above is not None and above.kind == "vm":
            kinds = [kind for kind in kinds if kind in ("disk", "snapshot")]
            found = self._of_a_vm(api, above, _paths(kinds))
        else:
            found = self._viewed(api, _paths(kinds))
        for one, context in found:
            resources += _resources(one, kinds, context)
            denied.note(one)
        for kind in kinds:
            if kind in HAPPENINGS:
                resources += self._happenings(api, kind)
        return Listing(resources, denied.failures())

    def _of_a_vm(self, api: Api, vm: ResourceName, paths: Paths) -> Iterator[tuple[Seen, Context]]:
        """One VM, of which less than the whole inventory has to be read."""
        if paths:
            portions = asking.some(api, [Ref(MACHINE, vm.native)], paths, self._page)
            yield from self._each(portions, self._tree(()))

    def _viewed(self, api: Api, paths: Paths) -> Iterator[tuple[Seen, Context]]:
        """All objects of these types: first what may contain them, then they themselves, portion by portion."""
        if not paths:
            return
        with asking.viewing(api, {**ANCESTORS, **paths}) as view:
            tree = self._tree(list(asking.viewed(api, view, ANCESTORS, self._page)))
            yield from self._each(asking.viewed(api, view, paths, self._page), tree)

    def _one(self, api: Api, name: ResourceName) -> list[Resource]:
        if name.kind in HAPPENINGS:
            return self._happenings(api, name.kind)
        ref = ref_of(name)
        if ref is None:
            return []
        paths: Paths = {**ANCESTORS, **_paths([name.kind])}
        portions = asking.lineage(api, ref, {**paths, ref.type: _paths([name.kind])[ref.type]})
        tree = self._tree(portions)
        return [
            resource
            for one, context in self._each(portions, tree)
            if one.ref == ref
            for resource in _resources(one, [name.kind], context)
        ]

    def _happenings(self, api: Api, kind: str) -> list[Resource]:
        if kind == "task":
            portions = asking.following(
                api, api.content.taskManager, "recentTask", happenings.TASK_PATHS, self._page
            )
            return [
                happenings.task(one, where) for one, where in self._each(portions, self._tree(()))
            ]
        if kind == "event":
            wanted = vim.event.EventFilterSpec()
            portions = asking.latest_events(api, wanted, self._vcenter.settings.event_limit)
            return [
                resource
                for one, where in self._each(portions, self._tree(()))
                for resource in happenings.events(one.get("latestPage"), where)
            ]
        return self._alarms(api)

    def _alarms(self, api: Api) -> list[Resource]:
        root = Ref("Folder", api.content.rootFolder._GetMoId())
        portions = asking.some(api, [root], {"Folder": ("triggeredAlarmState",)}, self._page)
        [(folder, context)] = self._each(portions, self._tree(()))
        states = folder.get("triggeredAlarmState")
        refs = sorted({ref for state in states.parts() if (ref := state.part("alarm").ref)})
        known = asking.some(api, refs, happenings.ALARM_PATHS, self._page) if refs else ()
        rules = happenings.rules(one for reading in known for one in reading.value)
        return list(happenings.alarms(states, rules, context))

    def _tree(self, portions: Portions) -> Tree:
        return Tree(self._naming, (one for reading in portions for one in reading.value))

    def _each(
        self, portions: Iterable[Reading[Sequence[Seen]]], tree: Tree
    ) -> Iterator[tuple[Seen, Context]]:
        """Every object, with where it was read."""
        for reading in portions:
            source = reading.source(self._naming.connection)
            context = Context(self._naming, tree, source, reading.observed_at)
            for one in reading.value:
                yield one, context


def ref_of(name: ResourceName) -> Ref | None:
    """The object of the platform that an id of the inventory names; of a disk or snapshot: its VM. None: it names none."""
    if name.kind in OF_A_VM:
        return Ref(MACHINE, name.native.partition("/")[0])
    if name.kind == "network":
        return Ref(network_type(name.native), name.native)
    return Ref(TYPE_OF[name.kind], name.native) if name.kind in TYPE_OF else None


def _paths(kinds: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What is read of which type for these kinds."""
    paths = {kind: what.paths for kind, what in mapping.KINDS.items() if KIND_OF[kind] in kinds}
    if own := [OF_A_VM[kind] for kind in kinds if kind in OF_A_VM]:
        paths[MACHINE] = _merged(own)
    return paths


def _merged(each: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for paths in each for path in paths))


def _resources(seen: Seen, kinds: Sequence[str], context: Context) -> Iterable[Resource]:
    if seen.ref.type != MACHINE:
        if KIND_OF.get(seen.ref.type) in kinds:
            yield mapping.resource(seen, mapping.KINDS[seen.ref.type], context)
        return
    if "vm" in kinds:
        yield mapping.resource(seen, vms.VM, context)
    if "disk" in kinds:
        yield from vms.disks(seen, context)
    if "snapshot" in kinds:
        yield from vms.snapshots(seen, context)


class Denied:
    """What our account may not read, by type of the platform."""

    def __init__(self) -> None:
        self._paths: dict[str, set[str]] = {}

    def note(self, one: Seen) -> None:
        """Remember what is missing of an object."""
        if one.denied:
            self._paths.setdefault(one.ref.type, set()).update(one.denied)

    def failures(self) -> list[Failure]:
        """One for each type."""
        return [
            Failure(
                part=kind,
                kind="refused",
                message=f"Our account may not read of some: {', '.join(sorted(paths))}.",
            )
            for kind, paths in sorted(self._paths.items())
        ]
