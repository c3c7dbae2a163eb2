"""The fake of `ports/runbook_pages.py`."""

from collections.abc import Sequence

from datacenter_docs.domain.retrieval.pages import FoundSection, Section
from datacenter_docs.domain.retrieval.terms import terms
from datacenter_docs.ports.runbook_pages import MOST


class FakeRunbookPages:
    """Sections, compared by how many of the question's terms they have."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = tuple(sections)

    def find(self, title: str, body: str, limit: int = MOST) -> Sequence[FoundSection]:
        asked = terms(title, body).counts.keys()
        found = []
        for place, one in enumerate(self._sections):
            shared = (
                asked
                & terms(f"{one.title} {one.heading}", f"{one.text} {one.words}").counts.keys()
            )
            if shared:
                found.append((-len(shared), place, FoundSection(one, float(len(shared)))))
        return [section for *_, section in sorted(found, key=lambda row: row[:2])][:limit]
