"""One platform of the demo world, as the server sees it. There are five; all look at the same world."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread

from datacenter_mcp.contract.errors import InvalidRequest, NotFound
from datacenter_mcp.contract.reading import (
    Health,
    HealthStatus,
    Look,
    MetricsReport,
    Resource,
    Wire,
)
from datacenter_mcp.contract.vocabulary.kubernetes import KUBERNETES
from datacenter_mcp.contract.vocabulary.network import NETWORK
from datacenter_mcp.contract.vocabulary.openstack import OPENSTACK
from datacenter_mcp.contract.vocabulary.storage import STORAGE
from datacenter_mcp.contract.vocabulary.vmware import VMWARE
from datacenter_mcp.contract.vocabulary.words import Vocabulary
from datacenter_mcp.demo import gates, mapping
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.health import OK, health
from datacenter_mcp.demo.operations.catalogue import OPERATIONS
from datacenter_mcp.demo.operations.operation import Deed, Operation, must_be_allowed
from datacenter_mcp.demo.things import Thing
from datacenter_mcp.demo.view import View
from datacenter_mcp.demo.world import World
from datacenter_mcp.grades import Proof, proof
from datacenter_mcp.ids import Naming
from datacenter_mcp.readings import metrics
from datacenter_mcp.room import Effect, Listing, OperationSpec
from datacenter_mcp.validating import validated

WORDS: Mapping[str, Vocabulary] = {
    "vmware": VMWARE,
    "kubernetes": KUBERNETES,
    "network": NETWORK,
    "storage": STORAGE,
    "openstack": OPENSTACK,
}
NOBODY = Health(status=HealthStatus.UNKNOWN, reasons=["It is gone, and nothing stands in for it."])
LIST, DESCRIBE, LOOK = "world.list", "world.describe", "world.look"


class DemoSettings(Wire):
    """`world`: the file that the world is kept in."""

    world: Path


class DemoRoom:
    """A platform of a world."""

    def __init__(self, platform: str, connection: str, world: World) -> None:
        self.platform, self.connection = platform, connection
        self._world = world
        self._naming = Naming(platform, connection)
        self._known = {operation.spec.name: operation for operation in OPERATIONS[platform]}
        self.operations: Sequence[OperationSpec] = [one.spec for one in OPERATIONS[platform]]

    def drivers(self, target: str | None) -> Sequence[Proof]:
        return [proof("demo")]

    async def list_resources(self, kind: str | None, parent: str | None) -> Listing:
        if kind is not None and kind not in WORDS[self.platform]:
            raise InvalidRequest(
                f"No kind {kind!r}; there are: {', '.join(WORDS[self.platform])}."
            )
        view = await self._view()
        above = self._there(view, parent).key if parent is not None else None
        kinds = [*WORDS[self.platform]] if kind is None else [kind]
        return await anyio.to_thread.run_sync(self._listed, view, kinds, above)

    async def describe(self, resource_id: str) -> Resource:
        view = await self._view()
        thing = self._there(view, resource_id, remembered=True)
        if view.thing(thing.key) is None:
            return mapping.departed(view, self._naming, thing, DESCRIBE)
        return mapping.resource(view, self._naming, thing, DESCRIBE)

    async def metrics(self, resource_id: str) -> MetricsReport:
        found = await self.describe(resource_id)
        return MetricsReport(id=found.id, metrics=metrics(found.facts), source=found.source)

    async def health(self, resource_id: str | None) -> Health:
        if resource_id is None:
            return await self._own_health()
        view = await self._view()
        return health(view, self._there(view, resource_id).key)

    async def look(self, operation: OperationSpec, target: str, parameters: Any) -> Look:
        view = await self._view()
        known = self._known[operation.name]
        key = self._key(target, known.kind)
        thing = view.thing(key) or view.remembered(key)
        arguments = {"operation": operation.name, "target": target}
        if thing is None:
            nobody = Health(status=HealthStatus.UNKNOWN, reasons=[f"There is no {target}."])
            read = mapping.source(view, self._naming, LOOK, arguments, None)
            return Look(exists=False, health=nobody, source=read)
        gates.must_be_heard(view, key)
        sight = known.look(view, key, parameters)
        standing = sight.successor or key
        return Look(
            exists=True,
            satisfied=sight.satisfied,
            state=sight.state,
            marker=sight.marker,
            hazards=list(sight.hazards),
            backup_available=sight.backup_available,
            health=health(view, standing) if view.thing(standing) else NOBODY,
            successor=mapping.identified(self._naming, sight.successor)
            if sight.successor
            else None,
            source=mapping.source(view, self._naming, LOOK, arguments, sight.state),
        )

    async def act(
        self, operation: OperationSpec, target: str, parameters: Any, *, dry_run: bool
    ) -> Effect:
        known = self._known[operation.name]
        key = self._key(target, known.kind)
        return await anyio.to_thread.run_sync(self._acted, known, key, parameters, dry_run)

    async def close(self) -> None:
        self._world.close()

    def _acted(self, known: Operation, key: str, parameters: Any, dry_run: bool) -> Effect:  # noqa: FBT001 - run_sync passes no names
        done: list[Deed] = []

        def plan(view: View) -> Sequence[Step]:
            gates.must_answer(view, self.platform)
            if view.thing(key) is None:
                raise NotFound(f"There is no {mapping.identified(self._naming, key)}.", sent=False)
            gates.must_be_heard(view, key)
            gates.must_take_writes(view, self.platform)
            must_be_allowed(view, key)
            done.append(known.plan(view, key, parameters))
            return () if dry_run else done[0].steps

        before = self._world.happen(f"operation:{known.spec.name}", key, plan)
        state, deed = known.look(before, key, parameters).state, done[0]
        if not deed.steps:
            return Effect(state, state, detail=deed.detail)
        if dry_run:
            return Effect(state, state, would=[deed.would])
        after = known.look(self._world.later(known.after_seconds), key, parameters).state
        return Effect(state, after, changed=True, detail=deed.detail)

    async def _view(self) -> View:
        """The world now, once the platform answers. Raises `Unavailable` while it is away."""
        view = await anyio.to_thread.run_sync(self._world.view)
        pause = view.number(gates.of_platform(self.platform), "_slow_seconds")
        if pause:
            await anyio.sleep(pause)
        gates.must_answer(view, self.platform)
        return view

    def _listed(self, view: View, kinds: Sequence[str], above: str | None) -> Listing:
        found, silent = [], set()
        for kind in kinds:
            sort = f"{self.platform}:{kind}"
            for key in view.keys(sort) if above is None else view.children(above, sort):
                part = gates.silent_part(view, key)
                thing = view.thing(key)
                if part is not None:
                    silent.add(part)
                elif thing is not None:
                    found.append(mapping.resource(view, self._naming, thing, LIST))
        return Listing(found, gates.failures(sorted(silent)))

    async def _own_health(self) -> Health:
        view = await anyio.to_thread.run_sync(self._world.view)
        if view.own(gates.of_platform(self.platform), "_away"):
            return Health(status=HealthStatus.FAILED, reasons=["The platform does not answer."])
        tops = [key for kind in WORDS[self.platform].values() if not kind.parents
                for key in view.keys(f"{self.platform}:{kind.name}")]  # fmt: skip
        silent = sorted({part for key in tops if (part := gates.silent_part(view, key))})
        if not silent:
            return OK
        return Health(
            status=HealthStatus.DEGRADED, reasons=[f"{part} does not answer." for part in silent]
        )

    def _key(self, resource_id: str, kind: str) -> str:
        """The key of an operation's target. Raises `InvalidRequest` for another kind."""
        name = self._naming.parse(resource_id)
        if name.kind != kind:
            raise InvalidRequest(f"The target is a {name.kind}; a {kind} is needed.", sent=False)
        return f"{self.platform}:{name.kind}:{name.native}"

    def _there(self, view: View, resource_id: str, *, remembered: bool = False) -> Thing:
        """A thing by its id. Raises `NotFound`, or `Unavailable` when its part does not answer."""
        name = self._naming.parse(resource_id)
        key = f"{self.platform}:{name.kind}:{name.native}"
        thing = view.thing(key) or (view.remembered(key) if remembered else None)
        if thing is None or name.kind not in WORDS[self.platform]:
            raise NotFound(f"There is no {resource_id}.")
        gates.must_be_heard(view, key)
        return thing


def open_demo(platform: str, connection: str, settings: Mapping[str, Any]) -> DemoRoom:
    """The room. Raises `InvalidRequest` for wrong settings, or where there is no world."""
    wanted = validated(DemoSettings, settings, "demo settings")
    return DemoRoom(platform, connection, World.open(wanted.world))
