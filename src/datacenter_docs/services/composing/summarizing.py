"""A page in a few sentences: by template, or phrased by a model from the same cited values. The page says which."""

from collections.abc import Iterator, Sequence

from datacenter_docs.domain.citing import Cite, Words
from datacenter_docs.domain.documents import Counted, OverviewPage, RisksPage, Summary
from datacenter_docs.domain.errors import Unavailable
from datacenter_docs.ports.phrasing import Labelled, Phraser

MOST_RISKS = 8
"""Rules of risks that a model is told of, the worst first."""
EXAMPLES = 3
"""Things that it is told under each rule."""


class Summarizing:
    """Summarizes. What was phrased stays as long as the values do, so that nothing is paid for twice."""

    def __init__(self, phraser: Phraser | None) -> None:
        self._phraser = phraser
        self._last: tuple[Sequence[Labelled], Summary] | None = None

    async def summary(self, document_id: str, page: OverviewPage, risks: RisksPage) -> Summary:
        """The overview's summary."""
        if self._phraser is None:
            return page.summary
        given = list(_given(page, risks))
        if self._last is not None and self._last[0] == given:
            return self._last[1]
        try:
            phrasing = await self._phraser.phrase(document_id, given)
        except Unavailable as error:
            note = Words(f"Written by template; the model's words were not taken: {error.message}")
            return Summary(page.summary.parts, note)
        note = Words(f"Phrased by {phrasing.by}; every value leads to what proves it.")
        self._last = (given, Summary(tuple(phrasing.parts), note))
        return self._last[1]


def by_template(
    kinds: Sequence[tuple[Words, Sequence[Counted]]], risks: Sequence[Counted]
) -> Summary:
    """What there is and what endangers it, counted."""
    parts: list[Words | Cite] = []
    for number, (platform, counted) in enumerate(kinds):
        parts.append(Words(f"{'; ' if number else 'Known are, of '}{platform}: "))
        parts += _listed(counted)
    parts.append(Words(". Risks: " if parts else "Nothing is known yet. Risks: "))
    parts += _listed(risks)
    return Summary((*parts, Words(".")))


def _listed(counted: Sequence[Counted]) -> Iterator[Words | Cite]:
    for number, one in enumerate(counted):
        yield Words(f"{', ' if number else ''}{one.words} ")
        yield one.number


def _given(page: OverviewPage, risks: RisksPage) -> Iterator[Labelled]:
    for place, (name, platform) in enumerate(page.connections, 1):
        yield Labelled(f"c{place}", f"a connection to {platform}", name)
    numbers = [(f"{platform}: how many {one.words}", one.number) for platform, kinds in page.kinds for one in kinds]  # fmt: skip
    numbers += [(f"how many risks are {one.words}", one.number) for one in page.risks]
    for place, (words, number) in enumerate(numbers, 1):
        yield Labelled(f"n{place}", words, number)
    for place, table in enumerate(risks.tables[:MOST_RISKS], 1):
        what = f"{table.severity}, {table.kind}: {table.says}"
        yield Labelled(f"k{place}", f"how many are so: {what}", table.total)
        for row_place, row in enumerate(table.rows[:EXAMPLES], 1):
            yield Labelled(f"k{place}.{row_place}", f"one that is so: {what}", row.name)
            for fact_place, (words, fact) in enumerate(row.facts, 1):
                yield Labelled(f"k{place}.{row_place}.{fact_place}", f"its {words}", fact)
