"""`python -m benchmarks.similarity TASK [--data FILE.jsonl[.gz]] [--json]`, or `--scale N`. See docs/judgement.md.

A task is a module of this package with `measure(records)` and `generated()`; it is imported only when it is asked for.
"""

import argparse
import gzip
import importlib
import json
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

TASKS = ("stream", "logs", "duplicates", "runbooks", "category")


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    asked = _parser().parse_args(arguments)
    figures = _scale(asked.scale) if asked.scale else _task(asked.task, asked.data)
    figures["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if asked.json:
        print(json.dumps(figures))
        return
    width = max(map(len, figures))
    for name, value in figures.items():
        print(f"{name:{width}}  {value:,.4f}")


def read(path: Path) -> list[dict]:
    """The records of a file with one JSON object a line, packed or not."""
    packed = path.read_bytes()
    text = gzip.decompress(packed) if path.suffix == ".gz" else packed
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _task(name: str, data: Path | None) -> dict[str, float]:
    task = importlib.import_module(f"benchmarks.similarity.{name}")
    return dict(task.measure(read(data) if data else task.generated()))


def _scale(tickets: int) -> dict[str, float]:
    return dict(importlib.import_module("benchmarks.similarity.scale").measure(tickets))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.similarity", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("task", nargs="?", choices=TASKS, help="what to measure")
    what.add_argument("--scale", type=int, metavar="N", help="speed and size at N stored tickets")
    parser.add_argument(
        "--data", type=Path, help="JSON lines, may be packed with gzip; else generated"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
