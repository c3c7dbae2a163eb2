"""A scenario: what is broken, who writes what about it, what is expected. Read from YAML, checked as it is read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Half = Literal["tuned", "held_out"]


class Part(BaseModel):
    """The base of all: frozen, and unknown fields are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Broken(Part):
    """A fault of the demo, on its usual target or another of the same kind; `dcdocs demo list` names all."""

    fault: str
    on: str | None = None


class Set(Part):
    """Attributes of a thing of the world that become different, where no fault does it. `thing`: `platform:kind` and name, of a
    pod also that of its deployment. `counting`: numbers that count up from now on, by so many a second.
    """

    thing: tuple[str, str]
    attributes: dict[str, Any] = {}
    counting: dict[str, float] = {}


class Planned(Part):
    """A plan that is right: an operation, and the name of what it is done to; empty: whatever."""

    operation: str
    on: str = ""


class Words(Part):
    """One ticket: what somebody or some machine writes. `half`: whether the runbooks may be tuned on it."""

    text: Annotated[str, Field(min_length=1)]
    title: str = ""
    half: Half = "tuned"
    category: str | None = None
    repeat: Annotated[int, Field(ge=1)] = 1


class Expected(Part):
    """What is right.

    `causes`: runbooks that name the cause; empty: none can be known, and the right answer is to say so. `about`: names of what
    the cause sits on; empty: not asked. `plans`: one of these; empty: nothing is to be done. `heals`: the oracle must find it healed
    after a plan of these.
    """

    causes: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    plans: tuple[Planned, ...] = ()
    forbidden: tuple[str, ...] = ()
    heals: bool = False


class Scenario(Part):
    """One situation and all its tickets. `kind`: what it tries."""

    name: str
    kind: str = "operation"
    seed: int = 1
    size: int = 1
    broken: tuple[Broken, ...] = ()
    sets: tuple[Set, ...] = ()
    away: tuple[str, ...] = ()
    later_seconds: Annotated[float, Field(ge=0)] = 300.0
    category: str
    expected: Expected
    tickets: Annotated[tuple[Words, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _makes_sense(self) -> "Scenario":
        if self.expected.heals and not self.expected.plans:
            raise ValueError("expected: what heals needs a plan")
        return self


def load(folder: Path) -> Sequence[Scenario]:
    """All scenarios of a folder (`*.yaml`, each a list), in the order of files. Raises `ValueError` with file and field."""
    found: list[Scenario] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found += [
                Scenario.model_validate(one)
                for one in yaml.safe_load(path.read_text(encoding="utf-8")) or []
            ]
        except yaml.YAMLError as error:
            raise ValueError(f"{path} is not valid YAML: {error}") from error
        except ValidationError as error:
            told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise ValueError(f"{path}: {told}") from error
    names = [one.name for one in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{folder}: these names are there twice: {', '.join(twice)}")
    if not found:
        raise ValueError(f"{folder} holds no scenario")
    return found
