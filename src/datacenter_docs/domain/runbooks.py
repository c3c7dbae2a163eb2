"""A runbook: trigger words, reads with conditions, the operation they suggest, and why. Written as YAML by people.

A runbook is checked when it is loaded, against the catalogue too, so that a ticket never finds out. Reading is not done
here: whoever resolves brings the resources.
"""

import math
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from datacenter_docs.domain import conditions
from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.catalogue import operation
from datacenter_docs.domain.conditions import Condition
from datacenter_docs.domain.diagnosis import Evidence
from datacenter_docs.domain.estate import Resource
from datacenter_docs.domain.values import Scalar, Value
from datacenter_docs.domain.words import phrase

FULL_CONFIDENCE = 0.95
"""What a runbook is sure of when every condition was confirmed: never 1, since it cannot see what nobody wrote into it."""


class Trigger(Value):
    """When a runbook is considered: any of `categories` (empty: all), and the words.

    Each of `all_of` is a group of alternatives, one of which must occur; none of `none_of` may. An alternative of several
    words must occur as they follow each other. Words match whole words, case-insensitively.
    """

    categories: tuple[str, ...] = ()
    all_of: Annotated[
        tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...], Field(min_length=1)
    ]
    none_of: tuple[str, ...] = ()

    @field_validator("all_of", "none_of")
    @classmethod
    def _has_words(cls, value: tuple[str | tuple[str, ...], ...]) -> object:
        for entry in value:
            for alternative in (entry,) if isinstance(entry, str) else entry:
                if not phrase(alternative):
                    raise ValueError(f"{alternative!r} has no word that could be found")
        return value


class FromFact(Value):
    """A parameter taken from a fact of the target: a number `times` it, rounded up to a `multiple_of`; a text as it is."""

    fact: str
    times: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    multiple_of: Annotated[int, Field(ge=1)] = 1

    @property
    def is_plain(self) -> bool:
        """Whether nothing is computed, so that a text will do."""
        return self.times == 1 and self.multiple_of == 1


class SuggestedAction(Value):
    """The operation of the catalogue. A parameter is a constant, or taken from a fact."""

    operation: str
    parameters: dict[str, FromFact | Scalar] = {}


class Runbook(Value):
    """One runbook. `target_kind`: what the candidates are. `suggests` None: a diagnosis only, nothing to execute."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    version: Literal[1] = 1
    summary: str
    why: str
    trigger: Trigger
    platform: str
    target_kind: str
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]
    suggests: SuggestedAction | None = None
    healed_when: tuple[Condition, ...] = ()
    """What the target must show after the repair, beyond the operation's own effect."""

    @model_validator(mode="after")
    def _fits_the_catalogue(self) -> Self:
        if self.suggests is None:
            return self
        entry = operation(self.suggests.operation)
        if entry is None or not entry.plannable:
            raise ValueError(
                f"{self.suggests.operation!r} is not an operation that can be planned: see the catalogue"
            )
        if (entry.platform, entry.target_kind) != (self.platform, self.target_kind):
            raise ValueError(
                f"{entry.name} is for a {entry.platform} {entry.target_kind}, not for a {self.platform} {self.target_kind}"
            )
        for name in self.suggests.parameters:
            if name not in entry.parameters["properties"]:
                raise ValueError(f"{entry.name} has no parameter {name!r}")
        return self


class Evaluation(NamedTuple):
    """What the reads of one candidate say. `fits` False: a required condition failed, so it is no candidate."""

    fits: bool
    passed: tuple[Evidence, ...]
    failed: tuple[Evidence, ...]
    confidence: float


def triggered(runbook: Runbook, text: str, category: str) -> bool:
    """Whether a ticket's words ask for this runbook."""
    trigger = runbook.trigger
    if trigger.categories and category not in trigger.categories:
        return False
    heard = _heard(text)
    if any(_listened_for(word) in heard for word in trigger.none_of):
        return False
    return all(any(_listened_for(word) in heard for word in group) for group in trigger.all_of)


_heard = lru_cache(maxsize=8)(phrase)
"""A ticket's words: every runbook asks for the same."""
_listened_for = lru_cache(maxsize=4_096)(phrase)
"""A runbook's words: every ticket is asked for the same."""


def evaluate(runbook: Runbook, resource: Resource) -> Evaluation:
    """Test all conditions on one candidate.

    Confidence (0..1) is `FULL_CONFIDENCE` times the share of conditions that the reads confirmed, and 0 when it does
    not fit.
    """
    passed: list[Evidence] = []
    failed: list[Evidence] = []
    fits = True
    for condition in runbook.conditions:
        holds = conditions.holds(condition, resource)
        fits = fits and (holds or not condition.required)
        (passed if holds else failed).append(_evidence(condition, resource, holds=holds))
    share = len(passed) / len(runbook.conditions)
    return Evaluation(fits, tuple(passed), tuple(failed), FULL_CONFIDENCE * share if fits else 0.0)


def suggested_action(runbook: Runbook, resource: Resource) -> Action | None:
    """The action that a runbook suggests for a candidate, without a look. None: it suggests none, or a fact that it needs is
    not known, or no number where one is needed.
    """
    suggestion = runbook.suggests
    if suggestion is None:
        return None
    parameters: dict[str, Scalar | list[Scalar]] = {}
    for name, wanted in suggestion.parameters.items():
        if isinstance(wanted, FromFact):
            wanted = _computed(wanted, resource.value(wanted.fact))
        if wanted is None:
            return None
        parameters[name] = wanted
    return Action(
        operation=suggestion.operation,
        target=resource.id,
        parameters=parameters,
        why=runbook.why,
    )


def _computed(wanted: FromFact, fact: Scalar | list[Scalar]) -> int | str | None:
    if isinstance(fact, str) and wanted.is_plain:
        return fact
    if not isinstance(fact, int | float) or isinstance(fact, bool):
        return None
    try:
        return math.ceil(fact * wanted.times / wanted.multiple_of) * wanted.multiple_of
    except (OverflowError, ValueError):  # infinite, NaN, or beyond what a float holds
        return None


def _evidence(condition: Condition, resource: Resource, *, holds: bool) -> Evidence:
    return Evidence(
        statement=condition.says if holds else condition.otherwise,
        supports=holds,
        resource=resource.id,
        attribute=condition.attribute,
        value=resource.value(condition.attribute),
        source=f"{resource.source.connection}: {resource.source.tool}",
    )
