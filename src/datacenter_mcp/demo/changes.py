"""What has happened to the world, laid over what was built. Pure.

A change says what is from a time on: attributes of a thing, that a new thing is there, or that one is gone. Changes of
one event share its `event` number; a heal takes an event out of the story, as if it had never been.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from datacenter_mcp.demo.things import Attributes, Thing, Value


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that becomes different, `after_seconds` from the moment of the event. `made`: the thing is new (its attributes
    are in it); `gone`: it is no more.
    """

    key: str
    attributes: Attributes = field(default_factory=dict)
    after_seconds: float = 0.0
    made: Thing | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A step with its time. `cause`: `operation:enable_port`, `fault:port-shut`, ..."""

    event: int
    at: float
    cause: str
    step: Step


@dataclass(slots=True)
class Overlay:
    """What is different from what was built, at one time. `gone`: key -> the thing as it was made later; None: as it was built.
    `next_at`: when the next change that is known will come; None: none is.
    """

    attributes: dict[str, dict[str, Value]] = field(default_factory=dict)
    made: dict[str, Thing] = field(default_factory=dict)
    gone: dict[str, Thing | None] = field(default_factory=dict)
    next_at: float | None = None

    def lay(self, step: Step) -> None:
        """Let one step happen."""
        if step.gone:
            self.gone[step.key] = self.made.pop(step.key, None)
            self.attributes.pop(step.key, None)
            return
        if step.made is not None:
            self.gone.pop(step.key, None)
            self.made[step.key] = step.made
            self.attributes.pop(step.key, None)
        if step.attributes:
            self.attributes.setdefault(step.key, {}).update(step.attributes)


def overlay(changes: Iterable[Change], now: float) -> Overlay:
    """All that has happened until `now`, in the order of time; at the same time in the order of events."""
    laid = Overlay()
    for change in sorted(changes, key=lambda change: (change.at, change.event)):
        if change.at > now:
            laid.next_at = change.at
            break
        laid.lay(change.step)
    return laid
