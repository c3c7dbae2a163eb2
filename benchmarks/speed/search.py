"""How long a search takes, and how much the index costs.

`python -m benchmarks.speed.search [--sizes N ...] [--url URL]`: machines, pods and ports with names as people give them; questions
of every kind that people ask, each many times: whole names, parts of names, addresses, words of texts, words that everything
has, misspelt names, filters, sentences; on the index alone and by the API of a server of its own. Prints one table, with the goals.
"""

import argparse
import asyncio
import contextlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx2

from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.adapters.persistence.search.index import SqlSearchIndex
from datacenter_docs.domain.findables import Findable
from datacenter_docs.domain.queries import HitKind, SearchFilter
from datacenter_docs.services.searching import Searching

ASKED = 200
BUNCH = 500
CHANGES = (1, 10, 100, 1_000)
ROLES = ("webshop", "database", "cache", "mailer", "search", "ledger", "gateway", "archive", "billing", "monitor")  # fmt: skip
PLACES = ("prod", "stage", "test", "lab")
SYSTEMS = ("debian12_64Guest", "windows2022", "rhel9_64Guest", "ubuntu64Guest")
DICE = random.Random(1)


def machine(number: int, note: str = "") -> Findable:
    """A machine by its number."""
    role, place = ROLES[number % 10], PLACES[number // 10 % 4]
    name = f"{role}-{place}-{number:05}"
    text = [
        "power state: poweredOn" if number % 7 else "power state: poweredOff",
        f"guest OS: {SYSTEMS[number % 4]}",
        f"hostname: {name}.example.net",
        f"addresses: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        f"MAC addresses: 00:50:56:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}",
        f"instance UUID: 503{number:05x}-0000-4000-8000-{number:012x}",
        f"notes: owner platform team, runs the {role} of customer {number % 997}; contact on the wiki {note}",
        "tools state: running",
        "CPU count: 4",
        "memory: 8 GiB",
        f"host: vmware:bench:host:host-{number // 100}",
        f"datastore: vmware:bench:datastore:ds-{number // 50}",
    ]
    found = f"vmware:bench:vm:vm-{number}"
    alias = f"{found} {name.replace('-', '')}"
    return Findable(HitKind.RESOURCE, found, name, alias, "\n".join(text), ("vmware",), "bench", "vm", "present")  # fmt: skip


def ticket(number: int) -> Findable:
    """A ticket by its number."""
    role = ROLES[number % 10]
    text = f"The {role} has been slow since the morning; users of customer {number % 997} see timeouts, its disk is nearly full."
    return Findable(HitKind.TICKET, f"INC-{number}", f"{role} is slow", f"INC-{number}", text, state="resolved")  # fmt: skip


def misspelt(word: str) -> str:
    """The word with two letters swapped."""
    at = DICE.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


QUESTIONS: dict[str, Callable[[int], str]] = {
    "a whole name": lambda n: machine(n).title,
    "the beginning of a name": lambda n: machine(n).title[:-3],
    "two words of a name": lambda n: f"{ROLES[n % 10]} {n:05}",
    "an address": lambda n: f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}",
    "words of a text": lambda n: f"customer {n % 997} {ROLES[n % 10]}",
    "a word that everything has": lambda n: "running",
    "the beginning of everything": lambda n: "vm",
    "words that many have": lambda n: f"{ROLES[n % 10]} {PLACES[n % 4]} debian12",
    "a misspelt name": lambda n: f"{misspelt(ROLES[n % 10])}-{PLACES[n // 10 % 4]}-{n:05}",
    "a word that nothing has": lambda n: "xylophone",
    "a sentence": lambda n: (
        f"Since this morning users report that {ROLES[n % 10]} of customer {n % 997} does not answer, please help"
    ),
}
FILTER = SearchFilter(frozenset({HitKind.RESOURCE}), "vmware", "bench", "vm", "present")


def line(what: str, seconds: float, goal: str = "") -> None:
    print(f"{what:66} {seconds:9.4f}  {goal}", flush=True)


def told(what: str, took: list[float], goal: str = "") -> None:
    took.sort()
    line(f"{what}: median", statistics.median(took))
    line(f"{what}: p99", took[int(len(took) * 0.99)], goal)


async def index(size: int, url: str) -> None:
    """The index alone."""
    database = open_database(url)
    store = SqlSearchIndex(database)
    await store.clear()
    began = time.perf_counter()
    for start in range(0, size, BUNCH):
        await store.put([machine(n) for n in range(start, min(start + BUNCH, size))])
    for start in range(0, size // 10, BUNCH):
        await store.put([ticket(n) for n in range(start, min(start + BUNCH, size // 10))])
    line(f"{size} resources: made anew", time.perf_counter() - began)
    for count in CHANGES:
        began = time.perf_counter()
        for start in range(0, count, BUNCH):
            await store.put([machine(n, f"changed {count}") for n in range(start, min(start + BUNCH, count))])  # fmt: skip
        line(f"{size} resources: {count} changed", time.perf_counter() - began)
    searching = Searching(store)
    every: list[float] = []
    for what, question in QUESTIONS.items():
        for filtered in (SearchFilter(), FILTER):
            took = []
            for _ in range(ASKED // 2):
                asked = question(DICE.randrange(size))
                began = time.perf_counter()
                await searching.search(asked, filtered, None, 20)
                took.append(time.perf_counter() - began)
            every += took
            told(f"{size}: {what}{', filtered' if filtered == FILTER else ''}", took)
    told(f"{size}: all of them", every, "p99 under 0.1 at 100,000")
    database.close()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[httpx2.Client]:
    """A server of its own."""
    command = [sys.executable, "-m", "datacenter_docs.entrypoints.cli", "serve", "--port", "0", "--data-dir", str(folder)]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[-1]
        with httpx2.Client(base_url=url) as http:
            yield http
        server.terminate()


def api(size: int, folder: Path) -> None:
    """The same questions by the API."""
    every: list[float] = []
    with served(folder) as http:
        for question in QUESTIONS.values():
            for _ in range(ASKED):
                asked = {"q": question(DICE.randrange(size))}
                began = time.perf_counter()
                assert http.get("/api/v1/search", params=asked).status_code == 200
                every.append(time.perf_counter() - began)
    told(f"{size}: all of them, by the API", every, "p99 under 0.1 at 100,000")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--url", help="another database than SQLite; what is in its index is lost")
    given = parser.parse_args(arguments)
    print(f"{'':66} {'seconds':>9}  goal")
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "datacenter-docs.sqlite"
            asyncio.run(index(size, given.url or f"sqlite:///{file}"))
            if not given.url:
                line(f"{size}: the whole database, MiB", file.stat().st_size / 1_048_576)
                api(size, Path(folder))


if __name__ == "__main__":
    main()
