"""How old is what a document says, and may it still be believed? The promise is a setting, the age follows from surveys.

Pure; asked whenever a document is shown, never stored with it, since it changes by itself.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from datacenter_docs.domain.citing import moment
from datacenter_docs.domain.speaking import span_in_words
from datacenter_docs.domain.surveys import Coverage


class FreshnessState(StrEnum):
    """Worst last. `contradicted`: two sources disagree about something in it. `source_gone`: what it was read from does not
    answer, is not configured any more, or was never read.
    """

    FRESH = "fresh"
    STALE = "stale"
    CONTRADICTED = "contradicted"
    SOURCE_GONE = "source_gone"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The answer. `read_at`: when the oldest of the readings that it stands on began; None: one of them never was complete.

    `promised`: how old it may be. `reasons`: sentences, empty only for `fresh`.
    """

    state: FreshnessState
    promised: timedelta
    read_at: datetime | None
    reasons: tuple[str, ...] = ()

    def age(self, now: datetime) -> timedelta | None:
        """How old the oldest part is; never negative. None: not known."""
        return None if self.read_at is None else max(timedelta(), now - self.read_at)

    def says(self, now: datetime) -> str:
        """The age beside the promise, then the reasons, as sentences."""
        promised = f"promised is at most {span_in_words(self.promised.total_seconds())}"
        age = self.age(now)
        if self.read_at is None or age is None:
            first = f"Never read completely; {promised}."
        else:
            old = span_in_words(age.total_seconds())
            first = f"Read {moment(self.read_at)}, {old} old; {promised}."
        return " ".join((first, *self.reasons))


def freshness(
    sources: Sequence[Coverage],
    *,
    configured: Set[str],
    promised: timedelta,
    contradictions: int,
    now: datetime,
) -> Freshness:
    """The state of a document that stands on these connections. `configured`: the names of those that there are now.

    A document that stands on nothing is fresh: it says nothing that could be old.
    """
    found: list[tuple[FreshnessState, str]] = []
    for source in sources:
        found += _reasons(source, configured, promised, now)
    if contradictions:
        found.append(
            (FreshnessState.CONTRADICTED, "Two sources disagree: see the contradictions.")
        )
    order = list(FreshnessState)
    state = max((state for state, _ in found), key=order.index, default=FreshnessState.FRESH)
    times = [source.read_at for source in sources if source.read_at is not None]
    read_at = min(times) if times and len(times) == len(sources) else None
    return Freshness(state, promised, read_at, tuple(reason for _, reason in found))


def _reasons(
    source: Coverage, configured: Set[str], promised: timedelta, now: datetime
) -> Sequence[tuple[FreshnessState, str]]:
    name = source.connection
    if name not in configured:
        return [(FreshnessState.SOURCE_GONE, f"The connection {name} is not configured any more.")]
    if source.read_at is None:
        return [(FreshnessState.SOURCE_GONE, f"The connection {name} was never read completely.")]
    if now - source.read_at > promised:
        return [(FreshnessState.STALE, f"The connection {name} was not read completely in time.")]
    return []
