"""Finds the weights of `datacenter_docs/domain/likeness.py` on generated tickets.

Run: `python -m benchmarks.similarity.fit [--tickets 8000] [--seeds 11 12] [--epochs 12]`. It prints the constants to put
there. For every ticket the index names its candidates; the weights are moved so that the probability of the right one,
or of none when the trouble is new, becomes likely: the formula that the product uses, so that its probabilities mean
what they say. No weight may cross zero: what agrees never speaks against a match, what differs never for it.
"""

import argparse
import itertools
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from benchmarks.similarity import generated
from benchmarks.similarity.stream import text_of

from datacenter_docs.domain import likeness
from datacenter_docs.domain.likeness import Features
from datacenter_docs.domain.masking import masked
from datacenter_docs.domain.recognition import Band, PatternIndex

FOR = frozenset({"of_known", "of_text", "sentences"})
RATE = 0.03
SHRINK = 1e-4
BATCH = 64
NEW_COST = 6.0
"""A new trouble that is taken for a known one costs so much more than a known one that is taken for new."""
EDGES = (0.002, 0.01, 0.03, 0.1, 0.2, 0.35, 0.47, 0.53, 0.65, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
"""Between these probabilities the calibration counts what was right."""


class Case(NamedTuple):
    """One ticket: the features of each candidate, and whether it is the right one. None right: its trouble is new."""

    candidates: Sequence[Features]
    right: Sequence[bool]


def cases(records: Iterable[dict], *, revealed: bool) -> Iterator[Case]:
    """Walk generated records once, as `stream.py` does. Revealed: each ticket is told its pattern afterwards."""
    index, owner = PatternIndex(), {}
    for place, record in enumerate(records):
        text, label = masked(text_of(record)), record["label"]
        found, compared = index.find(text), index.compare(text)
        if compared:
            kept = sorted(compared, key=lambda key: -compared[key].logit)[:8]
            yield Case([compared[k].features for k in kept], [owner[k] == label for k in kept])
        if revealed:
            key = label
        else:
            key = str(place) if found.band is Band.NONE else str(found.key)
            if found.band is Band.SUGGESTION:
                continue
        owner.setdefault(key, label)
        if index.teaches(key, text, found):
            index.add(key, text)


def fitted(known: Sequence[Case], epochs: int, rng: random.Random) -> list[float]:
    """Bias and weights that make what happened likely; Adam on batches, weights held on their side of zero."""
    weights = [likeness.BIAS, *likeness.WEIGHTS]
    signs = [0, *(1 if name in FOR else -1 for name in Features._fields)]
    first, second = [0.0] * len(weights), [0.0] * len(weights)
    step = 0
    for epoch in range(epochs):
        order, loss = rng.sample(known, len(known)), 0.0
        for begin in range(0, len(order), BATCH):
            gradient, lost = _gradient(order[begin : begin + BATCH], weights)
            loss += lost
            step += 1
            for i, slope in enumerate(gradient):
                slope += SHRINK * weights[i]
                first[i] = 0.9 * first[i] + 0.1 * slope
                second[i] = 0.999 * second[i] + 0.001 * slope * slope
                move = first[i] / (1 - 0.9**step)
                weights[i] -= RATE * move / (math.sqrt(second[i] / (1 - 0.999**step)) + 1e-8)
                if signs[i] * weights[i] < 0:
                    weights[i] = 0.0
        print(f"# epoch {epoch + 1}: loss {loss / len(order):.5f}")
    return weights


def _gradient(batch: Sequence[Case], weights: Sequence[float]) -> tuple[list[float], float]:
    total, loss = [0.0] * len(weights), 0.0
    for case in batch:
        rows = [(1.0, *features) for features in case.candidates]
        logits = [sum(w * f for w, f in zip(weights, row, strict=True)) for row in rows]
        top = max(0.0, *logits)
        powers = [math.exp(logit - top) for logit in logits]
        whole = math.exp(-top) + sum(powers)
        good = sum(p for p, right in zip(powers, case.right, strict=True) if right)
        target = good if good > 0 else math.exp(-top)
        cost = 1.0 if good > 0 else NEW_COST
        loss -= cost * math.log(max(target / whole, 1e-12))
        for row, power, right in zip(rows, powers, case.right, strict=True):
            slope = power / whole - (power / good if right and good > 0 else 0.0)
            if abs(slope) > 1e-6:
                for i, feature in enumerate(row):
                    total[i] += cost * slope * feature / len(batch)
    return total, loss


def calibration(known: Sequence[Case], weights: Sequence[float]) -> list[tuple[float, float]]:
    """Points of a rising line from the formula's probability of the best candidate to how often it was right."""
    told = []
    for case in known:
        logits = [
            weights[0] + sum(w * f for w, f in zip(weights[1:], features, strict=True))
            for features in case.candidates
        ]
        best = max(range(len(logits)), key=logits.__getitem__)
        told.append(
            (
                likeness.raw_probability(logits[best], logits[:best] + logits[best + 1 :]),
                case.right[best],
            )
        )
    pools: list[list[float]] = []
    for low, high in itertools.pairwise([0.0, *EDGES, 1.01]):
        held = [(p, right) for p, right in told if low <= p < high]
        if not held:
            continue
        pools.append([sum(p for p, _ in held), sum(r for _, r in held), len(held)])
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    return [(round(p / n, 4), round(r / n, 4)) for p, r, n in pools]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=8_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12])
    parser.add_argument("--epochs", type=int, default=12)
    asked = parser.parse_args()
    known = [
        case
        for seed in asked.seeds
        for revealed in (True, False)
        for records in (
            generated.stream(asked.tickets, seed),
            generated.log_lines(asked.tickets // 2, seed),
        )
        for case in cases(records, revealed=revealed)
    ]
    print(f"# {len(known)} tickets with candidates")
    bias, *weights = fitted(known, asked.epochs, random.Random(1))
    print("WEIGHTS = Features(")
    for name, weight in zip(Features._fields, weights, strict=True):
        print(f"    {name}={weight:.2f},")
    print(f")\nBIAS = {bias:.2f}")
    print(f"CALIBRATION = {tuple(calibration(known, [bias, *weights]))}")


if __name__ == "__main__":
    main()
