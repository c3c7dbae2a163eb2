"""The world at one moment: what is built, what has happened, and what follows. Pure; reads are remembered within a view."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from datacenter_mcp.contract.reading import Scalar
from datacenter_mcp.demo.changes import Overlay
from datacenter_mcp.demo.things import Thing, Value, valued

Seen: TypeAlias = Scalar | list[Scalar]
Rule: TypeAlias = Callable[["View", str], Seen]
"""What an attribute is, given the rest of the world: `(view, key) -> value`."""
Rules = Mapping[str, Mapping[str, Rule]]
"""`platform:kind` -> attribute -> rule."""


@dataclass(frozen=True, slots=True)
class Base:
    """What was built: things by key, keys by `platform:kind`, and keys by parent."""

    things: Mapping[str, Thing]
    by_sort: Mapping[str, Sequence[str]]
    children: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class View:
    """The world at `now`."""

    base: Base
    overlay: Overlay
    rules: Rules
    now: float
    _memory: dict[tuple[str, str], Seen] = field(default_factory=dict)
    _indices: dict[tuple[str, str], Mapping[str, Sequence[str]]] = field(default_factory=dict)

    def thing(self, key: str) -> Thing | None:
        """A thing that is there; None: it is not."""
        if key in self.overlay.gone:
            return None
        return self.overlay.made.get(key) or self.base.things.get(key)

    def remembered(self, key: str) -> Thing | None:
        """A thing that is gone, as it was made; None: there never was one, or it is there."""
        if key not in self.overlay.gone:
            return None
        return self.overlay.gone[key] or self.base.things.get(key)

    def keys(self, sort: str) -> Iterator[str]:
        """All keys of a `platform:kind`."""
        yield from (key for key in self.base.by_sort.get(sort, ()) if self._stands(key))
        yield from (key for key in self._new if self.overlay.made[key].sort == sort)

    def children(self, parent: str, sort: str) -> Iterator[str]:
        """The keys of a kind that stand right below a thing."""
        for key in self.base.children.get(parent, ()):
            if self._stands(key) and self.base.things[key].sort == sort:
                yield key
        yield from (
            key for key in self._new_below.get(parent, ()) if self.overlay.made[key].sort == sort
        )

    def where(self, sort: str, attribute: str, value: str) -> Sequence[str]:
        """The keys of a `platform:kind` whose own attribute has a value."""
        known = (sort, attribute)
        if known not in self._indices:
            index: dict[str, list[str]] = {}
            for key in self.keys(sort):
                index.setdefault(str(self.own(key, attribute)), []).append(key)
            self._indices[known] = index
        return self._indices[known].get(value, ())

    def named(self, sort: str, name: str) -> str | None:
        """The key of the thing of a `platform:kind` with a name; None: there is none. The first, where names are not unique."""
        known = (sort, "")
        if known not in self._indices:
            index: dict[str, list[str]] = {}
            for key in self.keys(sort):
                thing = self.thing(key)
                if thing is not None:
                    index.setdefault(thing.name, []).append(key)
            self._indices[known] = index
        return next(iter(self._indices[known].get(name, ())), None)

    def get(self, key: str, attribute: str) -> Seen:
        """A value as it is seen, by its rule if it has one. None: there is no such thing or attribute, or it is not known."""
        thing = self.thing(key)
        rule = self.rules.get(thing.sort, {}).get(attribute) if thing else None
        if rule is None:
            return self.own(key, attribute)
        known = (key, attribute)
        if known not in self._memory:
            self._memory[known] = rule(self, key)
        return self._memory[known]

    def own(self, key: str, attribute: str) -> Seen:
        """A value as it was built or changed, whatever the rules say; for rules."""
        return valued(self.raw(key, attribute), self.now)

    def raw(self, key: str, attribute: str) -> Value:
        """The same, before it is looked at: a signal stays a signal."""
        changed = self.overlay.attributes.get(key)
        if changed is not None and attribute in changed:
            return changed[attribute]
        thing = self.thing(key)
        return thing.attributes.get(attribute) if thing else None

    def number(self, key: str, attribute: str) -> float:
        """A value as a number; 0 where it is none."""
        value = self.get(key, attribute)
        return value if isinstance(value, int | float) else 0

    def text(self, key: str, attribute: str) -> str:
        """A value as text; empty where it is none."""
        value = self.get(key, attribute)
        return value if isinstance(value, str) else ""

    def listed(self, key: str, attribute: str) -> list[str]:
        """A list of texts; empty where it is none."""
        value = self.get(key, attribute)
        return [str(item) for item in value] if isinstance(value, list) else []

    def facts(self, key: str) -> dict[str, Seen]:
        """Everything that is said about a thing over the contract, in the order of names."""
        thing = self.thing(key)
        if thing is None:
            return {}
        names = {
            *thing.attributes,
            *self.overlay.attributes.get(key, ()),
            *self.rules.get(thing.sort, ()),
        }
        return {name: self.get(key, name) for name in sorted(names) if not name.startswith("_")}

    @cached_property
    def _new(self) -> Sequence[str]:
        """What was made after the building, and is no replacement of something built."""
        return [key for key in self.overlay.made if key not in self.base.things]

    @cached_property
    def _new_below(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for key in self._new:
            found.setdefault(self.overlay.made[key].parent or "", []).append(key)
        return found

    def _stands(self, key: str) -> bool:
        return key not in self.overlay.gone
