"""What surveys have found out about the things of the estate, and where each single value comes from.

`estate.py` is a thing as a platform says it right now; this is a thing as it is remembered: every value with the survey
that first saw it so. The values here are light: a large estate has a hundred thousand of them, so a `CitedFact` is made
when somebody asks for it, not before. Made by the estate's stores, read by documents and by people.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.values import Scalar

NAME = "_name"
"""The attribute under which a resource's own name is a fact. No attribute of a platform begins with an underscore."""

PARENT = "_parent"
"""The attribute under which what contains a resource is a fact: an id; None at the top."""

FactValue = Scalar | Sequence[Scalar]
"""What a fact may hold. A list is never changed once it is here."""

ATTRIBUTE = re.compile(r"_?[a-z][a-z0-9_]{0,99}\Z")


class FactId(NamedTuple):
    """`<resource id>#<attribute>@<survey>`: the value of an attribute as the numbered survey was the first to see it.

    The same value keeps its id for as long as it does not change. The resource id may hold `#` and `@` itself.
    """

    resource_id: str
    attribute: str
    survey: int

    @classmethod
    @lru_cache(maxsize=16_384)  # documents name the same few facts again and again
    def parse(cls, text: str) -> "FactId":
        """Read an id. Raises `Invalid` for what is none."""
        rest, at, survey = text.rpartition("@")
        resource_id, hash_sign, attribute = rest.rpartition("#")
        if not (at and hash_sign and survey.isascii() and survey.isdigit() and len(survey) < 19):
            raise Invalid(f"{text!r} is not a fact id. Write <resource id>#<attribute>@<survey>.")
        if not ATTRIBUTE.match(attribute):
            raise Invalid(f"{text!r} is not a fact id: {attribute!r} is no attribute.")
        ResourceId.parse(resource_id)
        return cls(resource_id, attribute, int(survey))

    def __str__(self) -> str:
        return f"{self.resource_id}#{self.attribute}@{self.survey}"


@dataclass(frozen=True, slots=True)
class Reading:
    """One call of a platform. `observed_at` is by the clock of whoever made the call; `payload_sha256` of the raw answer."""

    connection: str
    tool: str
    arguments: Mapping[str, Any]
    observed_at: datetime
    payload_sha256: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where values were first seen as they are: number of the survey, our own clock's time, and the call."""

    survey: int
    since: datetime
    reading: Reading


@dataclass(frozen=True, slots=True)
class CitedFact:
    """One value, with the observation that it came from. `value` None: the platform does not know it.

    `measured`: a number or time that moves by itself (usage, counters, ages), which is no change when it does.
    `confirmed_at`: the last time a survey saw the same value (by our own clock; never earlier than `since`). How old the
    knowledge is, is counted from there.
    """

    resource_id: str
    attribute: str
    value: FactValue
    measured: bool
    origin: Origin
    confirmed_at: datetime

    @property
    def id(self) -> str:
        """The id of the fact, for links."""
        return f"{self.resource_id}#{self.attribute}@{self.origin.survey}"

    @property
    def since(self) -> datetime:
        """Since when the value is so, as far as we know: the first survey that saw it."""
        return self.origin.since

    @property
    def source(self) -> Reading:
        """The call that first read the value."""
        return self.origin.reading


class Numbered(Protocol):
    """Whatever stands for an origin: it knows the survey."""

    @property
    def survey(self) -> int: ...


From = TypeVar("From", bound=Numbered)


@dataclass(frozen=True, slots=True)
class Track(Generic[From]):
    """Values by attribute, each with the index of its origin among `origins`; a survey is among them once for each call."""

    values: Mapping[str, tuple[FactValue, int]]
    origins: Sequence[From]


@dataclass(frozen=True, slots=True)
class ObservedResource:
    """One thing of the estate, as it was known at a time.

    `stated`: what it is; `measured`: what moves by itself. `first_seen_at`: of the first survey that saw it.
    `confirmed_at`: the last survey that saw it. `vanished_at`: when it was found to be gone, its values are its last ones;
    None: it is there. `unseen`: the last survey of its connection neither saw it nor may say that it is gone, since its part
    could not be read.
    """

    id: str
    stated: Track[Origin]
    measured: Track[Origin]
    first_seen_at: datetime
    confirmed_at: datetime
    vanished_at: datetime | None = None
    unseen: bool = False

    @property
    def platform(self) -> str:
        """The platform, from the id."""
        return self.id.split(":", 3)[0]

    @property
    def connection(self) -> str:
        """The connection, from the id."""
        return self.id.split(":", 3)[1]

    @property
    def kind(self) -> str:
        """The kind, from the id."""
        return self.id.split(":", 3)[2]

    @property
    def name(self) -> str:
        """What people call it. As a fact: `fact(NAME)`."""
        return str(self.stated.values[NAME][0])

    @property
    def parent(self) -> str | None:
        """The id of what contains it; None at the top. As a fact: `fact(PARENT)`."""
        said = self.stated.values[PARENT][0]
        return None if said is None else str(said)

    def value(self, attribute: str) -> FactValue:
        """The value of an attribute; None when the platform does not know it, or there is no such attribute."""
        for track in (self.stated, self.measured):
            if attribute in track.values:
                return track.values[attribute][0]
        return None

    def fact(self, attribute: str) -> CitedFact | None:
        """An attribute with its observation; None: nobody ever said anything of it."""
        if attribute in self.stated.values:
            return self._cited(attribute, self.stated, measured=False)
        if attribute in self.measured.values:
            return self._cited(attribute, self.measured, measured=True)
        return None

    def facts(self) -> Iterator[CitedFact]:
        """All attributes that the platform names, in the order of their names; `NAME` and `PARENT` are not among them."""
        for attribute in sorted({*self.stated.values, *self.measured.values} - {NAME, PARENT}):
            fact = self.fact(attribute)
            if fact is not None:
                yield fact

    def _cited(self, attribute: str, track: Track[Origin], *, measured: bool) -> CitedFact:
        value, index = track.values[attribute]
        origin = track.origins[index]
        confirmed_at = max(self.confirmed_at, origin.since)
        return CitedFact(self.id, attribute, value, measured, origin, confirmed_at)
