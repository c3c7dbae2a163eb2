"""What a platform said of a resource, made fit to be remembered: odd things are left out or put right, and told. Pure.

A platform is not trusted to make sense: ids of others, words that are none, numbers that are none, texts that no database
takes. None of it fails a survey, and none of it gets into the estate.
"""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from operator import is_
from typing import NamedTuple

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.estate import Resource
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.observed import ATTRIBUTE, NAME, PARENT, FactValue, Reading
from datacenter_docs.domain.surveys import Oddity
from datacenter_docs.domain.values import Scalar

LONGEST_ID = 2_000
"""Characters; a longer id is nobody's."""

_LARGEST = 2**63
"""A whole number beyond this is kept as text: not everybody who reads the estate can hold it."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A resource as a survey met it: `stated` and `measured` values by attribute, `NAME` and `PARENT` among the stated."""

    id: str
    stated: Mapping[str, FactValue]
    measured: Mapping[str, FactValue]
    reading: Reading


class Sighted(NamedTuple):
    """What became of a resource; `sighting` None: nothing of it can be kept."""

    sighting: Sighting | None
    oddities: list[Oddity]


def sighted(
    resource: Resource, platform: str, connection: str, measured: Collection[str]
) -> Sighted:
    """What to remember of a resource that a connection of a platform listed. `measured`: attributes that move by themselves."""
    trouble = _trouble(resource, platform, connection)
    if trouble is not None:
        return Sighted(None, [Oddity(subject=_clean(resource.id)[:200], what=trouble)])
    oddities: list[Oddity] = []
    said = dict(_values(resource, oddities))
    name = _clean(resource.name)
    parent = _parent(resource, oddities)
    if name != resource.name:
        oddities.append(_odd(resource, "its name holds characters that no text has: replaced"))
    return Sighted(
        Sighting(
            id=resource.id,
            stated={
                NAME: name or ResourceId.parse(resource.id).native,
                PARENT: parent,
                **{word: value for word, value in said.items() if word not in measured},
            },
            measured={word: value for word, value in said.items() if word in measured},
            reading=Reading(
                connection=connection,
                tool=_clean(resource.source.tool),
                arguments=resource.source.arguments,
                observed_at=resource.source.observed_at,
                payload_sha256=resource.source.payload_sha256,
            ),
        ),
        oddities,
    )


def circles(parents: Mapping[str, str | None]) -> Iterator[str]:
    """Ids that contain themselves, by way of what contains them; each circle is told once, by its smallest id."""
    done: set[str] = set()
    for start in sorted(parents):
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = None
            at = parents.get(at)
        if at is not None and at in path:
            ring = list(path)
            yield min(ring[ring.index(at) :])
        done.update(path)


def _trouble(resource: Resource, platform: str, connection: str) -> str | None:
    """Why nothing of a resource can be kept; None: it can."""
    if _clean(resource.id) != resource.id or len(resource.id) > LONGEST_ID:
        return "its id is not one: left out"
    try:
        name = ResourceId.parse(resource.id)
    except Invalid:
        return "its id is not one: left out"
    if (name.platform, name.connection) != (platform, connection):
        return f"its id is not of {platform}:{connection}: left out"
    if name.kind != resource.kind:
        return f"it says that it is a {_clean(resource.kind)[:60]!r}, and its id that it is not: left out"
    return None


def _values(resource: Resource, oddities: list[Oddity]) -> Iterator[tuple[str, FactValue]]:
    met: set[str] = set()
    for fact in resource.facts:
        if not ATTRIBUTE.match(fact.attribute) or fact.attribute.startswith("_"):
            word = _clean(fact.attribute)[:60]
            oddities.append(_odd(resource, f"{word!r} is no name of an attribute: left out"))
        elif fact.attribute in met:
            oddities.append(_odd(resource, f"it says {fact.attribute} twice: the first stands"))
        else:
            met.add(fact.attribute)
            value = _value(fact.value)
            if value is not fact.value:
                what = f"its {fact.attribute} holds what cannot be kept as it is: put right"
                oddities.append(_odd(resource, what))
            yield fact.attribute, value


def _parent(resource: Resource, oddities: list[Oddity]) -> str | None:
    if resource.parent is None:
        return None
    if resource.parent == resource.id:
        oddities.append(_odd(resource, "it contains itself: taken for contained in nothing"))
        return None
    try:
        ResourceId.parse(resource.parent)
    except Invalid:
        oddities.append(
            _odd(resource, "what contains it is no id: taken for contained in nothing")
        )
        return None
    return _clean(resource.parent)


def _value(value: Scalar | list[Scalar]) -> FactValue:
    """The value as it can be kept: the very same, where nothing is wrong with it."""
    if not isinstance(value, list):
        return _scalar(value)
    kept = [_scalar(one) for one in value]
    return value if all(map(is_, kept, value)) else kept


def _scalar(value: Scalar) -> Scalar:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and abs(value) >= _LARGEST:
        return str(value)
    return value


def _clean(text: str) -> str:
    """Text that every database takes: no NUL, no half of a surrogate pair."""
    if text.isascii() and "\0" not in text:
        return text
    cleaned = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return text if cleaned == text else cleaned


def _odd(resource: Resource, what: str) -> Oddity:
    return Oddity(subject=resource.id, what=what)
