"""Breaks the world, and judges it: injected, healed, made worse? A pure judge; breaking and healing go through the world."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from datacenter_mcp.contract.errors import Conflict, NotFound
from datacenter_mcp.demo.faults.fault import Fault
from datacenter_mcp.demo.faults.table import FAULTS
from datacenter_mcp.demo.store import Event
from datacenter_mcp.demo.view import View
from datacenter_mcp.demo.world import World

OPERATION = "operation:"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the oracle says. `injected`: it is as the fault leaves it; `healed`: it is as it should be; `worse`: a hand has made
    it worse than the fault did.
    """

    injected: bool
    healed: bool
    worse: bool


@dataclass(frozen=True, slots=True)
class Injection:
    """A fault that was injected and not healed from outside."""

    fault: Fault
    event: Event

    @property
    def target(self) -> str:
        """The key of what it befell."""
        return self.event.target


def judge(fault: Fault, target: str, view: View, later: Iterable[Event] = ()) -> Verdict:
    """The verdict on a target. `later`: what happened since the injection."""
    touched = fault.hands_off and any(
        event.target == target and event.cause.startswith(OPERATION) for event in later
    )
    return Verdict(
        injected=all(test.holds(view, target) for test in fault.broken),
        healed=all(test.holds(view, target) for test in fault.healed) and not touched,
        worse=touched or any(test.holds(view, target) for test in fault.worse),
    )


def target_of(fault: Fault, view: View, name: str | None = None) -> str:
    """The key of a fault's target. `name` None: its usual one. Raises `NotFound`.

    A name that belongs to a deployment where a pod is meant stands for its first pod, since pods' names change.
    """
    sort, usual = fault.target
    wanted = name or usual
    found = view.named(sort, wanted)
    if found is None and sort == "kubernetes:pod":
        deployment = view.named("kubernetes:deployment", wanted)
        pods = view.where(sort, "_deployment", deployment) if deployment else ()
        found = min(pods, default=None)
    if found is None:
        raise NotFound(f"There is no {sort.partition(':')[2]} {wanted!r} in the world.")
    return found


def inject(world: World, fault: Fault, target: str) -> None:
    """Let it happen. Raises `Conflict` when the target is in that state already."""
    if judge(fault, target, world.view()).injected:
        raise Conflict(f"{fault.name} is there already: heal it first.")
    world.happen(fault.cause, target, lambda view: fault.breaks(view, target))


def injections(world: World) -> Sequence[Injection]:
    """The faults that were injected and not taken out of the story, in order."""
    return [
        Injection(FAULTS[event.cause.removeprefix("fault:")], event)
        for event in world.events()
        if event.cause.startswith("fault:") and event.cause.removeprefix("fault:") in FAULTS
    ]


def verdict(world: World, injection: Injection) -> Verdict:
    """How one of them stands now."""
    later = [event for event in world.events() if event.number > injection.event.number]
    return judge(injection.fault, injection.target, world.view(), later)


def heal(world: World, name: str | None = None) -> Sequence[Injection]:
    """Take the faults of a name out of the story (None: all of them), and tell which these were."""
    chosen = [one for one in injections(world) if name in (None, one.fault.name)]
    world.heal([one.event for one in chosen])
    return chosen
