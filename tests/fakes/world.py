"""The demo world in memory, and a time that stands still until a test moves it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from datacenter_mcp.demo.building.world import build
from datacenter_mcp.demo.changes import Change, Step, overlay
from datacenter_mcp.demo.faults.fault import Cure
from datacenter_mcp.demo.operations.catalogue import OPERATIONS
from datacenter_mcp.demo.physics.laws import LAWS
from datacenter_mcp.demo.room import DemoRoom
from datacenter_mcp.demo.store import Event, Origin, Reading
from datacenter_mcp.demo.view import View
from datacenter_mcp.demo.world import World

BORN = 1_780_000_000.0
NOON = BORN + 100 * 86_400
KNOWN = {one.spec.name: one for room in OPERATIONS.values() for one in room}
NAMES = {
    "vmware": "vcenter",
    "kubernetes": "cluster",
    "network": "fabric",
    "storage": "arrays",
    "openstack": "cloud",
}


class Paper:
    """A world without a file: what happens to it is kept in a list."""

    def __init__(self, seed: int = 1, size: int = 200) -> None:
        self.now = NOON
        self.events: list[Event] = []
        self._base = build(seed, size, BORN)
        self._changes: list[Change] = []

    def view(self) -> View:
        return View(self._base, overlay(self._changes, self.now), LAWS, self.now)

    def key(self, sort: str, name: str) -> str:
        """The key of the thing of that name."""
        found = self.view().named(sort, name)
        assert found, (sort, name)
        return found

    def happen(self, cause: str, target: str, steps: Sequence[Step]) -> None:
        number = len(self.events) + 1
        self.events.append(Event(number=number, at=self.now, cause=cause, target=target))
        self._changes += [
            Change(number, self.now + step.after_seconds, cause, step) for step in steps
        ]

    def sets(self, key: str, **attributes: Any) -> None:
        """Attributes become different, as if by themselves."""
        self.happen("test", key, [Step(key, attributes)])

    def operate(self, operation: str, key: str, **parameters: Any) -> None:
        """One operation, to its end. Raises what the platform says against it."""
        known = KNOWN[operation]
        wanted = known.spec.parameters.model_validate(parameters)
        self.happen(f"operation:{operation}", key, known.plan(self.view(), key, wanted).steps)
        self.now += known.after_seconds + 1

    def apply(self, cure: Cure, target: str) -> None:
        """What a fault declares as its cure, or as what looks like one."""
        key, parameters = cure.order(self.view(), target)
        self.operate(cure.operation, key, **parameters)


class Standing:
    """`RealTime` that stands still until it is moved."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def make(folder: Path, time: Callable[[], float], *, seed: int = 1, size: int = 200) -> Path:
    """A world in a file, whose time is that of `time`; the file."""
    path = folder / "world.sqlite"
    now = time()
    origin = Origin(seed=seed, size=size, born=BORN)
    World.create(path, origin, Reading(real=now, world=now, rate=1.0), time).close()
    return path


def room(platform: str, path: Path, time: Callable[[], float]) -> DemoRoom:
    """A room of a world, as a process of its own would have it."""
    return DemoRoom(platform, NAMES[platform], World.open(path, time))
