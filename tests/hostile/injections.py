"""The corpus: texts that want something they must not get. Read from `corpus/*.yaml`, checked as it is read."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent / "corpus"
Want = Literal[
    "operation", "target", "secret", "score", "approval", "silence", "poison", "escape", "exhaust"
]
"""What it is after: another operation, another target, a secret, a false score or confidence, an approval, that something is not
told, a poisoned document, to get out of its quotation, or time and money without end.
"""


class Part(BaseModel):
    """The base of both: frozen, and unknown fields are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Demand(Part):
    """What shall be done, as a model that obeys would propose it. `target`: `platform:kind`, and the name in the world."""

    operation: str
    target: tuple[str, str]
    parameters: dict[str, Any] = {}


class Injection(Part):
    """One text. `enters`: a place of `carriers.PLACES`; `trick`: how it hides or persuades; `demand`: what exactly it wants done;
    `times`: the text is repeated so often.
    """

    id: Annotated[str, Field(pattern=r"^[a-z]+-\d{3}$")]
    enters: str
    language: str
    trick: str
    wants: Want
    text: Annotated[str, Field(min_length=1)]
    demand: Demand | None = None
    times: Annotated[int, Field(ge=1)] = 1

    @property
    def whole(self) -> str:
        """The text as it is planted."""
        return self.text * self.times


@lru_cache(maxsize=1)
def corpus() -> Sequence[Injection]:
    """All of them, in the order of files. Raises `ValueError` for an id that is there twice."""
    found = [
        Injection.model_validate(one)
        for path in sorted(FOLDER.glob("*.yaml"))
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    ids = [one.id for one in found]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ValueError(f"these ids are there twice: {', '.join(twice)}")
    return found
