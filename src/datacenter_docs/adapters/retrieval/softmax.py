"""An online softmax over hashed features: it guesses a text's category, and learns the one that was given afterwards.

Each text is one step of AdaGrad, and a few steps on remembered ones, more of them while there are few. How sure it may be is
learned apart, from how often its guesses were right (Platt's two numbers, one step a text). The same texts in the same order
make the same numbers, also when they were written down and read again in between.
"""

import io
import math
import re
import zlib
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from datacenter_docs.domain.retrieval.answers import Guess

SLOTS = 1 << 19
"""Features are told apart by so many hashes."""
MOST_CATEGORIES = 32
"""Later ones are not learned: a model of too many is none."""
RATE, START = 1.0, 0.1
REMEMBERED = 4_096
_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST_WORDS, _OPENING, _PAIRED, _PREFIX = 400, 8, 10, 5

Floats = npt.NDArray[np.float32]
Slots = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Features:
    """What a text has: slots and their values, of length 1 together."""

    slots: Slots
    values: Floats


def features(text: str) -> Features:
    """Words, pairs of neighbours, beginnings of long words, the words of the opening and each two of them. None in an empty text."""
    words = _WORD.findall(text.lower())[:_MOST_WORDS]
    counts: Counter[str] = Counter(words)
    counts.update(f"{one} {two}" for one, two in pairwise(words))
    counts.update(f"^{word[:_PREFIX]}" for word in counts.copy() if " " not in word and len(word) > _PREFIX)  # fmt: skip
    counts.update(f"T:{word}" for word in words[:_OPENING])
    values = [1 + math.log(count) for count in counts.values()]
    opening = sorted(set(words[:_PAIRED]))
    pairs = [f"{one}&{two}" for place, one in enumerate(opening) for two in opening[place + 1 :]]
    hashes = [zlib.crc32(name.encode()) % SLOTS for name in (*counts, *pairs)]
    both = np.array(values + [0.7] * len(pairs), np.float32)
    slots, places = np.unique(np.array(hashes, np.uint32), return_inverse=True)
    summed = np.bincount(places, both, minlength=len(slots)).astype(np.float32)
    return Features(slots, summed / max(float(np.sqrt(summed @ summed)), 1e-9))


