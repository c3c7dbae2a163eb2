"""Sections of pages that people wrote, found by the words of an alert or a ticket. In memory: a shelf holds hundreds, not millions.

The weights are those of similar tickets: the page's title and the section's heading are its title, its text is its body.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from datacenter_docs.adapters.retrieval import weighing
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.retrieval.pages import FoundSection, Section, sections
from datacenter_docs.domain.retrieval.terms import terms
from datacenter_docs.domain.runbooks import Runbook
from datacenter_docs.ports.runbook_pages import MOST

MOST_ASKED = 96


class Shelf:
    """`RunbookPages` in memory. Never changes; safe for several threads."""

    def __init__(self, held: Sequence[Section]) -> None:
        self._sections = tuple(held)
        postings: dict[str, list[tuple[int, int]]] = {}
        for number, section in enumerate(held):
            found = terms(f"{section.title} {section.heading}", f"{section.text}\n{section.words}")
            for term, code in zip(found.counts, weighing.codes(found).tolist(), strict=True):
                postings.setdefault(term, []).append((number, code))
        self._postings = {term: np.array(rows, np.int64).T for term, rows in postings.items()}

    def find(self, title: str, body: str, limit: int = MOST) -> Sequence[FoundSection]:
        if not self._sections:
            return []
        found = terms(title, body)
        asked = weighing.question(found, MOST_ASKED)
        none = np.zeros((2, 0), np.int64)
        rows = [self._postings.get(term, none) for term in asked.terms]
        having = np.array([row.shape[1] for row in rows], np.int64)
        table = weighing.prices(asked, weighing.rarity(len(self._sections), having))
        totals = np.zeros(len(self._sections))
        for prices, (numbers, codes) in zip(table, rows, strict=True):
            totals[numbers] += prices[codes]
        order = np.argsort(-totals, kind="stable")[:limit].tolist()
        return [
            FoundSection(self._sections[number], round(float(totals[number]), 4))
            for number in order
            if totals[number] > 0
        ]


def shelf(runbooks: Sequence[Runbook], folder: Path | None) -> Shelf:
    """The runbooks that the product knows, and the Markdown pages of the user's folder and of those in it. Raises `Invalid`."""
    return Shelf([*map(_of_runbook, runbooks), *(_of_folder(folder) if folder else ())])


def _of_runbook(runbook: Runbook) -> Section:
    words = [word for group in runbook.trigger.all_of for word in group]
    says = [condition.says for condition in runbook.conditions]
    text = "\n".join((runbook.why, *says))
    return Section(runbook.name, runbook.summary, "", text, " ".join(words))


def _of_folder(folder: Path) -> Iterator[Section]:
    for path in sorted(folder.rglob("*.md")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Invalid(f"{path} cannot be read: {error}") from error
        yield from sections(path.relative_to(folder).as_posix(), text)
