"""How likely is it that two masked texts speak of the same trouble? A small scorer whose every weight has a fixed sign.

What agrees can only raise the probability, what differs can only lower it, and how often a pattern was seen is not
asked at all: a popular pattern pulls nothing in. The weights are numbers that `benchmarks/similarity/fit.py` found on
generated tickets.
"""

import math
from collections.abc import Callable, Collection
from typing import NamedTuple

from datacenter_docs.domain.masking import MARK, Masked
from datacenter_docs.domain.stemming import is_symptom, one_slip

Weigh = Callable[[str], float]
"""The weight of a term, from how few patterns use it; at least 0."""
Known = Callable[[str], bool]
"""Whether any pattern uses a term."""

ENOUGH = 30.0
"""So much shared weight is all the evidence that a text needs."""
HEAVY = 6.0
"""One differing term of this weight is as bad as it gets."""
NAME_SHARE = 0.25
"""What a word counts of its weight once it was seen as a name."""
MIN_TYPO = 4


class Features(NamedTuple):
    """What is compared, each 0..1. The first four speak for, the others against."""

    of_known: float
    of_text: float
    sentences: float
    evidence: float
    unheard: float
    added: float
    missing: float
    replaced: float
    symptom: float
    sentence_replaced: float
    name: float


WEIGHTS = Features(2.0, 2.0, 2.5, 2.0, -2.0, -2.0, -2.0, -4.0, -2.0, -3.0, -1.0)
BIAS = -2.0


class Compared(NamedTuple):
    """The outcome of one comparison. `shared`: the terms that both have."""

    logit: float
    shared: frozenset[str]
    features: Features


def compare(
    text: Masked, known: Masked, names: Collection[str], weigh: Weigh, heard: Known
) -> Compared:
    """Compare a text with a prototype. `names`: words that were seen as names, here or elsewhere."""
    left, right = set(text.terms), set(known.terms)
    shared = left & right
    added, missing = left - right, right - left
    if added and missing:
        for typo, meant in _typos(added, missing, heard):
            added.discard(typo)
            missing.discard(meant)
            shared.add(meant)
    features = _features(text, known, shared, added, missing, names, weigh, heard)
    logit = BIAS + sum(w * f for w, f in zip(WEIGHTS, features, strict=True))
    return Compared(logit, frozenset(shared), features)


def probability(logit: float, rivals: Collection[float]) -> float:
    """Of the best one, 0..1, when others are candidates too: two that fit equally well have half of it each."""
    top = max(0.0, logit, *rivals) if rivals else max(0.0, logit)
    mine = math.exp(logit - top)
    return mine / (math.exp(-top) + mine + sum(math.exp(rival - top) for rival in rivals))


def _features(
    text: Masked,
    known: Masked,
    shared: set[str],
    added: set[str],
    missing: set[str],
    names: Collection[str],
    weigh: Weigh,
    heard: Known,
) -> Features:
    def worth(terms: Collection[str]) -> float:
        return sum(weigh(term) * (NAME_SHARE if term in names else 1.0) for term in terms)

    def heaviest(terms: Collection[str]) -> float:
        return min(HEAVY, max((weigh(t) for t in terms if t not in names), default=0.0)) / HEAVY

    common = worth(shared)
    new, gone = worth(added), worth(missing)
    unheard = [term for term in added if not heard(term)]
    more, less = heaviest(added), heaviest(missing)
    same, left_over = _sentences(text, known, names)
    symptoms = any(map(is_symptom, added)) + any(map(is_symptom, missing))
    return Features(
        of_known=_share(common, common + gone),
        of_text=_share(common, common + new),
        sentences=same,
        evidence=min(1.0, common / ENOUGH),
        unheard=_share(worth(unheard), common + new),
        added=more,
        missing=less,
        replaced=min(more, less),
        symptom=symptoms / 2,
        sentence_replaced=left_over,
        name=float(any(t in names for t in added) and any(t in names for t in missing)),
    )


def _sentences(text: Masked, known: Masked, names: Collection[str]) -> tuple[float, float]:
    """The share of the shorter text's sentences that the other has, and whether each has one of its own beside a common one."""
    left = {_nameless(line, names) for line in text.lines}
    right = {_nameless(line, names) for line in known.lines}
    same = left & right
    shorter = min(len(left), len(right))
    return (
        len(same) / shorter if shorter else 0.0,
        float(bool(same) and bool(left - same) and bool(right - same)),
    )


def _nameless(line: str, names: Collection[str]) -> str:
    if not names:
        return line
    return " ".join(MARK if word in names else word for word in line.split())


def _typos(
    added: Collection[str], missing: Collection[str], heard: Known
) -> list[tuple[str, str]]:
    """Words that nobody has used yet, each with the one it was meant to be, when that is clear."""
    found = []
    for typo in sorted(added):
        if len(typo) >= MIN_TYPO and not heard(typo):
            meant = [term for term in missing if one_slip(typo, term) and typo[:4] != "not-"]
            if len(meant) == 1:
                found.append((typo, meant[0]))
    return found


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