class Softmax:
    """The model. Not for several threads at once."""

    def __init__(self) -> None:
        self.categories: list[str] = []
        self.learned = 0
        self._weights: Floats = np.zeros((SLOTS, 8), np.float32)
        self._squares: Floats = np.full((SLOTS, 8), START, np.float32)
        self._bias = np.zeros((2, MOST_CATEGORIES))
        self._bias[1] = 1.0
        self._slope, self._offset = 1.0, 0.0
        self._memory: deque[tuple[Features, int]] = deque(maxlen=REMEMBERED)

    def guess(self, given: Features) -> Guess | None:
        """The likeliest category; None while fewer than two are known."""
        if len(self.categories) < 2:
            return None
        shares = self._shares(given)
        best = int(shares.argmax())
        return Guess(self.categories[best], _sigmoid(self._sureness(float(shares[best]))))

    def learn(self, given: Features, category: str) -> None:
        """Learn the category of a text."""
        if category not in self.categories:
            if len(self.categories) == MOST_CATEGORIES:
                return
            self._widen()
            self.categories.append(category)
        right = self.categories.index(category)
        self._calibrate(given, right)
        self._step(given, right)
        self.learned += 1
        self._memory.append((given, right))
        for turn in range(_repetitions(self.learned)):
            place = (self.learned * 2_654_435_761 + turn * 40_503_007) % len(self._memory)
            self._step(*self._memory[place])

    def written(self) -> bytes:
        """All of it, to be read again."""
        used = np.flatnonzero((self._squares != START).any(axis=1))
        lengths = [len(given.slots) for given, _ in self._memory]
        arrays = {
            "names": np.array(self.categories, np.str_),
            "numbers": np.array([self.learned, self._slope, self._offset]),
            "bias": self._bias,
            "used": used,
            "weights": self._weights[used],
            "squares": self._squares[used],
            "lengths": np.array(lengths, np.int64),
            "slots": np.concatenate([np.zeros(0, np.uint32), *(g.slots for g, _ in self._memory)]),
            "values": np.concatenate([np.zeros(0, np.float32), *(g.values for g, _ in self._memory)]),
            "rights": np.array([right for _, right in self._memory], np.int64),
        }  # fmt: skip
        out = io.BytesIO()
        np.savez(out, **arrays)  # type: ignore[arg-type]
        return zlib.compress(out.getvalue(), 1)

    @classmethod
    def read(cls, payload: bytes) -> "Softmax":
        """What was written."""
        with np.load(io.BytesIO(zlib.decompress(payload)), allow_pickle=False) as arrays:
            return cls._from(arrays)

    @classmethod
    def _from(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> "Softmax":
        model = cls()
        model.categories = [str(name) for name in arrays["names"].tolist()]
        learned, model._slope, model._offset = arrays["numbers"].tolist()
        model.learned = int(learned)
        model._bias = np.array(arrays["bias"], np.float64)
        used, weights = arrays["used"], np.array(arrays["weights"], np.float32)
        model._weights = np.zeros((SLOTS, weights.shape[1]), np.float32)
        model._squares = np.full((SLOTS, weights.shape[1]), START, np.float32)
        model._weights[used.astype(np.int64)] = weights
        model._squares[used.astype(np.int64)] = np.array(arrays["squares"], np.float32)
        ends = np.cumsum(np.array(arrays["lengths"], np.int64))[:-1]
        slots = np.split(np.array(arrays["slots"], np.uint32), ends)
        values = np.split(np.array(arrays["values"], np.float32), ends)
        rights = arrays["rights"].tolist()
        for own, said, right in zip(slots, values, rights, strict=False):
            model._memory.append((Features(own, said), int(right)))
        return model

    def _shares(self, given: Features) -> npt.NDArray[np.float64]:
        most = len(self.categories)
        totals = given.values @ self._weights[given.slots, :most] + self._bias[0, :most]
        powers = np.exp(totals - totals.max())
        return np.asarray(powers / powers.sum(), np.float64)

    def _step(self, given: Features, right: int) -> None:
        most = len(self.categories)
        wrong = self._shares(given)
        wrong[right] -= 1
        slope = np.outer(given.values, wrong).astype(np.float32)
        squares = self._squares[given.slots, :most] + slope * slope
        self._squares[given.slots, :most] = squares
        self._weights[given.slots, :most] -= RATE * slope / np.sqrt(squares)
        self._bias[1, :most] += wrong * wrong
        self._bias[0, :most] -= 0.1 * wrong / np.sqrt(self._bias[1, :most])

    def _sureness(self, share: float) -> float:
        return self._slope * _odds(share) + self._offset

    def _calibrate(self, given: Features, right: int) -> None:
        if len(self.categories) < 2:
            return
        shares = self._shares(given)
        best = int(shares.argmax())
        share = float(shares[best])
        missed = _sigmoid(self._sureness(share)) - (best == right)
        pace = 0.05 / math.sqrt(1 + 0.01 * self.learned)
        self._slope = max(0.1, self._slope - 0.3 * pace * missed * _odds(share))
        self._offset -= pace * missed

    def _widen(self) -> None:
        have = self._weights.shape[1]
        if len(self.categories) == have:
            self._weights = np.pad(self._weights, ((0, 0), (0, have)))
            self._squares = np.pad(self._squares, ((0, 0), (0, have)), constant_values=START)


def _repetitions(learned: int) -> int:
    """Remembered texts that are learned again with each new one: many while few are known."""
    return 2 if learned > REMEMBERED else 6


def _odds(share: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(share / (1 - share))


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))
