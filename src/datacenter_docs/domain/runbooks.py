"""A runbook: trigger words, reads with conditions, the operation they suggest, and why. Written as YAML by people."""

from typing import Annotated, Literal

from pydantic import Field

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


class Trigger(Value):
    """When a runbook is considered: any of `categories` (empty: all), and the words. Each of `all_of` is a group of
    alternatives, one of which must occur; none of `none_of` may. Words match whole words, case-insensitively."""

    categories: tuple[str, ...] = ()
    all_of: tuple[tuple[str, ...], ...]
    none_of: tuple[str, ...] = ()


class SuggestedAction(Value):
    """The operation of the catalogue. A parameter is a constant, or `{"fact": name, "times": factor}` of the target."""

    operation: str
    parameters: dict[str, Scalar | dict[str, Scalar]] = {}


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
