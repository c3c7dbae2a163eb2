"""Which word somebody may have meant who wrote one that nothing is called by. Pure.

Only words of letters are put right: `web-12` and `web-13` are two machines and no slip of the pen.
"""

import re
from collections.abc import Iterable

from datacenter_docs.domain.queries import words

SHORTEST = 4
"""Letters of a word that can be misspelt: of fewer, everything is one letter away from everything."""
SHORTEST_FOR_TWO = 8
"""From so many letters on, two of them may be wrong."""
_LETTERS = re.compile(rf"[^\W\d_]{{{SHORTEST},}}")


def spellable(text: str) -> frozenset[str]:
    """The words of letters in a text: `webshop01-prod` has two."""
    return frozenset(run for word in words(text) for run in _LETTERS.findall(word))


def grams(word: str) -> frozenset[str]:
    """All runs of three characters, the beginning and the end marked by blanks: words alike have many in common."""
    padded = f"  {word} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def closest(word: str, known: Iterable[tuple[str, int]]) -> str | None:
    """The known word that was meant: the nearest one, of equals the one that is used most. None: none is near enough.

    `known`: words, each with how often it is used.
    """
    most = 2 if len(word) >= SHORTEST_FOR_TWO else 1
    near = [(distance(word, other), -uses, other) for other, uses in known]
    steps, _, found = min(near, default=(most + 1, 0, ""))
    return found if steps <= most else None


def distance(one: str, other: str) -> int:
    """How many letters are missing, too many, wrong, or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            steps = min(last[j] + 1, row[-1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                steps = min(steps, before[j - 2] + 1)
            row.append(steps)
        before, last = last, row
    return last[-1]


def corrected(text: str, meant: dict[str, str]) -> str:
    """A text with the words that were meant in place of those that were written."""
    return " ".join(
        _LETTERS.sub(lambda found: meant.get(found.group(), found.group()), word)
        for word in text.casefold().split()
    )
