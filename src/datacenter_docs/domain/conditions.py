"""One test of one fact, as runbooks write it: for finding a cause, and for seeing that it is healed."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from datacenter_docs.domain.estate import Resource
from datacenter_docs.domain.values import Scalar, Value
from datacenter_docs.domain.words import phrase


class Condition(Value):
    """A test of one fact of the candidate. Exactly one comparison; `attribute` missing or None never passes.

    `of`: the related thing whose fact it is, by the name that the runbook gives it; empty: the candidate's own.
    `one_of`: it is one of these. `contains`: its text, or one of its texts, has one of these as whole words.
    `growing`: whether the number is a larger one when it is read again a moment later; False: it is the same.
    `says`: the sentence for the diagnosis when it holds; `otherwise`: when it does not. `required`: a candidate that
    fails it is no candidate at all.
    """

    of: str = ""
    attribute: str
    equals: Scalar = None
    not_equals: Scalar = None
    at_least: float | None = None
    at_most: float | None = None
    one_of: Annotated[tuple[Scalar, ...] | None, Field(min_length=1)] = None
    contains: Annotated[tuple[str, ...] | None, Field(min_length=1)] = None
    growing: bool | None = None
    says: str
    otherwise: str = ""
    required: bool = False

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        count = sum(getattr(self, comparison) is not None for comparison in COMPARISONS)
        if count != 1:
            raise ValueError(
                f"a condition has exactly one of {', '.join(COMPARISONS)}; this one has {count}"
            )
        return self


COMPARISONS = ("equals", "not_equals", "at_least", "at_most", "one_of", "contains", "growing")
GROWTH = " growth"
"""Behind an attribute's name: by how much it grew while it was watched, as a fact that whoever watched it adds."""


def holds(condition: Condition, resource: Resource) -> bool:
    """Whether the resource's fact passes; a fact that is missing or None never does."""
    if condition.growing is not None:
        growth = resource.value(condition.attribute + GROWTH)
        return isinstance(growth, int | float) and (growth > 0) is condition.growing
    value = resource.value(condition.attribute)
    if value is None:
        return False
    if condition.equals is not None:
        return _same(value, condition.equals)
    if condition.not_equals is not None:
        return not _same(value, condition.not_equals)
    if condition.one_of is not None:
        return any(_same(value, wanted) for wanted in condition.one_of)
    if condition.contains is not None:
        return _has_a_word(value, condition.contains)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if condition.at_least is not None:
        return value >= condition.at_least
    return condition.at_most is not None and value <= condition.at_most


def _has_a_word(value: Scalar | list[Scalar], wanted: tuple[str, ...]) -> bool:
    texts = [
        phrase(one)
        for one in (value if isinstance(value, list) else [value])
        if isinstance(one, str)
    ]
    return any(phrase(word) in text for word in wanted for text in texts)


def _same(value: Scalar | list[Scalar], wanted: Scalar) -> bool:
    """True is not 1 here."""
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
