"""What things have to do with each other: relations, and the rules that they follow from. Pure.

A rule says which attribute gives which keys at which end; two things with the same key at opposite ends are related. So
each thing's ends follow from what is stated of it alone, and nothing has to be compared with everything. The rules
themselves are in `relation_rules.py`, the making of keys in `relation_keys.py`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple

from datacenter_docs.domain.relation_keys import Stated

CROWD = 16
"""A key that more things than this have at the right end of a rule names none of them: it relates nothing."""


class Side(IntEnum):
    """Which end of a relation a thing is. `POINTER`: the left one, where the key is the right one's id.

    `EITHER`: the rule joins equals, and each is either.
    """

    POINTER = 0
    LEFT = 1
    RIGHT = 2
    EITHER = 3


class Needs(StrEnum):
    """Which end of a relation cannot do without the other one. `nobody`: it only says how the two belong together."""

    NOBODY = "nobody"
    LEFT = "left"
    RIGHT = "right"
    EACH = "each"


class Key(NamedTuple):
    """A key that a thing has. `of`: the id of what takes part in the relation, mostly the thing itself."""

    text: str
    of: str


Keys = Callable[[str, Stated], Iterable[Key]]
"""The keys of a resource, from its id and what is stated of it."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where keys of one end of a rule are found: platform and kind of resource, and the attribute that proves it."""

    platform: str
    kind: str
    attribute: str
    keys: Keys


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: the left thing `words` the right one, and the right thing `inverse` the left one.

    `pointers`: attributes that hold the right one's id. `left`, `right`: where keys are found. `either`: where keys of
    equals are found, which are the same thing seen over two connections. `needs`: which of the two is affected when the
    other one is gone.
    """

    name: str
    words: str
    inverse: str
    pointers: tuple[Where, ...] = ()
    left: tuple[Where, ...] = ()
    right: tuple[Where, ...] = ()
    either: tuple[Where, ...] = ()
    needs: Needs = Needs.NOBODY


class End(NamedTuple):
    """One end of relations that there may be: `of` takes part, and the `attribute` of the resource that it was made from
    proves it.
    """

    rule: str
    side: Side
    key: str
    of: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Relation:
    """Two things that have to do with each other; read it: left, the rule's `words`, right. `proofs`: ids of the one or two
    facts that say so.
    """

    rule: str
    left: str
    right: str
    proofs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crowd:
    """A key that too many things share to prove anything, so that it was left out of the relations."""

    rule: str
    key: str
    members: int
