"""How likely is it that two masked texts speak of the same trouble? A small scorer whose every weight has a fixed sign.

What agrees can only raise the probability, what differs can only lower it, and how often a pattern was seen is not
asked at all: a popular pattern pulls nothing in. The weights are numbers that `benchmarks/similarity/fit.py` found on
generated tickets.
"""

import math
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from datacenter_docs.domain.masking import Masked
from datacenter_docs.domain.stemming import one_slip

Weights = Mapping[str, float]
"""The weight of every term, from how few patterns use it; at least 0."""

HEAVY = 4.5
"""One differing term of this weight is as bad as it gets."""
NAME_SHARE = 0.25
"""What a word counts of its weight once it was seen as a name."""
MIN_TYPO = 4
"""Shorter words are too often a slip away from another word."""
LEAST_SENTENCE = 1.5
"""A sentence of less weight stands around every trouble and says nothing."""
ALIKE = 0.35
"""Two sentences with this share of the shorter one's weight in common are one sentence that was altered."""


class Features(NamedTuple):
    """What is compared, each 0..1. The first three speak for, the others against.

    `of_known`, `of_text`: the share of the prototype's and of the text's weight that both have. `sentences`: of the
    sentences of the shorter one. `replaced`: how weighty a word each has in place of one of the other's. `altered`: how
    weighty a word tells two sentences apart that are else alike. `name`: each names something else. `partial`: the text
    says only part of what is known.
    """

    of_known: float
    of_text: float
    sentences: float
    replaced: float
    altered: float
    name: float
    partial: float


WEIGHTS = Features(
    of_known=3.61,
    of_text=1.06,
    sentences=7.16,
    replaced=-1.78,
    altered=-1.63,
    name=-1.33,
    partial=-0.78,
)
BIAS = -6.21
CALIBRATION: tuple[tuple[float, float], ...] = (
    (0.0049, 0.0606),
    (0.0149, 0.1229),
    (0.06, 0.7817),
    (0.3781, 0.9119),
    (0.6575, 0.9778),
    (0.8923, 0.9957),
    (0.9838, 0.9985),
    (0.9924, 0.9986),
    (0.9963, 0.999),
)
"""Points on the way from the formula's probability to how often it was right on generated tickets."""


class Compared(NamedTuple):
    """The outcome of one comparison. `shared`: the terms that both have; `corrected`: slips of the pen were overlooked."""

    logit: float
    shared: frozenset[str]
    corrected: bool
    features: Features


def compare(
    text: Masked, known: Masked, names: Collection[str], weights: Weights, heard: Container[str]
) -> Compared:
    """Compare a text with a prototype. `names`: words that were seen as names, here or elsewhere; `heard`: words that any
    pattern uses.
    """
    left, right = set(text.terms), set(known.terms)
    meant = dict(_typos(left - right, right - left, heard)) if left != right else {}
    left = {meant.get(term, term) for term in left}
    said = _telling([[meant.get(t, t) for t in one] for one in text.sentences], names, weights)
    told = _telling(known.sentences, names, weights)
    partial = said < told
    if partial:
        # Part of what is known may be all that a mail says: what it leaves out does not contradict.
        right &= left
    sides = _Sides(left & right, left - right, right - left)
    features = _features(sides, said, told, names, weights)._replace(partial=float(partial))
    logit = BIAS + sum(w * f for w, f in zip(WEIGHTS, features, strict=True))
    return Compared(logit, frozenset(left & right), bool(meant), features)


def probability(logit: float, rivals: Collection[float]) -> float:
    """Of the best candidate, 0..1, as often as such answers turn out to be right."""
    raw = raw_probability(logit, rivals)
    for (low, before), (high, after) in pairwise(((0.0, 0.0), *CALIBRATION, (1.0, 1.0))):
        if raw <= high:
            return before + (after - before) * (_share(raw - low, high - low))
    return 1.0


def raw_probability(logit: float, rivals: Collection[float]) -> float:
    """Of one candidate, 0..1, beside its rivals and being none of them (logit 0): two that fit equally well have half each."""
    top = max(0.0, logit, *rivals) if rivals else max(0.0, logit)
    mine = math.exp(logit - top)
    return mine / (math.exp(-top) + mine + sum(math.exp(rival - top) for rival in rivals))


def none(logits: Collection[float]) -> float:
    """The probability that it is none of the candidates, 0..1."""
    top = max(0.0, *logits)
    return math.exp(-top) / (math.exp(-top) + sum(math.exp(logit - top) for logit in logits))


class _Sides(NamedTuple):
    shared: set[str]
    added: set[str]
    missing: set[str]


def _telling(
    sentences: Iterable[Iterable[str]], names: Collection[str], weights: Weights
) -> set[frozenset[str]]:
    """The sentences that say something, without names: not those that are written around every trouble."""
    bare = {frozenset(term for term in one if term not in names) for one in sentences}
    bare.discard(frozenset())
    return {one for one in bare if sum([weights[t] for t in one]) >= LEAST_SENTENCE} or bare


def _features(
    sides: _Sides,
    said: set[frozenset[str]],
    told: set[frozenset[str]],
    names: Collection[str],
    weights: Weights,
) -> Features:
    def worth(terms: Collection[str]) -> float:
        return sum([weights[t] * NAME_SHARE if t in names else weights[t] for t in terms])

    def heaviest(terms: Collection[str]) -> float:
        return min(HEAVY, max([weights[t] for t in terms if t not in names], default=0.0)) / HEAVY

    shared, added, missing = sides
    common = worth(shared)
    same, differing = _sentences(said, told, worth)
    return Features(
        of_known=_share(common, common + worth(missing)),
        of_text=_share(common, common + worth(added)),
        sentences=same,
        replaced=min(heaviest(added), heaviest(missing)),
        altered=heaviest(differing),
        name=float(any(t in names for t in added) and any(t in names for t in missing)),
        partial=0.0,
    )


def _sentences(
    said: set[frozenset[str]],
    told: set[frozenset[str]],
    worth: Callable[[Collection[str]], float],
) -> tuple[float, frozenset[str]]:
    """The share of the shorter text's sentences that the other has, and by which words sentences differ that are else alike."""
    same = said & told
    shared, mine, yours = (sum(map(worth, one)) for one in (same, said - same, told - same))
    differing: frozenset[str] = frozenset()
    for one in said - same:
        for other in told - same:
            if worth(one & other) >= ALIKE * min(worth(one), worth(other)) > 0:
                differing |= one ^ other
    return _share(shared, shared + min(mine, yours)), differing


def _typos(
    added: Collection[str], missing: Collection[str], heard: Container[str]
) -> list[tuple[str, str]]:
    """Words that nobody has used yet, each with the one it was meant to be, when that is clear."""
    found = []
    for typo in sorted(added):
        if len(typo) >= MIN_TYPO and typo not in heard and typo.isalpha():
            meant = [term for term in missing if term[0] == typo[0] and _slipped(typo, term)]
            if len(meant) == 1:
                found.append((typo, meant[0]))
    return found


def _slipped(typo: str, meant: str) -> bool:
    """Letters swapped, doubled or left out; another letter in the place of one makes another word too often."""
    swapped = len(typo) == len(meant) and sorted(typo) == sorted(meant)
    return (swapped or len(typo) != len(meant)) and one_slip(typo, meant)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
