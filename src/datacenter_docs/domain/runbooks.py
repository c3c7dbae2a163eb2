"""A runbook: trigger words, reads with conditions, the operation they suggest, and why. Written as YAML by people.

A runbook is checked when it is loaded, against the catalogue too, so that a ticket never finds out. Reading is not done
here: whoever resolves brings the resources.
"""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from datacenter_docs.domain.catalogue import operation
from datacenter_docs.domain.conditions import Condition
from datacenter_docs.domain.related import Related, in_order
from datacenter_docs.domain.values import Scalar, Value
from datacenter_docs.domain.words import phrase


class _Heard(NamedTuple):
    """A ticket's words: as they follow each other, and each by itself."""

    text: str
    words: frozenset[str]


class _Listened(NamedTuple):
    """What a group of alternatives listens for: single words, and what has to be looked for in the text."""

    words: frozenset[str]
    phrases: tuple[str, ...]

    @classmethod
    def to(cls, group: Iterable[str]) -> Self:
        """What ends with `*` has no end, and is looked for in the text."""
        words, phrases = set(), []
        for alternative in group:
            told = phrase(alternative)
            if alternative.endswith("*"):
                phrases.append(told.removesuffix(" "))
            elif " " in told.strip():
                phrases.append(told)
            else:
                words.add(told.strip())
        return cls(frozenset(words), tuple(phrases))

    def hears(self, heard: _Heard) -> bool:
        """Whether one of the alternatives occurs. Most are single words, and sets are met at once."""
        if not self.words.isdisjoint(heard.words):
            return True
        return any(one in heard.text for one in self.phrases)


class _Listening(NamedTuple):
    """A trigger's words, made ready."""

    refused: _Listened
    wanted: tuple[_Listened, ...]


class Trigger(Value):
    """When a runbook is considered: any of `categories` (empty: all), and the words.

    Each of `all_of` is a group of alternatives, one of which must occur; none of `none_of` may. An alternative of several
    words must occur as they follow each other. Words match whole words, case-insensitively; one that ends with `*` matches
    every word that begins so. `by_sight`: it is also considered for a thing that the ticket names, and for what such a thing
    stands on, whatever the words: its conditions alone tell the trouble.
    """

    categories: tuple[str, ...] = ()
    all_of: Annotated[
        tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...], Field(min_length=1)
    ]
    none_of: tuple[str, ...] = ()
    by_sight: bool = False

    @cached_property
    def listening(self) -> _Listening:
        """Made once: every ticket is held against it."""
        return _Listening(
            _Listened.to(self.none_of), tuple(_Listened.to(group) for group in self.all_of)
        )

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
    """The operation of the catalogue. A parameter is a constant, or taken from a fact. `on`: the related thing that it is for,
    which must be one alone; empty: the target.
    """

    operation: str
    on: str = ""
    parameters: dict[str, FromFact | Scalar] = {}


class Context(Value):
    """A fact that is read along: of the target, or of a related thing."""

    attribute: str
    of: str = ""


class Runbook(Value):
    """One runbook. `target_kind`: what the candidates are. `suggests` None: a diagnosis only, nothing to execute.

    `related`: what else is looked at. `unless`: where one of these holds, it is another trouble, and this one is rejected
    with the sentence. `context`: facts that are read along and prove nothing; an action that failed is tried again when one
    of them has changed. `look_at`: what a person should do or look at, as sentences. `leave_alone`: the right answer is to do
    nothing; an operation that is suggested all the same is for the person who knows that the reason is over.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    version: Literal[1] = 1
    summary: str
    why: str
    trigger: Trigger
    platform: str
    target_kind: str
    related: tuple[Related, ...] = ()
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]
    unless: tuple[Condition, ...] = ()
    context: tuple[Context, ...] = ()
    look_at: tuple[str, ...] = ()
    leave_alone: bool = False
    suggests: SuggestedAction | None = None
    healed_when: tuple[Condition, ...] = ()
    """What the target must show after the repair, beyond the operation's own effect."""

    @model_validator(mode="after")
    def _names_what_is_related(self) -> Self:
        in_order(self.related)
        known = {"", *(step.name for step in self.related)}
        asked = [one.of for one in (*self.conditions, *self.unless)]
        asked += [one.of for one in self.context]
        for name in (*asked, self.suggests.on if self.suggests else ""):
            if name not in known:
                raise ValueError(f"of: {name!r} is not among the related things")
        for condition in self.healed_when:
            if condition.of or condition.growing is not None:
                raise ValueError(
                    "healed_when is about the thing that is repaired: it has neither `of` nor `growing`"
                )
        for condition in (*self.conditions, *self.healed_when):
            if not condition.otherwise:
                raise ValueError(
                    f"conditions: the one on {condition.attribute} has no `otherwise`"
                )
        return self

    def place(self, name: str) -> tuple[str, str]:
        """Platform and kind of the target (empty name), or of a related thing."""
        step = next((step for step in self.related if step.name == name), None)
        return (step.platform, step.kind) if step else (self.platform, self.target_kind)

    @model_validator(mode="after")
    def _fits_the_catalogue(self) -> Self:
        if self.suggests is None:
            return self
        entry = operation(self.suggests.operation)
        if entry is None or not entry.plannable:
            raise ValueError(
                f"suggests.operation: {self.suggests.operation!r} is not an operation that can be planned: see the catalogue"
            )
        place = self.place(self.suggests.on)
        if (entry.platform, entry.target_kind) != place:
            raise ValueError(
                f"suggests.operation: {entry.name} is for a {entry.platform} {entry.target_kind}, not for a {' '.join(place)}"
            )
        for name in self.suggests.parameters:
            if name not in entry.parameters["properties"]:
                raise ValueError(f"suggests.parameters: {entry.name} has no parameter {name!r}")
        return self


def triggered(runbook: Runbook, text: str, category: str) -> bool:
    """Whether a ticket's words ask for this runbook."""
    trigger = runbook.trigger
    if trigger.categories and category not in trigger.categories:
        return False
    heard, listening = _heard(text), trigger.listening
    return not listening.refused.hears(heard) and all(
        group.hears(heard) for group in listening.wanted
    )


@lru_cache(maxsize=8)
def _heard(text: str) -> _Heard:
    """Kept, since every runbook asks for the same."""
    told = phrase(text)
    return _Heard(told, frozenset(told.split()))
