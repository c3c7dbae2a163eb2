"""Gathers the tickets that share the most with a text, within a budget of postings, and what the order needs to know of each.

The rarest terms first; of a term that too many tickets have, the newest ones only. So a question costs the same however
many tickets there are.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from datacenter_docs.adapters.retrieval import postings
from datacenter_docs.adapters.retrieval.postings import PART, RECORD
from datacenter_docs.adapters.retrieval.weighing import Floats, Question, prices, rarity

BUDGET = 30_000
"""Postings that are looked at for one question."""
MOST_ASKED = 96
"""Terms of a question whose number of tickets is looked up."""
MOST_READ = 48
"""Terms of a question whose postings are read: the weightiest."""
CANDIDATES = 100
FEW = 2_048
"""Postings of a part that are summed by sorting them, since that takes less than going through all of its places."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shared:
    """What candidates share with the question: for each such pair, which candidate, which term, and the term's code there."""

    numbers: Ints
    """The candidates, by their numbers; the others point into it."""
    totals: Floats
    slots: Ints
    terms: Ints
    codes: npt.NDArray[np.uint8]
    idf: Floats
    """Of every term of the question."""
    prices: Floats


@dataclass(frozen=True, slots=True)
class _Part:
    """The postings of one part. `entries`: term times 256 and code together, which is where the price stands."""

    base: int
    places: npt.NDArray[np.uint16]
    entries: npt.NDArray[np.int32]


class _Desk(threading.local):
    """Room to reckon in, one for each thread: getting it anew for every question takes longer than the reckoning."""

    def __init__(self) -> None:
        self.totals = np.zeros(PART, np.float32)
        self.slots = np.full(postings.PART, -1, np.int16)


_DESK = _Desk()


def gather(connection: Connection, asked: Question, tickets: int) -> Shared:
    """The candidates among the first so many tickets, at most `CANDIDATES`."""
    bases = postings.bases(tickets)
    hashes = asked.hashes.tolist()
    wanted = [key for part in bases for key in postings.keys(hashes, part)]
    sizes = postings.sizes(connection, wanted) if wanted else {}
    having = np.zeros(len(hashes), np.int64)
    place = {one: index for index, one in enumerate(hashes)}
    for key, size in sizes.items():
        having[place[key & 0xFFFFFFFF]] += size
    idf = rarity(tickets, having)
    table = prices(asked, idf)
    chosen = [index for index in np.argsort(-table[:, 0xFF], kind="stable") if having[index]]
    takes = _budgeted([hashes[index] for index in chosen[:MOST_READ]], sizes, reversed(bases))
    found = list(_parts(postings.read(connection, list(takes)), takes, place, bases))
    numbers, totals = _best(found, table)
    return Shared(numbers, totals, *_pairs(found, numbers), idf, table)


def _budgeted(
    hashes: Sequence[int], sizes: dict[int, int], newest_first: Iterable[int]
) -> dict[int, int]:
    """The rows to read, each with how many of its last postings count."""
    left, takes = BUDGET, {}
    parts = list(newest_first)
    for one in hashes:
        for part in parts:
            key = (part << 32) | one
            take = min(sizes.get(key, 0), left)
            if take:
                takes[key] = take
                left -= take
    return takes


def _parts(
    rows: Iterable[tuple[int, bytes]],
    takes: dict[int, int],
    place: dict[int, int],
    bases: dict[int, int],
) -> Iterable[_Part]:
    size = RECORD.itemsize
    for part, group in groupby(sorted(rows), key=lambda row: row[0] >> 32):
        own = list(group)
        counts = [takes[key] for key, _ in own]
        payload = b"".join(row[-size * take :] for (_, row), take in zip(own, counts, strict=True))
        records = np.frombuffer(payload, RECORD)
        starts = np.array([place[key & 0xFFFFFFFF] << 8 for key, _ in own], np.int32)
        yield _Part(
            bases[part], records["place"].copy(), np.repeat(starts, counts) + records["code"]
        )


def _best(parts: Sequence[_Part], table: Floats) -> tuple[Ints, Floats]:
    """The numbers of the tickets with the highest totals, and those."""
    numbers, totals = np.zeros(0, np.int64), np.zeros(0, np.float32)
    priced, least = table.ravel(), 0.0
    for part in parts:
        places, added = _summed(part.places, priced[part.entries])
        better = np.flatnonzero(added > least)
        if not len(better):
            continue
        numbers = np.concatenate((numbers, places[better] + part.base))
        totals = np.concatenate((totals, added[better]))
        if len(numbers) > CANDIDATES:
            kept = np.argpartition(-totals, CANDIDATES - 1)[:CANDIDATES]
            numbers, totals = numbers[kept], totals[kept]
            least = float(totals.min())
    order = np.lexsort((-numbers, -totals))
    return numbers[order], totals[order]


def _summed(places: npt.NDArray[np.uint16], prices: Floats) -> tuple[Ints, Floats]:
    """The places of a part that may be among the best, and their totals."""
    if len(places) < FEW:
        apart, which = np.unique(places, return_inverse=True)
        few: Floats = np.zeros(len(apart), np.float32)
        np.add.at(few, which, prices)
        return apart.astype(np.int64), few
    added = _DESK.totals
    np.add.at(added, places, prices)
    better = np.flatnonzero(added >= _bound(added))
    found = added[better]
    added.fill(0)
    return better, found


def _bound(added: Floats) -> float:
    """A total that at least so many tickets reach as are wanted; found by the best of each few hundred, without sorting all."""
    best = added.reshape(256, -1).max(axis=1)
    return max(float(np.partition(best, -CANDIDATES)[-CANDIDATES]), 1e-9)


def _pairs(parts: Sequence[_Part], numbers: Ints) -> tuple[Ints, Ints, npt.NDArray[np.uint8]]:
    """Which candidates have which terms, and how."""
    slots, terms = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    codes = [np.zeros(0, np.uint8)]
    for part in parts:
        own = np.flatnonzero((numbers >= part.base) & (numbers < part.base + PART))
        if not len(own):
            continue
        chosen = numbers[own] - part.base
        _DESK.slots[chosen] = own
        slot = _DESK.slots[part.places]
        _DESK.slots[chosen] = -1
        having = np.flatnonzero(slot >= 0)
        slots.append(slot[having].astype(np.int64))
        entries = part.entries[having]
        terms.append((entries >> 8).astype(np.int64))
        codes.append((entries & 0xFF).astype(np.uint8))
    return np.concatenate(slots), np.concatenate(terms), np.concatenate(codes)
