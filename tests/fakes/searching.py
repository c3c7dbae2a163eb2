"""The fakes of `ports/searching.py`."""

from collections.abc import Mapping, Sequence

from datacenter_docs.domain.findables import Findable, wanted_tags
from datacenter_docs.domain.hits import Candidate
from datacenter_docs.domain.queries import HitKind, Piece, SearchFilter, folded, words
from datacenter_docs.domain.spelling import grams, spellable
from datacenter_docs.ports.searching import Asked, Followed, FoundPage

NAMED = (HitKind.RESOURCE, HitKind.DOCUMENT)


class FakeSearchIndex:
    """What may be found, in memory, looked through from the first to the last."""

    def __init__(self) -> None:
        self._rows: dict[tuple[HitKind, str], tuple[int, Findable]] = {}
        self._followed = Followed()
        self.written = 0

    async def match(self, asked: Sequence[Asked], most: int) -> Sequence[Sequence[Candidate]]:
        return [[c for c, row in self._all() if _has(row, one)][:most] for one in asked]

    async def called(self, name: str, wanted: SearchFilter, most: int) -> Sequence[Candidate]:
        return [
            candidate
            for candidate, row in self._all()
            if name in (folded(row.title), folded(row.id)) and _passes(row, wanted)
        ][:most]

    async def similar(
        self, spelt: Sequence[str], most: int
    ) -> Mapping[str, Sequence[tuple[str, int]]]:
        uses: dict[str, int] = {}
        for _, row in self._rows.values():
            for word in spellable(row.title) if row.kind in NAMED else ():
                uses[word] = uses.get(word, 0) + 1
        return {word: _alike(word, uses)[:most] for word in spelt}

    async def texts(self, keys: Sequence[int]) -> Mapping[int, str]:
        return {key: row.text for key, row in self._rows.values() if key in keys}

    async def put(self, given: Sequence[Findable]) -> None:
        for one in given:
            known = self._rows.get((one.kind, one.id))
            key = known[0] if known else max((k for k, _ in self._rows.values()), default=0) + 1
            self.written += known is None or known[1] != one
            self._rows[one.kind, one.id] = (key, one)

    async def remove(self, kind: HitKind, ids: Sequence[str]) -> None:
        for one in ids:
            self._rows.pop((kind, one), None)

    async def followed(self) -> Followed:
        return self._followed

    async def follow(self, *, survey: int | None = None, record: int | None = None) -> None:
        before = self._followed
        self._followed = Followed(max(before.survey, survey or 0), max(before.record, record or 0))

    async def clear(self) -> None:
        self._rows.clear()
        self._followed = Followed()

    def _all(self) -> list[tuple[Candidate, Findable]]:
        return [
            (Candidate(key, row.kind, row.id, row.title, row.gone, row.state), row)
            for key, row in sorted(self._rows.values(), key=lambda pair: pair[0])
        ]


class FakeSearcher:
    """Finds nothing, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def search(
        self, text: str, wanted: SearchFilter, cursor: str | None, limit: int
    ) -> FoundPage:
        self.asked.append(text)
        return FoundPage((), None, None, cut=False)


def _has(row: Findable, asked: Asked) -> bool:
    fields = [row.title, row.alias] + ([] if asked.in_names else [row.text])
    texts = [words(field) for field in fields]
    return _passes(row, asked.wanted) and all(
        any(_within(text, piece) for text in texts) for piece in asked.pieces
    )


def _within(text: list[str], piece: Piece) -> bool:
    size = len(piece.words)
    for start in range(len(text) - size + 1):
        part = text[start : start + size]
        ends = part[-1].startswith(piece.words[-1]) if piece.open else part[-1] == piece.words[-1]
        if part[:-1] == list(piece.words[:-1]) and ends:
            return True
    return False


def _passes(row: Findable, wanted: SearchFilter) -> bool:
    return all(tags & row.tags for tags in wanted_tags(wanted))


def _alike(word: str, uses: Mapping[str, int]) -> list[tuple[str, int]]:
    def order(known: str) -> tuple[int, int, str]:
        return -len(grams(word) & grams(known)), -uses[known], known

    near = [known for known in uses if grams(word) & grams(known)]
    return [(known, uses[known]) for known in sorted(near, key=order)]
