"""How similar tickets are found among many: time of a look-up, of taking tickets in, of a start; memory and disk.

`python -m benchmarks.similarity --scale N` fills an index with N made tickets and measures it in a process of its own, on one
core, through the very port that the product uses. `lookup_cpu_...` is the processor's time of the same look-ups, all threads
together: where other programs use the core too, the clock says more about them. With `DATACENTER_DOCS_BENCH_URL` the index is in that (empty) database.
"""

import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from benchmarks.similarity.generating import Made, tickets

from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.adapters.retrieval.similar import SqlSimilarTickets
from datacenter_docs.domain.retrieval.answers import Wording

START = datetime(2026, 1, 1, tzinfo=UTC)
BUNCH = 250
ASKED = 1_000
URL = "DATACENTER_DOCS_BENCH_URL"


def measure(tickets: int) -> dict[str, float]:
    """The figures at so many tickets."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get(URL) or f"sqlite:///{folder}/index.sqlite"
        filled = _in_a_process("fill", url, tickets)
        asked = _in_a_process("ask", url, tickets)
        sizes = {path.name: path.stat().st_size for path in Path(folder).iterdir()}
    return {**filled, **asked, "disk_mb": sum(sizes.values()) / 1e6}


def wordings(made: Sequence[Made], first: int) -> list[Wording]:
    """Made tickets, one a minute."""
    return [
        Wording(
            f"T-{number}", one.title, one.body, one.category, START + timedelta(minutes=number)
        )
        for number, one in enumerate(made, first)
    ]


async def fill(url: str, count: int) -> dict[str, float]:
    """Take so many tickets in, the last ones one at a time."""
    database = open_database(url)
    similar = SqlSimilarTickets(database)
    spent, alone = 0.0, []
    bunched = max(count - 200, 0)
    for first in range(0, bunched, BUNCH):
        some = wordings(list(tickets(min(BUNCH, bunched - first), first)), first)
        begun = time.perf_counter()
        await similar.add(some, after=first, upto=first + len(some))
        spent += time.perf_counter() - begun
    for number in range(bunched, count):
        some = wordings(list(tickets(1, number)), number)
        begun = time.perf_counter()
        await similar.add(some, after=number, upto=number + 1)
        alone.append(time.perf_counter() - begun)
    database.close()
    return {
        "ingest_us": spent / max(bunched, 1) * 1e6,
        "ingest_alone_p50_us": float(np.percentile(alone, 50)) * 1e6,
        "ingest_alone_p99_us": float(np.percentile(alone, 99)) * 1e6,
    }


async def ask(url: str, count: int) -> dict[str, float]:
    """Start on what is there, and look tickets up that are not."""
    begun = time.perf_counter()
    database = open_database(url)
    similar = SqlSimilarTickets(database)
    questions = wordings(list(tickets(ASKED, count + 1_000_000)), count)
    ready = time.perf_counter() - begun
    begun = time.perf_counter()
    await similar.alike(questions[0])
    ready_to_answer = time.perf_counter() - begun
    dice = random.Random(1)
    dice.shuffle(questions)
    took, busy = [], []
    for one in questions:
        begun, worked = time.perf_counter(), time.process_time()
        found = await similar.alike(one)
        took.append(time.perf_counter() - begun)
        busy.append(time.process_time() - worked)
        assert found, one
    database.close()
    return {
        "lookup_p50_ms": float(np.percentile(took, 50)) * 1e3,
        "lookup_p99_ms": float(np.percentile(took, 99)) * 1e3,
        "lookup_cpu_p50_ms": float(np.percentile(busy, 50)) * 1e3,
        "lookup_cpu_p99_ms": float(np.percentile(busy, 99)) * 1e3,
        "start_s": ready + ready_to_answer,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }


def _in_a_process(what: str, url: str, count: int) -> dict[str, float]:
    """One core, and memory that nothing else used."""
    command = [sys.executable, "-m", "benchmarks.similarity.scale", what, url, str(count)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    work = {"fill": fill, "ask": ask}[sys.argv[1]]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(json.dumps(asyncio.run(work(sys.argv[2], int(sys.argv[3])))))
