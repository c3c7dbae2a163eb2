"""Puts candidates in order by a few things that tell a duplicate from a neighbour, weighed by numbers that were learned.

`benchmarks/similarity/fitting.py` learns them from any file of reports with known duplicates.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from datacenter_docs.adapters.retrieval.gathering import Shared
from datacenter_docs.adapters.retrieval.weighing import BODY_PART, Floats, Question

FEATURES = ("total", "covered", "body", "age", "category", "longer", "length")
"""total: of the best candidate's BM25F score; covered: share of the title's rarity that is found; body: BM25 of
body with body; age: how far apart they were received, as a logarithm of days; category: the same; longer, length: how many
times longer the other's body is, as a logarithm, and the size of that.
"""
WEIGHTS = np.array([5.4, 2.5, 3.7, -0.71, 1.3, -0.64, 0.35])
"""One for each feature."""
BIAS = -6.0
"""So that a score of 0.5 is as likely as not to be the same trouble where there is one at all."""
DAY_SECONDS = 86_400.0
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of candidates beside their postings, in their order."""

    received_second: npt.NDArray[np.int64]
    same_category: npt.NDArray[np.bool_]
    body_length: npt.NDArray[np.int64]


def features(asked: Question, shared: Shared, kept: Kept, second: int) -> npt.NDArray[np.float64]:
    """A row for each candidate, in the order of `FEATURES`. `second`: when the text that asks was received."""
    idf, term, code = shared.idf, shared.terms, shared.codes
    most = len(shared.numbers)

    def summed(values: Floats) -> npt.NDArray[np.float64]:
        return np.bincount(shared.slots, values, minlength=most).astype(np.float64)

    titled = asked.in_title[term]
    word = np.where(asked.frame[term], 0, idf[term])
    of_title = float(idf[asked.in_title].sum()) or 1.0
    apart = np.log((kept.body_length + 10) / (asked.body_length + 10))
    days = np.abs(second - kept.received_second) / DAY_SECONDS
    return np.stack(
        [
            shared.totals / max(float(shared.totals.max(initial=0)), 1e-6),
            summed(word * titled) / of_title,
            summed(word * asked.in_body[term] * BODY_PART[code]) / 50,
            np.log1p(days),
            kept.same_category.astype(np.float64),
            apart,
            np.abs(apart),
        ],
        axis=1,
    )


def scores(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """From the features of candidates to scores, 0..1."""
    found: npt.NDArray[np.float64] = 1 / (1 + np.exp(-(rows @ WEIGHTS + BIAS).clip(-60, 60)))
    return found


def deciding(asked: Question, shared: Shared, slots: list[int]) -> list[list[str]]:
    """For each of some candidates the terms that added the most to its total, the weightiest first."""
    own = np.flatnonzero(np.isin(shared.slots, slots))
    added = shared.prices[shared.terms[own], shared.codes[own]]
    order = own[np.argsort(-added, kind="stable")]
    found: dict[int, list[str]] = {slot: [] for slot in slots}
    for slot, term in zip(shared.slots[order].tolist(), shared.terms[order].tolist(), strict=True):
        if len(found[slot]) < MOST_WORDS:
            found[slot].append(asked.terms[term])
    return [found[slot] for slot in slots]
