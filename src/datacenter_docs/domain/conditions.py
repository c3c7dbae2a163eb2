"""One test of one fact, as runbooks write it: for finding a cause, and for seeing that it is healed."""

from typing import Self

from pydantic import model_validator

from datacenter_docs.domain.estate import Resource
from datacenter_docs.domain.values import Scalar, Value


class Condition(Value):
    """A test of one fact of the candidate. Exactly one comparison; `attribute` missing or None never passes.

    `says`: the sentence for the diagnosis when it holds; `otherwise`: when it does not. `required`: a candidate that
    fails it is no candidate at all.
    """

    attribute: str
    equals: Scalar = None
    not_equals: Scalar = None
    at_least: float | None = None
    at_most: float | None = None
    says: str
    otherwise: str
    required: bool = False

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        given = (self.equals, self.not_equals, self.at_least, self.at_most)
        count = sum(comparison is not None for comparison in given)
        if count != 1:
            raise ValueError(
                f"a condition has exactly one of equals, not_equals, at_least, at_most; this one has {count}"
            )
        return self


def holds(condition: Condition, resource: Resource) -> bool:
    """Whether the resource's fact passes; a fact that is missing or None never does."""
    value = resource.value(condition.attribute)
    if value is None:
        return False
    if condition.equals is not None:
        return _same(value, condition.equals)
    if condition.not_equals is not None:
        return not _same(value, condition.not_equals)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if condition.at_least is not None:
        return value >= condition.at_least
    return condition.at_most is not None and value <= condition.at_most


def _same(value: Scalar | list[Scalar], wanted: Scalar) -> bool:
    """True is not 1 here."""
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
