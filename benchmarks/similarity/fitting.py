"""Learns the weights of `adapters/retrieval/ranking.py` from reports with known duplicates, and says what they are worth.

`python -m benchmarks.similarity.fitting [--data FILE.jsonl[.gz]]`: each report whose group has an earlier member asks, as in
`duplicates.py`; the weights are those under which the right candidates are the likeliest of their list (listwise softmax).
The figures are of projects that were left out of the fit, each in its turn; the weights are those of all projects.
"""

import argparse
import asyncio
import gzip
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from benchmarks.similarity.duplicates import BUNCH, generated, worded

from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.adapters.retrieval import weighing
from datacenter_docs.adapters.retrieval.gathering import MOST_ASKED
from datacenter_docs.adapters.retrieval.ranking import FEATURES
from datacenter_docs.adapters.retrieval.similar import SqlSimilarTickets, candidates
from datacenter_docs.domain.retrieval.answers import Wording
from datacenter_docs.domain.retrieval.terms import terms

STEPS, PACE, SHRINKING = 400, 0.05, 1e-3
Array = np.ndarray[Any, Any]


class Asked(NamedTuple):
    """A question: its project, the features of its candidates, and which of them are right."""

    project: str
    rows: Array
    right: Array


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    data = parser.parse_args().data
    asked = asyncio.run(gathered(_records(data) if data else generated()))
    left_out = [
        (fitted([one for one in asked if one.project != project]), project)
        for project in sorted({one.project for one in asked})
    ]
    worth = sum(
        measured([one for one in asked if one.project == project], weights)
        for weights, project in left_out
    )
    print("left out:", dict(zip(("hit@1", "hit@5", "hit@10", "mrr"), (worth / len(asked)).round(4).tolist(), strict=True)))  # fmt: skip
    print("weights:", dict(zip(FEATURES, fitted(asked).round(2).tolist(), strict=True)))


async def gathered(records: Sequence[dict[str, Any]]) -> list[Asked]:
    """Every question with its candidates, in order of arrival."""
    found: list[Asked] = []
    members: dict[str, set[str]] = {}
    waiting: list[Wording] = []
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/index.sqlite")
        similar, followed = SqlSimilarTickets(database), 0
        for record in records:
            one, known = worded(record), members.setdefault(record["group"], set())
            if waiting and (known or len(waiting) == BUNCH):
                await similar.add(waiting, after=followed, upto=followed + 1)
                followed, waiting = followed + 1, []
            if known:
                question = weighing.question(terms(one.title, one.body), MOST_ASKED)
                _, rows, ids = await database.scan(
                    lambda c, w=one, q=question: candidates(c, w, q)
                )
                found.append(Asked(one.category, rows, np.array([i in known for i in ids], bool)))
            known.add(one.ticket_id)
            waiting.append(one)
        database.close()
    return found


def fitted(asked: Sequence[Asked]) -> Array:
    """The weights under which right candidates are the likeliest; questions without one teach nothing."""
    useful = [one for one in asked if one.right.any()]
    together = np.concatenate([one.rows for one in useful])
    middle, spread = together.mean(axis=0), together.std(axis=0) + 1e-9
    longest = max(len(one.rows) for one in useful)
    rows = np.zeros((len(useful), longest, together.shape[1]))
    right, there = np.zeros((2, len(useful), longest), bool)
    for number, one in enumerate(useful):
        rows[number, : len(one.rows)] = (one.rows - middle) / spread
        right[number, : len(one.rows)], there[number, : len(one.rows)] = one.right, True
    weights, mean, square = np.zeros((3, together.shape[1]))
    for step in range(1, STEPS + 1):  # Adam
        likely = _shares(np.where(there, rows @ weights, -np.inf))
        wanted = likely * right
        wanted /= wanted.sum(axis=1, keepdims=True) + 1e-12
        slope = np.einsum("qc,qcf->f", likely - wanted, rows) / len(useful) + SHRINKING * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= PACE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return np.asarray(weights / spread)


def measured(asked: Sequence[Asked], weights: Array) -> Array:
    """Sums of hit@1, hit@5, hit@10 and 1 / rank."""
    sums = np.zeros(4)
    for one in asked:
        places = np.flatnonzero(one.right[np.argsort(-(one.rows @ weights), kind="stable")])
        if len(places):
            sums += [*(places[0] < most for most in (1, 5, 10)), 1 / (places[0] + 1)]
    return sums


def _shares(totals: Array) -> Array:
    powers = np.exp(totals - totals.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _records(path: Path) -> list[dict[str, Any]]:
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in text.splitlines()]


if __name__ == "__main__":
    main()
