"""What a search found, and in which order: what is called so before what only speaks of it. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from datacenter_docs.domain.queries import HitKind, Piece, words

SNIPPET = 200
"""Characters of a snippet."""
_BEFORE = 60
"""Characters before the first word that was looked for."""
_BREAK = " · "
_KINDS = list(HitKind)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that matches, without its text. `key`: the index's own number of it."""

    key: int
    kind: HitKind
    id: str
    title: str
    gone: bool
    state: str | None


@dataclass(frozen=True, slots=True)
class Snippet:
    """A part of a text, on one line. `marks`: where words stand in it that were looked for, as (start, end)."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found."""

    kind: HitKind
    id: str
    title: str
    state: str | None
    snippet: Snippet


def ranked(candidates: Collection[Candidate], asked: Sequence[Piece]) -> Sequence[Candidate]:
    """Candidates that have all pieces, the best first; a total order, the same every time."""
    return _ordered(candidates, {one.key: _closeness(one, asked) for one in candidates})


def voted(candidates: Sequence[Sequence[Candidate]]) -> Sequence[Candidate]:
    """Candidates that have some of the pieces: for each piece those that have it, and the rarer a piece, the more it says."""
    votes: dict[int, float] = {}
    every: dict[int, Candidate] = {}
    for having in candidates:
        for one in having:
            every[one.key] = one
            votes[one.key] = votes.get(one.key, 0.0) + 1 / log2(len(having) + 2)
    return _ordered(every.values(), votes)


def snippet(text: str, looked_for: Sequence[Piece]) -> Snippet:
    """The part of the text with the first word that was looked for; else its beginning."""
    wanted = {word for piece in looked_for for word in piece.words}
    begun = tuple(piece.words[-1] for piece in looked_for if piece.open)
    line = _BREAK.join(" ".join(one.split()) for one in text.splitlines() if one.strip())
    first = next((found.start() for found in _WORD.finditer(line) if _is(found, wanted, begun)), 0)
    start = max(0, line.rfind(" ", 0, max(0, first - _BEFORE)) + 1) if first > _BEFORE else 0
    shown = line[start : start + SNIPPET]
    marks = tuple(found.span() for found in _WORD.finditer(shown) if _is(found, wanted, begun))
    return Snippet(shown, marks)


def _is(found: re.Match[str], wanted: Collection[str], begun: tuple[str, ...]) -> bool:
    return any(word in wanted or word.startswith(begun) for word in words(found.group()))


def _ordered(
    candidates: Collection[Candidate], scores: Mapping[int, float]
) -> Sequence[Candidate]:
    """What is gone comes after all that matches as well and is there."""

    def key(one: Candidate) -> tuple[float, int, str, str]:
        score = scores[one.key] - (1.0 if one.gone else 0.0)
        return -round(score, 6), _KINDS.index(one.kind), one.title, one.id

    return sorted(candidates, key=key)


def _closeness(one: Candidate, asked: Sequence[Piece]) -> float:
    """How much of what was asked for is in the name, and how much of the name was asked for."""
    name, whole = words(one.title), [word for piece in asked for word in piece.words]
    if name == whole or words(one.id) == whole:
        return 10.0
    found = sum(_in_name(name, piece) for piece in asked) / len(asked)
    letters = sum(map(len, name)) or 1
    return found + min(1.0, sum(map(len, whole)) / letters) / 2 if found else 0.0


def _in_name(name: Sequence[str], piece: Piece) -> float:
    """2: the piece stands in the name as it is; 1: a longer word begins with its last one; 0: it is in the text alone."""
    size = len(piece.words)
    parts = [tuple(name[start : start + size]) for start in range(len(name) - size + 1)]
    if piece.words in parts:
        return 2.0
    *before, last = piece.words
    goes_on = (part[-1].startswith(last) and [*part[:-1]] == before for part in parts)
    return 1.0 if piece.open and any(goes_on) else 0.0
