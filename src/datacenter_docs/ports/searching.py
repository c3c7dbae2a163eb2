"""Finding: what people, the resolver and the chat ask, and the index that answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from datacenter_docs.domain.findables import Findable
from datacenter_docs.domain.hits import Candidate, Hit
from datacenter_docs.domain.queries import HitKind, Piece, SearchFilter


@dataclass(frozen=True, slots=True)
class Asked:
    """All of these pieces, of whatever a filter lets through. `in_names`: only where something is called so."""

    pieces: tuple[Piece, ...]
    wanted: SearchFilter
    in_names: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """How far the index has followed: the newest survey, and the last record of the journal. 0: not at all."""

    survey: int = 0
    record: int = 0


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What was found, the best first. `next_cursor` None: that was all of it. `understood_as`: the query that was answered instead,
    since nothing is called by a word of the one that was asked; None: it was answered as it is. `cut`: more matches than was looked at.
    """

    hits: Sequence[Hit]
    next_cursor: str | None
    understood_as: str | None
    cut: bool


class Searcher(Protocol):
    """Searches. The same answer for the same question, as long as the index is the same."""

    async def search(
        self, text: str, wanted: SearchFilter, cursor: str | None, limit: int
    ) -> FoundPage:
        """What has all words of the text, in its name or in what is said of it; where nothing has, what has most of the rarer ones.

        Any text is a question, with or without a meaning. Raises `Invalid` for a cursor that was not given for this question.
        """
        ...


class SearchIndex(Protocol):
    """Keeps what may be found. Every write is durable before it returns, and costs what is written and not what there is."""

    async def match(self, asked: Sequence[Asked], most: int) -> Sequence[Sequence[Candidate]]:
        """For each question something that has what it asks for, at most so many, always the same ones."""
        ...

    async def called(self, folded: str, wanted: SearchFilter, most: int) -> Sequence[Candidate]:
        """What is called exactly so, or has this id, both as `folded` writes it."""
        ...

    async def similar(
        self, spelt: Sequence[str], most: int
    ) -> Mapping[str, Sequence[tuple[str, int]]]:
        """For each word the words of names that have most runs of three letters in common with it, each with how many names have it."""
        ...

    async def texts(self, keys: Sequence[int]) -> Mapping[int, str]:
        """What is said in or of candidates, by their keys."""
        ...

    async def put(self, given: Sequence[Findable]) -> None:
        """Store these, in place of what was stored under their kinds and ids."""
        ...

    async def remove(self, kind: HitKind, ids: Sequence[str]) -> None:
        """Forget these; what is not there is no error."""
        ...

    async def followed(self) -> Followed:
        """How far it has followed."""
        ...

    async def follow(self, *, survey: int | None = None, record: int | None = None) -> None:
        """It has followed so far; None: as far as before. It never goes back."""
        ...

    async def clear(self) -> None:
        """Forget everything, and how far it has followed."""
        ...
