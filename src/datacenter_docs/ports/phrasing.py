"""Who says in a few sentences what a page shows: a language model, where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from datacenter_docs.domain.citing import Cite, Phrased


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value that may be cited, under its label; `words`: what it is."""

    label: str
    words: str
    cite: Cite


@dataclass(frozen=True, slots=True)
class Phrasing:
    """The sentences, and whose they are."""

    parts: Sequence[Phrased | Cite]
    by: str


class Phraser(Protocol):
    """Phrases. Every number and every name in its sentences is one of the values that it was given."""

    async def phrase(self, document_id: str, given: Sequence[Labelled]) -> Phrasing:
        """The sentences. Raises `Unavailable` when there are none to be had that keep the rule, with why in a sentence."""
        ...
