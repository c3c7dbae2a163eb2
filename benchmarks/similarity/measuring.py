"""Measures that several tasks share."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

BINS = 10


def b_cubed(
    clusters: Sequence[Hashable], labels: Sequence[Hashable]
) -> tuple[float, float, float]:
    """Precision, recall and F1 by B-cubed: the mean over all items of what share of their cluster and label agree."""
    both = Counter(zip(clusters, labels, strict=True))
    of_cluster, of_label = Counter(clusters), Counter(labels)
    total = len(labels)
    precision = sum(n * n / of_cluster[cluster] for (cluster, _), n in both.items()) / total
    recall = sum(n * n / of_label[label] for (_, label), n in both.items()) / total
    return precision, recall, 2 * precision * recall / (precision + recall)


def calibration_error(answers: Iterable[tuple[float, bool]]) -> float:
    """The expected calibration error over ten bins of equal width, of probabilities and whether they came true."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for probability, right in answers:
        bins[min(BINS - 1, int(probability * BINS))].append((probability, right))
    total = sum(map(len, bins))
    gaps = (abs(sum(p for p, _ in held) - sum(right for _, right in held)) for held in bins)
    return sum(gaps) / total if total else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0..1) of all do not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]
