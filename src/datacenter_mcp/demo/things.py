"""What the world is made of: things with attributes, some of which move with time. Pure.

A key is `platform:kind:native`: a resource id without the connection, which only a room knows. An attribute whose name
begins with `_` is the world's own (an ailment, a load): nobody reads it over the contract, only what follows from it.
Times are seconds since 1970, UTC.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, TypeAdapter

from datacenter_mcp.contract.reading import Scalar, Wire

DAY_SECONDS = 86_400.0


class Wave(Wire):
    """Drifts around a middle with the rhythm of a day and a smaller, faster one; never below 0. `whole`: no fractions."""

    signal: Literal["wave"] = "wave"
    middle: float
    swing: float
    phase: float = 0.0
    whole: bool = False

    def at(self, now: float) -> Scalar:
        """The value at a time."""
        turn = 2 * math.pi * (now / DAY_SECONDS + self.phase)
        value = max(
            0.0, self.middle + self.swing * (0.8 * math.sin(turn) + 0.2 * math.sin(37 * turn))
        )
        return round(value) if self.whole else round(value, 4)


class Count(Wire):
    """Counts up from `start` at the time `since`; `most` None: without end."""

    signal: Literal["count"] = "count"
    start: float
    per_second: float
    since: float
    most: float | None = None

    def at(self, now: float) -> Scalar:
        """Whole, and never less than `start`."""
        value = int(self.start + self.per_second * max(0.0, now - self.since))
        return value if self.most is None else min(value, int(self.most))


class Age(Wire):
    """Whole seconds since a time; 0 before it."""

    signal: Literal["age"] = "age"
    since: float

    def at(self, now: float) -> Scalar:
        """The age."""
        return max(0, int(now - self.since))


class Latest(Wire):
    """The last time that something happened which happens once in `every_seconds`, as ISO 8601."""

    signal: Literal["latest"] = "latest"
    every_seconds: float
    phase: float = 0.0

    def at(self, now: float) -> Scalar:
        """That moment."""
        shift = self.phase * self.every_seconds
        return moment((now - shift) // self.every_seconds * self.every_seconds + shift)


Signal = Wave | Count | Age | Latest
Value = Scalar | list[Scalar] | Signal
Attributes = Mapping[str, Value]
_FORM: TypeAdapter[
    dict[str, Scalar | list[Scalar] | Annotated[Signal, Field(discriminator="signal")]]
] = TypeAdapter(
    dict[str, Scalar | list[Scalar] | Annotated[Signal, Field(discriminator="signal")]]
)


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing as it was made. `parent`: the key of what contains it; None at the top."""

    key: str
    name: str
    parent: str | None
    attributes: Attributes

    @property
    def sort(self) -> str:
        """`platform:kind`."""
        return sort_of(self.key)


class Key(NamedTuple):
    """A key in parts."""

    platform: str
    kind: str
    native: str


def parts(key: str) -> Key:
    """The three parts; the native one may hold colons."""
    return Key(*key.split(":", 2))


def sort_of(key: str) -> str:
    """`platform:kind` of a key."""
    platform, kind, _ = key.split(":", 2)
    return f"{platform}:{kind}"


def valued(value: Value, now: float) -> Scalar | list[Scalar]:
    """A value at a time."""
    return value.at(now) if isinstance(value, Signal) else value


def encoded(attributes: Attributes) -> str:
    """Attributes as JSON, signals with their `signal`."""
    return _FORM.dump_json(dict(attributes)).decode()


def decoded(text: str | bytes) -> Attributes:
    """The reverse. Raises `ValidationError` for what is none."""
    return _FORM.validate_json(text)


def moment(seconds: float) -> str:
    """A time as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


@dataclass(frozen=True, slots=True)
class Dice:
    """Draws by name: the same name always gives the same, and a new one changes no other."""

    seed: int

    def number(self, *name: object) -> float:
        """0..1, without 1."""
        return int.from_bytes(self._bytes(name)[:6], "big") / 2**48

    def between(self, least: int, most: int, *name: object) -> int:
        """A whole number, both ends included."""
        return least + int(self.number(*name) * (most - least + 1))

    def hexadecimal(self, digits: int, *name: object) -> str:
        """Up to 64 hex digits."""
        return self._bytes(name).hex()[:digits]

    def uuid(self, *name: object) -> str:
        """A UUID in small letters."""
        text = self.hexadecimal(32, *name)
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:]}"

    def mac(self, prefix: str, *name: object) -> str:
        """A hardware address; `prefix`: its first three bytes with colons."""
        text = self.hexadecimal(6, *name)
        return f"{prefix}:{text[:2]}:{text[2:4]}:{text[4:]}"

    def wave(self, middle: float, swing: float, *name: object, whole: bool = False) -> Wave:
        """A wave of its own phase."""
        return Wave(middle=middle, swing=swing, phase=round(self.number(*name), 4), whole=whole)

    def _bytes(self, name: tuple[object, ...]) -> bytes:
        return hashlib.blake2b(repr((self.seed, *name)).encode(), digest_size=32).digest()
