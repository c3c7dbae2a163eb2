"""Raw answers of a platform, turned into values without trusting them: who said what, when, and the hash of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from datacenter_mcp import shelf
from datacenter_mcp.contract.errors import Broken
from datacenter_mcp.contract.reading import Fact, Metric, Scalar, Source

T = TypeVar("T")
U = TypeVar("U")


class Answer(BaseModel):
    """The base of models of a platform's own JSON: what we do not know of it is ignored, what is wrong is an error."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


def parsed(shape: TypeAdapter[T], text: str, what: str) -> T:
    """JSON text as a value. Raises `Broken` that names `what` answered, without repeating what it said."""
    try:
        return shape.validate_json(text)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "the whole answer"
        raise Broken(f"{what} answered something else than expected (at {where}).") from error


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A value with the call that read it. `payload` is the raw answer."""

    value: T
    tool: str
    payload: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    observed_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def holding(self, value: U) -> "Reading[U]":
        """The same call, seen as another value made of the same answer."""
        return Reading(value, self.tool, self.payload, self.arguments, self.observed_at)

    def source(self, connection: str) -> Source:
        """Where facts of this reading come from; the raw answer goes onto the server's shelf."""
        return Source(
            connection=connection,
            tool=self.tool,
            arguments=dict(self.arguments),
            observed_at=self.observed_at,
            payload_sha256=shelf.kept(self.payload),
        )


def facts(values: Mapping[str, Scalar | list[Scalar]]) -> list[Fact]:
    """Attribute -> value, as facts."""
    return [Fact(attribute=name, value=value) for name, value in values.items()]


def metrics(facts: list[Fact]) -> list[Metric]:
    """The numbers among facts; a truth value is not a number."""
    return [
        Metric(name=fact.attribute, value=float(fact.value))
        for fact in facts
        if isinstance(fact.value, int | float) and not isinstance(fact.value, bool)
    ]
