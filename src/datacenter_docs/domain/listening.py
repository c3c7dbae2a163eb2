"""What a trigger's words listen for in a ticket, made ready once, since every ticket is held against every runbook. Pure."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, Self

from datacenter_docs.domain.words import phrase


class Heard(NamedTuple):
    """A ticket's words: as they follow each other, and each by itself."""

    text: str
    words: frozenset[str]


@lru_cache(maxsize=8)
def heard(text: str) -> Heard:
    """Kept, since every runbook asks for the same."""
    told = phrase(text)
    return Heard(told, frozenset(told.split()))


class Alternatives(NamedTuple):
    """A group of which one must occur: single words, and what has to be looked for in the text. `signs`: words of which one is
    in every text that has one of them; None: there are none such.
    """

    words: frozenset[str]
    phrases: tuple[str, ...]
    signs: frozenset[str] | None

    @classmethod
    def of(cls, group: Iterable[str]) -> Self:
        """What ends with `*` has no end, and is looked for in the text."""
        words: set[str] = set()
        phrases, signs, endless = [], set(), False
        for alternative in group:
            told = phrase(alternative)
            if alternative.endswith("*"):
                phrases.append(told.removesuffix(" "))
                endless = True
                continue
            signs.add(told.split()[0])
            if " " in told.strip():
                phrases.append(told)
            else:
                words.add(told.strip())
        return cls(frozenset(words), tuple(phrases), None if endless else frozenset(signs))

    def occur_in(self, told: Heard) -> bool:
        """Whether one of them does. Most are single words, and sets are met at once."""
        if not self.words.isdisjoint(told.words):
            return True
        return any(one in told.text for one in self.phrases)


class Listening(NamedTuple):
    """A trigger's words: none of `refused` may occur, and one of each of `wanted` must."""

    refused: Alternatives
    wanted: tuple[Alternatives, ...]

    def hears(self, told: Heard) -> bool:
        """Whether the words ask for it."""
        return not self.refused.occur_in(told) and all(one.occur_in(told) for one in self.wanted)

    @property
    def signs(self) -> frozenset[str] | None:
        """Few words of which one is in every text that asks for it; None: any text may."""
        known = [one.signs for one in self.wanted if one.signs is not None]
        return min(known, key=len) if known else None
