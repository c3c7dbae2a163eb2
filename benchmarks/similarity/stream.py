"""The stream of tickets, each once and in order of arrival: name the known pattern, or say new.

Measured twice. `revealed`, the headline: after each answer the pattern learns what the ticket really was, as it does
from people and outcomes; known patterns are the labels so far. `unrevealed`: nothing is ever told, clusters grow by
their own answers, and a cluster has the label of the ticket that founded it.

`correct`: the right pattern, or new when it was new. `wrong`: another pattern, which is what is dangerous. `novel_false_accepts`:
the share of the new troubles that were put into an old pattern. `missed`: the share of all that was known and called new.
`p99_cpu_us`: of one core's own time, so without what else the machine did. `automatic_...`: of the answers that are sure enough to act on; wrong there counts new troubles too.
"""

import time
from collections import Counter
from collections.abc import Sequence

from benchmarks.similarity import generated as generating
from benchmarks.similarity.measuring import b_cubed, calibration_error, percentile

from datacenter_docs.domain.masking import masked
from datacenter_docs.domain.recognition import Band, PatternIndex, Recognised

MICROSECONDS = 1e6


def generated() -> Sequence[dict]:
    """The default when there is no file."""
    return generating.stream()


def measure(records: Sequence[dict]) -> dict[str, float]:
    """The headline without prefix, the other variant as `unrevealed_...`."""
    other = walk(records, revealed=False)
    return walk(records, revealed=True) | {f"unrevealed_{k}": v for k, v in other.items()}


def text_of(record: dict) -> str:
    """The text as the product sees it: title and description, nothing else."""
    return record["text"] if "text" in record else f"{record['title']}\n{record['body']}"


def walk(records: Sequence[dict], *, revealed: bool) -> dict[str, float]:
    """One pass over the stream."""
    index, tally = PatternIndex(), Tally()
    for place, record in enumerate(records):
        began, worked = time.perf_counter(), time.thread_time()
        text = masked(text_of(record))
        found = index.find(text)
        tally.seconds.append(time.perf_counter() - began)
        tally.worked.append(time.thread_time() - worked)
        key = tally.answered(found, record["label"], f"new {place}")
        if revealed:
            key = tally.owner_of(record["label"])
        elif found.band is Band.SUGGESTION:
            continue  # only what is sure teaches, as in the product
        if index.teaches(key, text, found):
            index.add(key, text)
    return tally.figures()


class Tally:
    """Counts answers."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.worked: list[float] = []
        self._owner: dict[str, str] = {}
        self._labels: list[str] = []
        self._clusters: list[str] = []
        self._seen: set[str] = set()
        self._all: Counter[str] = Counter()
        self._automatic: Counter[str] = Counter()
        self._told: list[tuple[float, bool]] = []

    def owner_of(self, label: str) -> str:
        """The key of a label's own pattern; it is known from now on."""
        self._owner[label] = label
        return label

    def answered(self, found: Recognised, label: str, fresh: str) -> str:
        """Count one answer; returns the cluster that the ticket is in now, `fresh` for a new one."""
        if found.key is not None:
            self._told.append((found.probability, self._owner[found.key] == label))
        if found.band is Band.NONE or found.key is None:
            key, outcome = fresh, "missed" if label in self._seen else "new"
            self._owner[fresh] = label
        else:
            key = found.key
            known = "wrong" if label in self._seen else "novel"
            outcome = "correct" if self._owner[key] == label else known
            if found.band is Band.AUTOMATIC:
                self._automatic[outcome] += 1
        self._all[outcome] += 1
        self._labels.append(label)
        self._clusters.append(key)
        self._seen.add(label)
        return key

    def figures(self) -> dict[str, float]:
        """The measures by name, shares 0..1."""
        total, sure = len(self._labels), self._automatic.total()
        precision, recall, f1 = b_cubed(self._clusters, self._labels)
        return {
            "tickets": total,
            "correct": (self._all["correct"] + self._all["new"]) / total,
            "wrong": self._all["wrong"] / total,
            "novel_false_accepts": self._all["novel"]
            / max(1, self._all["novel"] + self._all["new"]),
            "missed": self._all["missed"] / total,
            "automatic_coverage": sure / total,
            "automatic_wrong": (self._automatic["wrong"] + self._automatic["novel"])
            / max(1, sure),
            "b3_precision": precision,
            "b3_recall": recall,
            "b3_f1": f1,
            "ece": calibration_error(self._told),
            "p50_us": percentile(self.seconds, 0.50) * MICROSECONDS,
            "p99_us": percentile(self.seconds, 0.99) * MICROSECONDS,
            "p99_cpu_us": percentile(self.worked, 0.99) * MICROSECONDS,
        }
