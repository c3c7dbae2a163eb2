"""How much a term weighs: in a ticket that is taken in, and in a text that asks. BM25F with fixed lengths, so that what was
written never has to be weighed anew.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from datacenter_docs.adapters.retrieval.postings import hashed
from datacenter_docs.domain.retrieval.terms import FRAME, Terms

TITLE_SATURATION, TITLE_NORM, USUAL_TITLE = 0.6, 0.3, 8.0
BODY_SATURATION, BODY_NORM, USUAL_BODY = 1.2, 0.5, 60.0
LONGEST_BODY = 400.0
"""Words of a body beyond which its length does not count any more: what is longer is a pasted log."""
IN_OTHER_FIELD = 0.5
"""What a word weighs that is in one text's title and in the other's body, or in both bodies."""
OF_A_FRAME = 0.25
LEVELS = 15
"""Steps in which a weight is kept."""

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Question:
    """The terms of a text that asks: for each its hash, whether it is in the title, how often in the body, whether a frame."""

    terms: tuple[str, ...]
    hashes: npt.NDArray[np.int64]
    in_title: npt.NDArray[np.bool_]
    in_body: Floats
    frame: npt.NDArray[np.bool_]
    title_length: int
    body_length: int


def question(found: Terms, most: int) -> Question:
    """The terms to ask for: those of the title, then those of the body as they come, at most so many."""
    names = sorted(found.counts, key=lambda term: not found.counts[term][0])[:most]
    counts = [found.counts[name] for name in names]
    in_body = np.array([body for _, body in counts], np.float32)
    return Question(
        terms=tuple(names),
        hashes=np.array([hashed(name) for name in names], np.int64),
        in_title=np.array([title > 0 for title, _ in counts], np.bool_),
        in_body=in_body / (in_body + 1),
        frame=np.array([name.startswith(FRAME) for name in names], np.bool_),
        title_length=found.title_length,
        body_length=found.body_length,
    )


def codes(found: Terms) -> Codes:
    """The weight of each term of a ticket in its title and its body, in one byte, in the order of `found.counts`."""
    counts = np.array(list(found.counts.values()), np.float32).reshape(-1, 2)
    long = min(float(found.body_length), LONGEST_BODY)
    title = TITLE_SATURATION * (1 - TITLE_NORM + TITLE_NORM * found.title_length / USUAL_TITLE)
    body = BODY_SATURATION * (1 - BODY_NORM + BODY_NORM * long / USUAL_BODY)
    levels = np.ceil(LEVELS * counts / (counts + np.array([title, body], np.float32)))
    together: Codes = (levels[:, 0] * 16 + levels[:, 1]).astype(np.uint8)
    return together


def rarity(tickets: int, having: npt.NDArray[np.int64]) -> Floats:
    """The idf of terms that so many of the tickets have; never below 0."""
    idf: Floats = np.log1p((tickets - having + 0.5).clip(0.5) / (having + 0.5)).astype(np.float32)
    return idf


_CODES = np.arange(256)
TITLE_PART = ((_CODES >> 4) / LEVELS).astype(np.float32)
"""By code: what the term weighs in the title."""
BODY_PART = ((_CODES & 15) / LEVELS).astype(np.float32)
"""By code: what it weighs in the body."""


def prices(asked: Question, idf: Floats) -> Floats:
    """By term and code: what it adds to the score of a ticket."""
    title = np.where(asked.in_title, idf, 0)[:, None] * (TITLE_PART + IN_OTHER_FIELD * BODY_PART)
    both = IN_OTHER_FIELD * (TITLE_PART + BODY_PART)
    body = (idf * asked.in_body)[:, None] * both
    frames = (OF_A_FRAME * idf)[:, None] * np.ones(256, np.float32)
    return np.where(asked.frame[:, None], frames, title + body).astype(np.float32)
