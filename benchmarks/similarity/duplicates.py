"""Real duplicates: each report whose group has an earlier member asks for it among the earlier ones.

A hit is a member of the report's group among the first 1, 5 or 10 answers; MRR is the mean of 1 / the rank of the first one.
Everything goes through `SimilarTickets` on SQLite; a report's project is the category of its ticket. Reports of the same
group that came before are all known by then, and nothing that came later is.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from benchmarks.similarity.generating import tickets

from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.adapters.retrieval.similar import SqlSimilarTickets
from datacenter_docs.domain.retrieval.answers import Wording

BUNCH = 250
MOST = 100
GENERATED = 4_000


def measure(records: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The figures of the task."""
    with tempfile.TemporaryDirectory() as folder:
        ranks, took = asyncio.run(_ask(records, f"sqlite:///{folder}/index.sqlite"))
    if not ranks:
        return {"queries": 0.0}
    found = np.array(ranks, float)
    return {
        "queries": float(len(found)),
        **{f"hit@{most}": float((found <= most).mean()) for most in (1, 5, 10)},
        "mrr": float((1 / found).mean()),
        "us_p50": float(np.percentile(took, 50)) * 1e6,
        "us_p99": float(np.percentile(took, 99)) * 1e6,
    }


def generated() -> Sequence[dict[str, Any]]:
    """Reports of made-up troubles, each trouble a group."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        {
            "id": f"G-{number}",
            "ts": (start + timedelta(hours=number)).isoformat(),
            "project": made.category,
            "title": made.title,
            "body": made.body,
            "group": str(made.trouble),
        }
        for number, made in enumerate(tickets(GENERATED))
    ]


def worded(record: dict[str, Any]) -> Wording:
    """A report as a ticket."""
    at = datetime.fromisoformat(str(record["ts"]).replace("+0000", "+00:00"))
    return Wording(str(record["id"]), record["title"], record["body"], record["project"], at)


async def _ask(records: Sequence[dict[str, Any]], url: str) -> tuple[list[float], list[float]]:
    database = open_database(url)
    similar = SqlSimilarTickets(database)
    members: dict[str, set[str]] = {}
    waiting: list[Wording] = []
    ranks, took, followed = [], [], 0
    for record in records:
        one, known = worded(record), members.setdefault(record["group"], set())
        if waiting and (known or len(waiting) == BUNCH):
            await similar.add(waiting, after=followed, upto=followed + 1)
            followed, waiting = followed + 1, []
        if known:
            begun = time.perf_counter()
            answers = await similar.alike(one, MOST)
            took.append(time.perf_counter() - begun)
            places = [n for n, alike in enumerate(answers, 1) if alike.ticket_id in known]
            ranks.append(float(min(places, default=np.inf)))
        known.add(one.ticket_id)
        waiting.append(one)
    database.close()
    return ranks, took
