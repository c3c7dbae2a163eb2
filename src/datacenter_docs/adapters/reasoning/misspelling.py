"""What a ticket may mean that names nothing: the names of the estate, one slip of the pen away. A guess, and told as one."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from datacenter_docs.adapters.reasoning.live_reads import LiveReads
from datacenter_docs.domain.runbooks import Runbook
from datacenter_docs.domain.spelling import closest, corrected, spellable


class Meant(NamedTuple):
    """The text with names of the estate in it, and the words that were taken for others: as written, as taken."""

    text: str
    words: Sequence[tuple[str, str]]


async def meant(text: str, books: Sequence[Runbook], reads: LiveReads) -> Meant | None:
    """The nearest that makes sense; None: no word is near a name of what the runbooks look at."""
    known: Counter[str] = Counter()
    for place in sorted({(book.platform, book.target_kind) for book in books}):
        for resource in await reads.of(*place):
            known.update(spellable(resource.name))
    spoken = {word for book in books for group in book.trigger.all_of for word in group}
    slips = {
        word: near
        for word in sorted(spellable(text) - known.keys() - spoken)
        if (near := closest(word, known.items())) is not None
    }
    return Meant(corrected(text, slips), list(slips.items())) if slips else None
