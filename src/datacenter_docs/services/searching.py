"""Answers questions about everything at once: what is called so, what speaks of it, and where nothing does, what comes near.

Three tries, each only where the one before found nothing: all words as they were written; all words, misspelt ones put
right; as many words as possible, the rare ones first. The last one is for whole sentences, like those of tickets.
"""

from collections.abc import Sequence
from dataclasses import asdict

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.hits import Candidate, Hit, ranked, snippet, voted
from datacenter_docs.domain.queries import Piece, SearchFilter, pieces
from datacenter_docs.domain.spelling import closest, corrected, spellable
from datacenter_docs.domain.stemming import STOP_WORDS
from datacenter_docs.domain.values import content_hash
from datacenter_docs.ports.searching import Asked, FoundPage, SearchIndex

MOST = 500
"""Candidates that are put in order; of more, the first ones that were ever seen."""
COMMON = 200
"""A word that so many things have says nothing about any of them."""
VOTES = 8
"""Pieces of a sentence that decide what it is about."""
_ALIKE = 60
"""Words that are compared letter by letter with a misspelt one."""
_LONGEST_TEXT = 10_000


class Searching:
    """`Searcher` over the index."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    async def search(
        self, text: str, wanted: SearchFilter, cursor: str | None, limit: int
    ) -> FoundPage:
        """As the port says."""
        text = text[:_LONGEST_TEXT]
        question = content_hash([text, {**asdict(wanted), "kinds": sorted(wanted.kinds)}])[:16]
        start = 0 if cursor is None else _place(question, cursor)
        asked, understood_as = pieces(text), None
        found, cut = await self._all(asked, wanted)
        if not found:
            understood_as = await self._meant(text, wanted)
            if understood_as is not None:
                asked = pieces(understood_as)
                found, cut = await self._all(asked, wanted)
        if not found:
            understood_as, asked = None, pieces(text)
            found = await self._some(asked, wanted)
        end = start + limit
        hits = await self._hits(found[start:end], asked)
        more = f"{question}.{end}" if len(found) > end else None
        return FoundPage(hits, more, understood_as, cut=cut)

    async def _all(
        self, asked: tuple[Piece, ...], wanted: SearchFilter
    ) -> tuple[Sequence[Candidate], bool]:
        """What has all of the pieces, the best first, and whether there is more than was looked at."""
        if not asked:
            return [], False
        whole = await self._index.called(" ".join(map(str, asked)), wanted, MOST)
        [having] = await self._index.match([Asked(asked, wanted, in_names=True)], MOST)
        found = {one.key: one for one in (*whole, *having)}
        if len(having) < MOST:  # else no text comes before a name
            [having] = await self._index.match([Asked(asked, wanted, in_names=False)], MOST)
            found |= {one.key: one for one in having}
        return ranked(found.values(), asked), len(having) == MOST

    async def _meant(self, text: str, wanted: SearchFilter) -> str | None:
        """The text with words that are found instead of those that are not; None: there are no such words."""
        spelt = sorted(spellable(" ".join(map(str, pieces(text)))))
        asked = [Asked((Piece((word,), open=True),), wanted, in_names=False) for word in spelt]
        known = await self._index.match(asked, 1)
        unknown = [word for word, having in zip(spelt, known, strict=True) if not having]
        similar = await self._index.similar(unknown, _ALIKE) if unknown else {}
        meant = {word: found for word in unknown if (found := closest(word, similar[word]))}
        return corrected(text, meant) if meant else None

    async def _some(self, asked: tuple[Piece, ...], wanted: SearchFilter) -> Sequence[Candidate]:
        """What has some of the pieces that say most: names, numbers and addresses, then the longest words."""
        telling = [Piece(one.words) for one in asked if not STOP_WORDS.issuperset(one.words)]
        telling.sort(key=lambda one: (not any(map(str.isdigit, str(one))), -len(str(one))))
        questions = [Asked((one,), wanted, in_names=False) for one in telling[:VOTES]]
        answers = await self._index.match(questions, COMMON) if len(asked) > 1 else []
        return voted([having for having in answers if len(having) < COMMON])

    async def _hits(self, found: Sequence[Candidate], asked: Sequence[Piece]) -> Sequence[Hit]:
        texts = await self._index.texts([one.key for one in found]) if found else {}
        return [
            Hit(one.kind, one.id, one.title, one.state, snippet(texts.get(one.key, ""), asked))
            for one in found
        ]


def _place(question: str, cursor: str) -> int:
    of, _, place = cursor.partition(".")
    if of != question or not (place.isascii() and place.isdigit() and len(place) < 9):
        raise Invalid(
            "The cursor was not given for this question: start again without one.",
            {"cursor": "is not a cursor of this question"},
        )
    return int(place)
