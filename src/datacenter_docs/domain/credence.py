"""Which praise moves anything. Pure.

Praise gives a pattern freedom, so that whoever wants to harm praises much. Praise that a fact contradicts, that one person
repeats, or that comes in a burst is kept, shown, and counts for nothing. A word against is always counted: it only makes
the product stricter.
"""

from datetime import timedelta
from enum import StrEnum

from datacenter_docs.domain.feedback import Feedback, FeedbackType

OF_ONE_AUTHOR = 5
"""Words of praise of one person that count for one pattern in `AUTHOR_SPAN`."""
AUTHOR_SPAN = timedelta(days=30)
IN_A_BURST = 10
"""Words of praise that count for one pattern in `BURST_SPAN`, whoever gave them."""
BURST_SPAN = timedelta(hours=1)


class SetAside(StrEnum):
    """Why praise counts for nothing. `contradicted`: the verification of the very repair failed. `repeated`: this person has
    praised the pattern often enough lately. `burst`: so many did within the hour.
    """

    CONTRADICTED = "contradicted"
    REPEATED = "repeated"
    BURST = "burst"


def set_aside(
    word: Feedback, *, verification_failed: bool, by_author: int, lately: int
) -> SetAside | None:
    """Why a word counts for nothing; None: it counts.

    `verification_failed`: that of the ticket's repair. `by_author` and `lately`: words of praise for the pattern that count, of
    the same person within `AUTHOR_SPAN`, of anybody within `BURST_SPAN`, without this one.
    """
    if word.effective_type is not FeedbackType.POSITIVE:
        return None
    if verification_failed:
        return SetAside.CONTRADICTED
    if by_author >= OF_ONE_AUTHOR:
        return SetAside.REPEATED
    return SetAside.BURST if lately >= IN_A_BURST else None
