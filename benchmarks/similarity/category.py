"""Categories, online: each ticket is guessed before its category is learned, from the first one on, in order of arrival.

Measured are the share of right guesses, the macro-averaged F1 over all categories, and the expected calibration error in 15
equal bins of how sure the guess was. The tickets before the second category was seen count as wrong.
"""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from benchmarks.similarity.generating import tickets

from datacenter_docs.adapters.retrieval.softmax import Softmax, features
from datacenter_docs.domain.retrieval.answers import Guess

BINS = 15
GENERATED = 5_000
SUBJECTS = 6


def measure(records: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The figures of the task."""
    model, guesses, took = Softmax(), list[Guess | None](), []
    truths = [str(record["category"]).lower() for record in records]
    for record, truth in zip(records, truths, strict=True):
        begun = time.perf_counter()
        given = features(f"{record.get('title') or ''}\n{record['body']}")
        guesses.append(model.guess(given))
        model.learn(given, truth)
        took.append(time.perf_counter() - begun)
    right = np.array([g is not None and g.category == t for g, t in zip(guesses, truths, strict=True)])  # fmt: skip
    sure = np.array([guess.probability if guess else 0.0 for guess in guesses])
    later = len(right) // 2
    return {
        "tickets": float(len(right)),
        "accuracy": float(right.mean()),
        "accuracy_second_half": float(right[later:].mean()),
        "macro_f1": _macro_f1([guess.category if guess else "" for guess in guesses], truths),
        "ece": _calibration_error(right, sure),
        "us_p50": float(np.percentile(took, 50)) * 1e6,
        "us_p99": float(np.percentile(took, 99)) * 1e6,
    }


def generated() -> Sequence[dict[str, Any]]:
    """Tickets of made-up components, six of which make a category; one in ten was filed under another."""
    made = list(tickets(GENERATED))
    names = sorted({one.category for one in made})
    return [
        {
            "title": one.title,
            "body": one.body,
            "category": f"team {(names.index(one.category) + (number % 10 == 0)) % SUBJECTS}",
        }
        for number, one in enumerate(made)
    ]


def _macro_f1(guessed: Sequence[str], truths: Sequence[str]) -> float:
    said, true = Counter(guessed), Counter(truths)
    both = Counter(one for one, other in zip(guessed, truths, strict=True) if one == other)
    return sum(2 * both[name] / (said[name] + true[name]) for name in true) / len(true)


def _calibration_error(right: np.ndarray[Any, Any], sure: np.ndarray[Any, Any]) -> float:
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    apart = [
        abs(right[bins == one].mean() - sure[bins == one].mean()) * (bins == one).mean()
        for one in range(BINS)
        if (bins == one).any()
    ]
    return float(sum(apart))
