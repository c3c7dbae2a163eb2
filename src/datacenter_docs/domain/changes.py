"""What changed in the estate, survey by survey: things that appeared, went, came back, and values that became others.

Only what is stated changes; what is measured moves all the time, and that is no news. Pure; called by the stores.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from datacenter_docs.domain.observed import FactId, FactValue, From, Track


class ChangeKind(StrEnum):
    """`appeared`: never seen before. `returned`: it was gone. `vanished`: it is gone. `changed`: values of it did."""

    APPEARED = "appeared"
    RETURNED = "returned"
    VANISHED = "vanished"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """One value before and after, each with the id of its fact; a fact that is None was not said at that time.

    `NAME` and `PARENT` (`observed.py`) are attributes here.
    """

    attribute: str
    before: FactValue
    after: FactValue
    before_fact: str | None
    after_fact: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What one survey found to have happened to one resource. `at`: when it was found, by our own clock.

    `name`: what it was called then; `named_by`: the id of the fact that says so. `attributes`: what became something else,
    in the order of names; for `returned` compared with what was last known, which may be nothing. Empty for `appeared` and
    `vanished`.
    """

    survey: int
    at: datetime
    resource_id: str
    name: str
    named_by: str
    kind: ChangeKind
    attributes: tuple[AttributeChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Touched:
    """Ids of the resources that are not as they were: `stated` appeared, changed, returned or vanished; of `measured`
    only numbers moved. No id is in both.
    """

    stated: frozenset[str]
    measured: frozenset[str]


def differs(before: Track[From] | None, said: Mapping[str, FactValue]) -> bool:
    """Whether something else is said now, or something is no longer said; nothing said of nothing known is no difference."""
    if before is None:
        return bool(said)
    return said.keys() != before.values.keys() or not all(
        _stands(before, name, value) for name, value in said.items()
    )


def merged(
    before: Track[From] | None, said: Mapping[str, FactValue], origin: From
) -> Track[From] | None:
    """What is known once this was said: values that are as before keep their origin. None: nothing differs."""
    if not differs(before, said):
        return None
    if before is None:
        return Track({attribute: (value, 0) for attribute, value in said.items()}, (origin,))
    fresh = {name for name, value in said.items() if not _stands(before, name, value)}
    origins: list[From] = []
    places: dict[int, int] = {}
    values: dict[str, tuple[FactValue, int]] = {}
    for name, value in said.items():
        index = -1 if name in fresh else before.values[name][1]
        if index not in places:
            places[index] = len(origins)
            origins.append(origin if index < 0 else before.origins[index])
        values[name] = (value, places[index])
    return Track(values, tuple(origins))


def compared(
    resource_id: str, before: Track[From], after: Track[From]
) -> tuple[AttributeChange, ...]:
    """The values that differ, in the order of names."""
    return tuple(
        _changed(resource_id, name, before, after)
        for name in sorted({*before.values, *after.values})
        if name not in after.values or not _stands(before, name, after.values[name][0])
    )


def same(one: FactValue, other: FactValue) -> bool:
    """Whether two values are the same; `True` is not 1, and 1 is not 1.0 either."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def _stands(before: Track[From], name: str, value: FactValue) -> bool:
    return name in before.values and same(before.values[name][0], value)


def _changed(
    resource_id: str, name: str, before: Track[From], after: Track[From]
) -> AttributeChange:
    old, old_fact = _cited(resource_id, name, before)
    new, new_fact = _cited(resource_id, name, after)
    return AttributeChange(name, old, new, old_fact, new_fact)


def _cited(resource_id: str, name: str, track: Track[From]) -> tuple[FactValue, str | None]:
    if name not in track.values:
        return None, None
    value, index = track.values[name]
    return value, str(FactId(resource_id, name, track.origins[index].survey))
