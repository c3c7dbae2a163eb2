"""The shape of a fault, and the few words that the tables are written in. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from datacenter_mcp.contract.reading import Scalar
from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.things import Count, Value
from datacenter_mcp.demo.view import View

Amount: TypeAlias = Callable[[View, str], Value]
"""A value that depends on the thing: `(view, key) -> value`."""
Breaking: TypeAlias = Callable[[View, str], Sequence[Step]]


@dataclass(frozen=True, slots=True)
class Test:
    """One attribute as the oracle wants to see it. `of` None: of the target; else the target's attribute that holds a key.

    Exactly one comparison counts: `at_least`, `at_most` where they are given, otherwise `equals`.
    """

    attribute: str
    equals: Scalar = None
    at_least: float | None = None
    at_most: float | None = None
    of: str | None = None

    def holds(self, view: View, target: str) -> bool:
        """Whether the world passes it."""
        key = target if self.of is None else followed(view, target, self.of)
        value = view.get(key, self.attribute)
        if self.at_least is None and self.at_most is None:
            return value == self.equals
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )


@dataclass(frozen=True, slots=True)
class Cure:
    """The operation that heals. `on` None: the target; else its attribute that holds the key of what has to be operated."""

    operation: str
    parameters: Mapping[str, Scalar | Amount] = field(default_factory=dict)
    on: str | None = None

    def order(self, view: View, target: str) -> tuple[str, dict[str, Any]]:
        """The key that is operated, and the parameters."""
        key = target if self.on is None else followed(view, target, self.on)
        filled = {
            name: value(view, key) if callable(value) else value
            for name, value in self.parameters.items()
        }
        return key, filled


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    `target`: `platform:kind` and name of what the ticket is about, where nobody says otherwise. `breaks`: what it lets
    happen. `tells`: what people write, in several ways; `{name}` is the target. `cure` None: no operation heals, the right
    answer is to do nothing, or to tell a person. `broken`: what is so while it is (all of it); `healed`: what is so when it is over (all
    of it); `worse`: what a wrong hand makes of it (any of it). `hands_off`: any operation on the target makes it worse.
    `wrong`: an operation that looks right and is not, with its parameters; None: none comes to mind. `elsewhere`: the root cause is on
    another platform than the ticket. `looks_like`: another fault with the same words and another cure.
    """

    name: str
    summary: str
    target: tuple[str, str]
    category: str
    title: str
    tells: Sequence[str]
    breaks: Breaking
    broken: Sequence[Test]
    healed: Sequence[Test]
    cure: Cure | None = None
    worse: Sequence[Test] = ()
    hands_off: bool = False
    wrong: Cure | None = None
    elsewhere: bool = False
    looks_like: str | None = None

    @property
    def platform(self) -> str:
        """Where the ticket's target stands."""
        return self.target[0].partition(":")[0]

    @property
    def cause(self) -> str:
        """What its events are called in the world's story."""
        return f"fault:{self.name}"

    def told(self, view: View, target: str, way: int = 0) -> str:
        """What a person writes about it."""
        thing = view.thing(target) or view.remembered(target)
        return self.tells[way % len(self.tells)].format(name=thing.name if thing else target)


def followed(view: View, key: str, attribute: str) -> str:
    """The key that an attribute of a thing holds, also of one that is gone; of several keys the first."""
    thing = view.thing(key) or view.remembered(key)
    held = thing.attributes.get(attribute) if thing else None
    return str(held[0] if isinstance(held, list) and held else held)


def sets(at: str | None = None, **attributes: Scalar | list[Scalar] | Amount) -> Breaking:
    """Attributes become different, now. `at`: of what that attribute of the target points to; None: of the target."""

    def steps(view: View, key: str) -> Sequence[Step]:
        place = key if at is None else followed(view, key, at)
        filled: dict[str, Value] = {
            name: value(view, place) if callable(value) else value
            for name, value in attributes.items()
        }
        return [Step(place, filled)]

    return steps


def and_back(breaking: Breaking, after_seconds: float, **attributes: Scalar) -> Breaking:
    """The same, and it passes by itself."""

    def steps(view: View, key: str) -> Sequence[Step]:
        first = breaking(view, key)
        return [*first, Step(first[0].key, attributes, after_seconds)]

    return steps


def share(part: float, of: str, less: str | None = None) -> Amount:
    """A part of a number of the thing, less another; whole."""

    def amount(view: View, key: str) -> Value:
        return int(part * view.number(key, of) - (view.number(key, less) if less else 0))

    return amount


def plus(more: float, of: str) -> Amount:
    """A number of the thing, and more; whole."""
    return lambda view, key: int(view.number(key, of) + more)


def counting(of: str, per_second: float, start: float = 0) -> Amount:
    """A number of the thing (and `start`) that counts up from now on."""
    return lambda view, key: Count(
        start=view.number(key, of) + start, per_second=per_second, since=view.now
    )
