"""What somebody searches for, taken apart: pieces of words, and what of the estate it may be about. Pure.

The text of a query is untrusted. Only its words go on from here, and a word is letters and digits, so that no query can
mean anything to a database but what it looks for.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

MOST_PIECES = 32
"""Pieces of a query that are looked for: a ticket says what is wrong before it pastes its log."""
LONGEST_WORD = 100
SHORTEST_OPEN = 2
"""A last word of so many letters may go on."""
_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r'"([^"]*)"|(\S+)')


class HitKind(StrEnum):
    """What a search finds."""

    RESOURCE = "resource"
    DOCUMENT = "document"
    NOTE = "note"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """What to look among; None and an empty set: no restriction. `state`: of a ticket, or `present` and `gone` of a resource."""

    kinds: frozenset[HitKind] = field(default_factory=frozenset)
    platform: str | None = None
    connection: str | None = None
    resource_kind: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand one after the other: `10.0.3.17` is a piece of four. `open`: the last word may go on."""

    words: tuple[str, ...]
    open: bool = False

    def __str__(self) -> str:
        return " ".join(self.words)


def words(text: str) -> list[str]:
    """The words of a text in small letters, without accents; anything but letters and digits parts them."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = unicodedata.normalize("NFKC", "".join(c for c in apart if not _is_mark(c)))
    return [word[:LONGEST_WORD] for word in _WORD.findall(text.casefold())]


def folded(text: str) -> str:
    """A text as its words alone, to be compared with another one."""
    return " ".join(words(text))


def pieces(text: str) -> tuple[Piece, ...]:
    """What blanks part, or quotation marks hold together, each piece once; the last one is open."""
    found: dict[tuple[str, ...], None] = {}
    for quoted, bare in _PIECE.findall(text):
        found.setdefault(tuple(words(quoted or bare)))
    kept = [one for one in found if one][:MOST_PIECES]
    last = kept[-1] if kept else ()
    goes_on = bool(last) and len(last[-1]) >= SHORTEST_OPEN and not text.rstrip().endswith('"')
    return tuple(Piece(one, open=goes_on and one is last) for one in kept)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) == "Mn"
