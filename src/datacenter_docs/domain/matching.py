"""Which pattern is a ticket of? Identity by category and key terms, membership by likeness. Spec section 5.

Precision before recall: a wrong match may trigger a wrong repair, a missed one only asks a person. `recognition.py`
finds the pattern; here its answer becomes the `Match` that the decision reads.
"""

from collections.abc import Iterable
from datetime import datetime

from datacenter_docs.domain.masking import Masked
from datacenter_docs.domain.patterns import Match, Pattern
from datacenter_docs.domain.recognition import SUGGESTION, Band, Recognised
from datacenter_docs.domain.values import content_hash

THRESHOLD = SUGGESTION
"""Below this similarity a ticket is not of the pattern."""
MAX_TERMS = 32
"""The first so many distinct terms of a text are its key terms."""


def key_terms(text: Masked, category: str) -> tuple[str, ...]:
    """The words that say what is wrong, sorted; without what differs from ticket to ticket, and without the category's name."""
    return tuple(sorted([term for term in text.terms if term != category][:MAX_TERMS]))


def signature(category: str, terms: Iterable[str], *apart: str) -> str:
    """The sha256 of category and key terms, 64 hex digits; their order does not matter. `apart`: what tells a pattern from
    another one of the same words, as after a split.
    """
    return content_hash([category, sorted(terms), *apart])


def new_pattern(text: Masked, category: str, now: datetime, *apart: str) -> Pattern:
    """The pattern that a text founds."""
    terms = key_terms(text, category)
    hashed = signature(category, terms, *apart)
    return Pattern(
        pattern_id=f"pat-{hashed[:16]}",
        signature=hashed,
        category=category,
        key_terms=terms,
        first_seen_at=now,
        last_seen_at=now,
    )


def match_of(found: Recognised, pattern: Pattern) -> Match:
    """A recognised pattern as the decision sees it: whatever is not sure enough to act on is uncertain."""
    return Match(
        pattern=pattern,
        similarity=found.probability,
        margin=found.margin,
        uncertain=found.band is not Band.AUTOMATIC,
        terms=found.terms,
    )
