"""The patterns that are known, held so that one text finds its own among thousands in well under a millisecond.

`PatternIndex` is the one thing in this package that changes: a service fills it from the stored prototypes and asks it.
It holds nothing that could not be built anew, reads nothing, and knows nothing of tickets.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from heapq import nlargest
from itertools import islice

from datacenter_docs.domain import likeness
from datacenter_docs.domain.likeness import Compared
from datacenter_docs.domain.masking import Masked

UNSEEN_PATTERNS = 100
"""As if so many patterns existed beside the known ones, so that the first words are not taken for rare or common."""
COMMON = 5
"""A word that one in so many patterns uses says nothing."""
MAX_PROTOTYPES = 32
"""Of one pattern: so many ways to say it are remembered; more would make it likelier than others by their number."""
POSTINGS = 2_000
"""So many mentions of words are looked at, the rarest words first, before it is decided whom to compare with."""
COMPARED = 16
NEAR = 0.4
"""Whoever shares less than this part of what the nearest shares is not compared with."""
AUTOMATIC = 0.993
SUGGESTION = 0.96
"""The least probability of each band."""
SURELY_KNOWN = 0.20
"""Below this probability of being new, a text of several candidates is a suggestion too."""
TIED = 0.30
"""What the best of them must have."""
MARGIN = 0.10
"""A second pattern closer than this to the best is a near tie."""
MIN_WORDS = 2
"""A single common word is never enough to act on."""
NAMED_BY = 2
"""A word is a name once so many patterns used it as one."""


class Band(StrEnum):
    """What a match is good for: to act on, to show to a person, or nothing."""

    AUTOMATIC = "automatic"
    SUGGESTION = "suggestion"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Recognised:
    """The best pattern for a text. `key` None: nothing is known to compare with. `probability` 0..1 that it is the one;
    `margin`: its distance to the runner-up's; `terms`: the words that decided, the weightiest first; `corrected`: slips of
    the pen were overlooked.
    """

    key: str | None = None
    probability: float = 0.0
    margin: float = 0.0
    band: Band = Band.NONE
    terms: tuple[str, ...] = ()
    corrected: bool = False


@dataclass(slots=True)
class _Prototype:
    """`surpassed`: the pattern has a prototype that says all of this and more."""

    key: str
    group: str
    text: Masked
    sentences: frozenset[frozenset[str]]
    surpassed: bool = False


class PatternIndex:
    """Prototypes by pattern, with how many patterns use each word. `group`: only patterns of the same one are candidates."""

    def __init__(self) -> None:
        self._prototypes: dict[int, _Prototype] = {}
        self._of_key: dict[str, list[int]] = defaultdict(list)
        self._signatures: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._lines: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._postings: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._users: dict[str, dict[str, int]] = defaultdict(dict)
        self._named: dict[str, set[str]] = defaultdict(set)
        self._names: set[str] = set()
        self._next = 0

    def __len__(self) -> int:
        """How many patterns are known."""
        return len(self._of_key)

    def teaches(self, key: str, text: Masked, found: Recognised) -> bool:
        """Whether it is worth remembering that a text is of a pattern, after it was looked for: it would not have been
        found for sure, or says a sentence that the pattern has not yet, without a slip of the pen.
        """
        held = [self._prototypes[one].text for one in self._of_key.get(key, [])]
        if len(held) >= MAX_PROTOTYPES:
            return False
        if found.key != key or found.band is not Band.AUTOMATIC:
            return not any(one.signature == text.signature for one in held)
        known = {frozenset(sentence) for one in held for sentence in one.sentences}
        said = {frozenset(t for t in one if t not in self._names) for one in text.sentences}
        known |= {frozenset(t for t in one if t not in self._names) for one in known}
        return not found.corrected and not said <= known

    def add(self, key: str, text: Masked, group: str = "") -> None:
        """Remember one way to say it."""
        number, self._next = self._next, self._next + 1
        sentences = frozenset(map(frozenset, text.sentences))
        others = [self._prototypes[one] for one in self._of_key[key]]
        for other in others:
            other.surpassed = other.surpassed or other.sentences < sentences
        surpassed = any(sentences < other.sentences for other in others)
        self._prototypes[number] = _Prototype(key, group, text, sentences, surpassed)
        self._of_key[key].append(number)
        self._signatures[group, text.signature].append(number)
        for line in text.lines:
            self._lines[group, line].append(number)
        for term in text.terms:
            self._postings[group, term].append(number)
            users = self._users[term]
            users[key] = users.get(key, 0) + 1
        for name in text.names:
            self._named[name].add(key)
            if len(self._named[name]) >= NAMED_BY:
                self._names.add(name)

    def find(self, text: Masked, group: str = "") -> Recognised:
        """The pattern that a text belongs to."""
        weights = self._weights()
        return self._best(self.compare(text, group), weights)

    def probability_of(self, key: str, text: Masked) -> float:
        """How likely a text is of one pattern, 0..1, whatever else is known; 0 for one without prototypes."""
        weights = self._weights()
        said = frozenset(map(frozenset, text.sentences))
        known = [self._prototypes[number] for number in self._of_key.get(key, ())]
        logits = [
            likeness.compare(text, one.text, self._names, weights, self._users).logit
            for one in known
            if not one.surpassed or said <= one.sentences
        ]
        return likeness.probability(max(logits), ()) if logits and text.terms else 0.0

    def compare(self, text: Masked, group: str = "") -> dict[str, Compared]:
        """Every candidate, by its likest prototype; none for a text without a word."""
        weights = self._weights()
        said = frozenset(map(frozenset, text.sentences))
        compared: dict[str, Compared] = {}
        for number in self._candidates(text, group, weights):
            known = self._prototypes[number]
            if known.surpassed and not said <= known.sentences:
                continue  # what it says besides is compared with the fuller prototype, not overlooked
            one = likeness.compare(text, known.text, self._names, weights, self._users)
            if known.key not in compared or one.logit > compared[known.key].logit:
                compared[known.key] = one
        return compared

    def _weights(self) -> "_Weights":
        return _Weights(self._users, len(self._of_key) + UNSEEN_PATTERNS)

    def _best(self, compared: dict[str, Compared], weights: "_Weights") -> Recognised:
        if not compared:
            return Recognised()
        ranked = sorted(compared, key=lambda key: -compared[key].logit)  # stable: the older first
        logits = [compared[key].logit for key in ranked]
        best = likeness.probability(logits[0], logits[1:])
        second = (
            likeness.raw_probability(logits[1], [logits[0], *logits[2:]])
            if len(logits) > 1
            else 0.0
        )
        margin = likeness.raw_probability(logits[0], logits[1:]) - second
        return Recognised(
            key=ranked[0],
            probability=best,
            margin=margin,
            band=_band(best, margin, likeness.none(logits), len(compared[ranked[0]].shared)),
            terms=tuple(
                sorted(compared[ranked[0]].shared, key=lambda term: (-weights[term], term))
            ),
            corrected=compared[ranked[0]].corrected,
        )

    def _candidates(self, text: Masked, group: str, weights: "_Weights") -> Collection[int]:
        """Whom to compare with: who says the same, with who says part of it; else who shares most of the rarest words."""
        same = self._signatures.get((group, text.signature), [])[:COMPARED]
        if same:
            alike = (one for line in text.lines for one in self._lines.get((group, line), ()))
            return dict.fromkeys([*same, *islice(alike, COMPARED)])
        gathered: dict[int, float] = defaultdict(float)
        left = POSTINGS
        for term in sorted(text.terms, key=weights.__getitem__, reverse=True):
            posted = self._postings.get((group, term), ())
            weight = weights[term]
            if len(posted) > left or weight == 0:
                break
            left -= len(posted)
            for number in posted:
                gathered[number] += weight
        near = NEAR * max(gathered.values(), default=0.0)
        ranked = ((weight, -number) for number, weight in gathered.items() if weight >= near)
        return [-number for _, number in nlargest(COMPARED, ranked)]


class _Weights(dict[str, float]):
    """The weight of a term: the fewer patterns use it, the more; what every fifth uses weighs nothing. Kept for one look-up."""

    def __init__(self, users: Mapping[str, Collection[str]], patterns: int) -> None:
        super().__init__()
        self._users = users
        self._patterns = patterns

    def __missing__(self, term: str) -> float:
        users = len(self._users.get(term, ())) + 1
        weight = self[term] = max(0.0, math.log(self._patterns / (COMMON * users)))
        return weight


def _band(best: float, margin: float, new: float, words: int) -> Band:
    """What is surely no new trouble but may be of two patterns is for a person, who may find that the two are one."""
    if best >= AUTOMATIC and margin >= MARGIN and words >= MIN_WORDS:
        return Band.AUTOMATIC
    tied = new <= SURELY_KNOWN and best >= TIED
    return Band.SUGGESTION if best >= SUGGESTION or tied else Band.NONE
