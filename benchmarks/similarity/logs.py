"""Log lines, clustered online and in order by the very same code and constants as tickets.

`unrevealed` is the headline here: nobody tells a log line's template, so clusters grow by their own answers.
"""

from collections.abc import Sequence

from benchmarks.similarity import generated as generating
from benchmarks.similarity.stream import walk


def generated() -> Sequence[dict]:
    """The default when there is no file."""
    return list(generating.log_lines())


def measure(records: Sequence[dict]) -> dict[str, float]:
    """The headline without prefix, the other variant as `revealed_...`."""
    other = walk(records, revealed=True)
    return walk(records, revealed=False) | {f"revealed_{k}": v for k, v in other.items()}
